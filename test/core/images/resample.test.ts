import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { Resampler } from '../../../src/core/images/resampler';
import { computeTaps, resamplePlane, type Kernel, type Plane } from '../../../src/core/images/resample';

function plane(width: number, height: number, data: Uint8Array, step = 1, offset = 0): Plane {
  return { data, left: 0, top: 0, width, height, step, offset };
}

function resize(input: Plane, width: number, height: number, kernel: Kernel): Uint8Array {
  const columns = { start: 0, length: width };
  return resamplePlane(input, { width, height, columns, rows: { start: 0, length: height }, kernel });
}

describe('resamplePlane', () => {
  it('by hand: the triangle over 2 to 1 and 1 to 2', () => {
    // Scale 2 stretches the triangle to reach 2: pixels at ±0.5 weigh the same.
    expect([...resize(plane(2, 1, Uint8Array.of(10, 31)), 1, 1, 'bilinear')]).toEqual([21]);
    // Centres at 0.25 and 0.75 of one pixel see nothing else.
    expect([...resize(plane(1, 1, Uint8Array.of(77)), 2, 1, 'bilinear')]).toEqual([77, 77]);
    // Two pixels to four: 1/4 and 3/4 between them, the ends clamped.
    expect([...resize(plane(2, 1, Uint8Array.of(0, 100)), 4, 1, 'bilinear')]).toEqual([0, 25, 75, 100]);
  });

  it.each(['bicubic', 'bilinear'] as const)('keeps a flat image flat (%s)', (kernel) => {
    for (const [width, height] of [
      [3, 90],
      [40, 7],
      [13, 13],
    ] as const) {
      const flat = resize(plane(17, 23, new Uint8Array(17 * 23).fill(200)), width, height, kernel);
      expect(flat.every((level) => level === 200)).toBe(true);
    }
  });

  it('clips what the cubic overshoots', () => {
    const edge = Uint8Array.of(0, 0, 0, 255, 255, 255);
    const wide = resize(plane(6, 1, edge), 24, 1, 'bicubic');
    expect(wide.slice(0, 4)).toEqual(new Uint8Array(4));
    expect(wide.slice(20)).toEqual(new Uint8Array(4).fill(255));
  });

  it('computes a region as it would be cut from the whole, of one channel among three as of one alone', () => {
    const random = new SplitMix32(3);
    for (let round = 0; round < 100; round++) {
      const [width, height] = [1 + random.below(60), 1 + random.below(60)];
      const [toWidth, toHeight] = [1 + random.below(60), 1 + random.below(60)];
      const data = Uint8Array.from({ length: width * height }, () => random.below(256));
      const interleaved = new Uint8Array(3 * data.length);
      data.forEach((level, i) => (interleaved[3 * i + 1] = level));
      const kernel = round % 2 === 0 ? 'bicubic' : 'bilinear';
      const whole = resize(plane(width, height, data), toWidth, toHeight, kernel);
      const columns = { start: random.below(toWidth), length: 1 };
      const rows = { start: random.below(toHeight), length: 1 };
      columns.length += random.below(toWidth - columns.start);
      rows.length += random.below(toHeight - rows.start);
      const region = resamplePlane(plane(width, height, interleaved, 3, 1), {
        width: toWidth,
        height: toHeight,
        columns,
        rows,
        kernel,
      });
      const cut = Uint8Array.from(
        { length: rows.length * columns.length },
        (_, i) =>
          whole[
            (rows.start + Math.floor(i / columns.length)) * toWidth + columns.start + (i % columns.length)
          ]!,
      );
      expect(region).toEqual(cut);
    }
  });
});

describe('Resampler', () => {
  it('gives the bits of the passes in JavaScript, for any size, region and kernel', () => {
    const random = new SplitMix32(5);
    const resampler = new Resampler();
    for (let round = 0; round < 300; round++) {
      const most = round % 10 === 0 ? 700 : 60;
      const [width, height] = [1 + random.below(most), 1 + random.below(most)];
      const [toWidth, toHeight] = [1 + random.below(80), 1 + random.below(80)];
      const channels = random.below(2) === 0 ? 1 : 3;
      // Black and white noise overshoots both ends.
      const data = Uint8Array.from({ length: channels * width * height }, () =>
        round % 3 === 0 ? 255 * random.below(2) : random.below(256),
      );
      const columns = { start: random.below(toWidth), length: 1 };
      const rows = { start: random.below(toHeight), length: 1 };
      columns.length += random.below(toWidth - columns.start);
      rows.length += random.below(toHeight - rows.start);
      const kernel = round % 2 === 0 ? ('bicubic' as const) : ('bilinear' as const);
      const target = { width: toWidth, height: toHeight, columns, rows, kernel };
      const expected = Array.from({ length: channels }, (_, offset) => [
        ...resamplePlane(plane(width, height, data, channels, offset), target),
      ]).flat();
      const made = resampler.resample({ width, height, channels, data }, target);
      expect([...made], JSON.stringify([width, height, channels, target])).toEqual(expected);
    }
  });

  it('is what its source gives', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/kernels.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  });
});

describe('computeTaps', () => {
  it('has weights that sum to one within rounding', () => {
    const taps = computeTaps(301, 57, { start: 0, length: 57 }, 'bicubic');
    for (let i = 0; i < 57; i++) {
      let sum = 0;
      for (let tap = 0; tap < taps.count[i]!; tap++) sum += taps.weights[i * taps.stride + tap]!;
      expect(Math.abs(sum - 2 ** 22)).toBeLessThan(taps.stride);
    }
  });
});
