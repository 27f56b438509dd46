/** What the played host has in place of an image's file: pixels and heat maps, drawn in the page. */
import type { DetailPixels, Heatmap } from '../../../src/protocol/engineApi';
import { random } from './random';

/** What heat maps cover: all, the middle (a crop), or more than the image (a padded one). */
const regions: Readonly<Record<string, Heatmap['region']>> = {
  whole: { left: 0, top: 0, width: 1, height: 1 },
  crop: { left: 0.125, top: 0.125, width: 0.75, height: 0.75 },
  padded: { left: -0.25, top: 0, width: 1.5, height: 1 },
};

/** The number with which the path of a made-up image ends. */
export function numberOf(sample: string): number {
  return Number(/(\d+)\.png$/.exec(sample)?.[1] ?? 0);
}

/** A chest-like phantom: every third in 16 bit. */
export function pixelsOf(n: number): DetailPixels {
  const [width, height] = n % 5 === 4 ? [900, 500] : [640, 760];
  const bits = n % 3 === 0 ? 16 : 8;
  const samples = bits === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const next = random(n + 1);
  const most = bits === 16 ? 20_000 : 255;
  // Of what is a product of both directions, each is worked out once.
  const columns = Array.from({ length: width }, (_, x) => {
    const u = (x / width - 0.5) * 2;
    return { body: u * u * 0.9, lung: Math.exp(-(((Math.abs(u) - 0.42) / 0.24) ** 2)) };
  });
  for (let y = 0; y < height; y++) {
    const v = (y / height - 0.5) * 2;
    const row = { body: 1 - v * v * 0.7, lung: Math.exp(-((v / 0.62) ** 4)), rib: 0.08 * Math.sin(v * 26) };
    for (let x = 0; x < width; x++) {
      const column = columns[x]!;
      const body = Math.max(0, row.body - column.body);
      const lung = row.lung * column.lung;
      const grey = body * (0.85 - 0.6 * lung) + row.rib * lung + 0.03 * next();
      samples[y * width + x] = Math.round(Math.max(0, Math.min(1, grey)) * most);
    }
  }
  return { width, height, channels: 1, bits, data: samples.buffer };
}

/** A film of 2,000 pixels at 16 bit. */
export function film(): DetailPixels {
  const [width, height] = [2000, 2000];
  const samples = new Uint16Array(width * height);
  for (let i = 0; i < samples.length; i++) samples[i] = ((i % width) * 13 + ((i / width) | 0) * 7) % 20_000;
  return { width, height, channels: 1, bits: 16, data: samples.buffer };
}

/**
 * As a DICOM file has it: 12 bit of which 0 is -1,024 and each step 1, a bright disc of 40 before a ground of -800, pixels
 * twice as high as wide, two windows.
 */
export function scan(): DetailPixels {
  const [width, height] = [256, 128];
  const samples = new Uint16Array(width * height);
  for (let i = 0; i < samples.length; i++) {
    const [x, y] = [(i % width) - width / 2, 2 * (Math.floor(i / width) - height / 2)];
    samples[i] = Math.hypot(x, y) < 90 ? 1064 + (i % 40) : 224 + (i % 60);
  }
  const window = (name: string, center: number, wide: number) =>
    ({
      name,
      window: wide,
      level: center + 1024,
      curve: 'linear',
      written: { width: wide, center },
    }) as const;
  return {
    ...{ width, height, channels: 1, bits: 16, data: samples.buffer, aspect: 2 },
    levels: {
      most: 4095,
      slope: 1,
      intercept: -1024,
      windows: [window('SOFT TISSUE', 40, 400), window('LUNG', -600, 1500)],
    },
  };
}

/**
 * A map of 7 × 7: one blob of evidence, in the left half for the first output, then further and further right, and
 * evidence against around it.
 * @param at where the output stands among those of the model, from 0
 * @param options of the page's address; `heat=flat`: nothing speaks for the output
 */
export function heatmapOf(sample: string, output: string, at: number, options: URLSearchParams): Heatmap {
  const column = 1 + 2 * at;
  const isFlat = options.get('heat') === 'flat';
  const values = new Float32Array(49);
  for (let y = 0; y < 7; y++) {
    for (let x = 0; x < 7; x++) {
      values[y * 7 + x] = isFlat ? -1 : 4 * Math.exp(-((x - column) ** 2 + (y - 3) ** 2) / 2) - 0.4;
    }
  }
  const region = regions[options.get('region') ?? 'whole'] ?? regions['whole']!;
  const method = (options.get('method') ?? 'cam') as Heatmap['method'];
  return { sample, output, method, width: 7, height: 7, values, region };
}
