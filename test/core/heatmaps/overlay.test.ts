import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Heatmap } from '../../../src/core/heatmaps/model';
import { drawOverlay } from '../../../src/core/heatmaps/overlay';
import type { DecodedImage } from '../../../src/core/images/model';

const grey: DecodedImage = {
  width: 80,
  height: 40,
  channels: 1,
  bits: 8,
  data: Uint8Array.from({ length: 80 * 40 }, (_, i) => 40 + (i % 80)),
};

/** Evidence in the upper left cell of 2 × 2, evidence against in the lower right. */
const map: Heatmap = {
  sample: 's',
  output: 'a',
  method: 'cam',
  width: 2,
  height: 2,
  values: Float32Array.of(4, 0, 0, -9),
  region: { left: 0.25, top: 0, width: 0.5, height: 1 },
};

async function draw(image: DecodedImage, heatmap: Heatmap, options = {}) {
  const png = await drawOverlay(image, heatmap, options);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  const pixel = (x: number, y: number) => {
    const at = 3 * (y * info.width + x);
    return [...data.subarray(at, at + 3)];
  };
  return { width: info.width, height: info.height, pixel };
}

const asItWas = (x: number) => [40 + x, 40 + x, 40 + x];

describe('drawOverlay', () => {
  it('colours evidence for the output, and nothing else', async () => {
    const { width, height, pixel } = await draw(grey, map, { opacity: 1 });
    expect([width, height]).toEqual([80, 40]);
    // The most evidence is the brightest colour of inferno, #fcffa4.
    expect(pixel(20, 0)).toEqual([0xfc, 0xff, 0xa4]);
    expect(pixel(29, 9)).toEqual([0xfc, 0xff, 0xa4]);
    // Beside the region, and evidence against.
    expect(pixel(19, 5)).toEqual(asItWas(19));
    expect(pixel(60, 5)).toEqual(asItWas(60));
    expect(pixel(59, 39)).toEqual(asItWas(59));
    // Falling off towards the cell of nothing.
    expect(pixel(40, 5)).not.toEqual(asItWas(40));
    expect(pixel(59, 5)).toEqual(asItWas(59));
  });

  it('mixes by opacity; none leaves the image as it was', async () => {
    const half = await draw(grey, map, { opacity: 0.5 });
    expect(half.pixel(20, 0)).toEqual([0xfc, 0xff, 0xa4].map((colour) => Math.round((60 + colour) / 2)));
    const none = await draw(grey, map, { opacity: 0 });
    for (let y = 0; y < 40; y++) for (let x = 0; x < 80; x++) expect(none.pixel(x, y)).toEqual(asItWas(x));
  });

  it('changes nothing where nothing speaks for the output', async () => {
    const { pixel } = await draw(grey, { ...map, values: Float32Array.of(-1, -2, 0, -3) }, { opacity: 1 });
    for (let x = 0; x < 80; x++) expect(pixel(x, 20)).toEqual(asItWas(x));
  });

  it('goes beyond the image where the crop was padded', async () => {
    const region = { left: -1, top: -1, width: 3, height: 3 };
    const { pixel } = await draw(
      grey,
      { ...map, values: Float32Array.of(1, 1, 1, 1), region },
      { opacity: 1 },
    );
    expect(pixel(0, 0)).toEqual([0xfc, 0xff, 0xa4]);
    expect(pixel(79, 39)).toEqual([0xfc, 0xff, 0xa4]);
  });

  it('keeps colour, windows 16 bit, and shrinks what is large', async () => {
    const colour: DecodedImage = { ...grey, channels: 3, data: new Uint8Array(3 * 80 * 40).fill(7) };
    expect((await draw(colour, map)).pixel(5, 5)).toEqual([7, 7, 7]);
    const data = Uint16Array.from({ length: 80 * 40 }, (_, i) => 500 * (i % 80));
    const deep = await draw({ ...grey, bits: 16, data }, map, { maxSide: 40 });
    expect([deep.width, deep.height]).toEqual([40, 20]);
    expect(deep.pixel(0, 19)[0]!).toBeLessThan(10);
    expect(deep.pixel(39, 19)[0]!).toBeGreaterThan(240);
  });
});
