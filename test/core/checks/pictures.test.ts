/** Blank, inverted, cropped, tiny images and those without contrast, among drawn ones that have a picture in common. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { pictureFaults } from '../../../src/core/checks/pictures/pictureFaults';
import { sketchOf, type Sketch } from '../../../src/core/checks/pictures/sketch';
import type { DecodedImage } from '../../../src/core/images/model';

type Picture = (x: number, y: number) => number;

/** Two dark fields beside a bright middle, as a chest has; x and y from 0 to 1. */
const chest: Picture = (x, y) =>
  60 + 150 * Math.exp(-((x - 0.5) ** 2) / 0.02) + 60 * y - 50 * Math.exp(-((y - 0.4) ** 2) / 0.05);

function image(picture: Picture, width = 96, height = 96, seed = 1): DecodedImage {
  const random = new SplitMix32(seed);
  const data = Uint8Array.from({ length: width * height }, (_, n) => {
    const grey = picture((n % width) / width, Math.floor(n / width) / height) + 8 * random.normal();
    return Math.max(0, Math.min(255, Math.round(grey)));
  });
  return { width, height, channels: 1, bits: 8, data };
}

/** Forty films of one kind, none quite like another. */
const films: readonly Sketch[] = Array.from({ length: 40 }, (_, n) =>
  sketchOf(
    image(
      (x, y) => chest(x + 0.004 * (n % 9) - 0.016, y + 0.003 * (n % 7)) * (0.85 + 0.01 * (n % 20)),
      96,
      96,
      n,
    ),
  ),
);

const kindOf = (odd: DecodedImage): string[] =>
  pictureFaults([...films, undefined, sketchOf(odd)]).map(({ image: at, kind }) => `${at} ${kind}`);

describe('what images look like', () => {
  it('is no finding among films of one kind', () => {
    expect(pictureFaults(films)).toEqual([]);
  });

  it.each([
    ['blank', 'one level', { ...image(chest), data: new Uint8Array(96 * 96).fill(77) }],
    [
      'low-contrast',
      'an eighth of it',
      { ...image(chest), data: image(chest).data.map((level) => 100 + (level >> 3)) },
    ],
    ['inverted', 'all of it', image((x, y) => 255 - chest(x, y))],
    ['cropped', 'a quarter of it', image((x, y) => chest(0.5 * x, 0.5 * y))],
    ['cropped', 'a black strip', image((x, y) => (y < 0.3 ? -40 : chest(x, y) + 20))],
    ['cropped', 'twice as wide', image(chest, 192, 90)],
    ['tiny', '20 px', image(chest, 20, 20)],
  ] as const)('%s: %s', (kind, _, odd) => {
    expect(kindOf(odd)).toEqual([`41 ${kind}`]);
  });

  it('is measured in the sentence', () => {
    const [fault] = pictureFaults([...films, sketchOf(image((x, y) => 255 - chest(x, y)))]);
    expect(fault?.measured).toMatch(
      /agrees with the mean of all images by -\d\.\d\d, its inverse by \d\.\d\d, usually \d\.\d\d$/,
    );
  });

  it('says nothing of inverted images where images have nothing in common', () => {
    const random = new SplitMix32(3);
    const strangers = Array.from({ length: 40 }, (_, n) => {
      const [fx, fy] = [1 + random.below(5), 1 + random.below(5)];
      return sketchOf(
        image((x, y) => 128 + 100 * Math.sin(fx * 6 * x + n) * Math.cos(fy * 6 * y), 96, 96, n),
      );
    });
    expect(pictureFaults([...strangers, sketchOf(image((x, y) => 255 - chest(x, y)))])).toEqual([]);
  });

  it('needs thirty images to say what is usual; what is blank or tiny is so by itself', () => {
    const few = films.slice(0, 10);
    expect(pictureFaults([...few, sketchOf(image((x, y) => 255 - chest(x, y)))])).toEqual([]);
    expect(
      pictureFaults([...few, sketchOf(image(() => 9, 8, 8)), sketchOf(image(chest, 8, 8))]),
    ).toMatchObject([
      { image: 10, kind: 'tiny' },
      { image: 11, kind: 'tiny' },
    ]);
  });
});

describe('a sketch', () => {
  it('has the mean grey of each cell, the span of grey levels and the black margins', () => {
    const grey = sketchOf({
      ...{ width: 32, height: 64, channels: 1, bits: 8 },
      data: Uint8Array.from({ length: 2048 }, (_, n) => (n < 32 * 16 ? 0 : n % 32 < 8 ? 100 : 200)),
    });
    expect([grey.grey[0], grey.grey[4 * 16], grey.grey[4 * 16 + 4]]).toEqual([0, 100, 200]);
    expect(grey).toMatchObject({ span: 200, black: [0.25, 0, 0, 0] });
  });

  it('is the same for a large image that is read in steps, for colour, and for 16 bit by what a screen shows', () => {
    const small = image(chest, 512, 512, 5);
    const large: DecodedImage = {
      ...{ width: 1024, height: 1024, channels: 3, bits: 8 },
      data: Uint8Array.from({ length: 1024 * 1024 * 3 }, (_, n) => {
        const [x, y] = [Math.floor(n / 3) % 1024, Math.floor(n / 3 / 1024)];
        return small.data[(y >> 1) * 512 + (x >> 1)] ?? 0;
      }),
    };
    expect(sketchOf(large)).toEqual({ ...sketchOf(small), width: 1024, height: 1024 });
    const deep = sketchOf({ ...small, bits: 16, data: Uint16Array.from(small.data, (level) => 16 * level) });
    expect(deep.span).toBeGreaterThan(200);
  });
});
