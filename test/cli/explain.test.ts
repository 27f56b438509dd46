/** `overread explain`: the picture, the numbers, and what it refuses. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeatmapMethod, Region } from '../../src/core/heatmaps/model';
import type { RunResult } from '../../src/core/runs/model';
import { readParquet } from '../support/parquet';
import { quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

interface Explained {
  readonly file?: string;
  readonly sample: string;
  readonly run: string;
  readonly weights: string;
  readonly output: string;
  readonly predicted: string;
  readonly method: HeatmapMethod;
  readonly logit: number;
  readonly probability: number;
  readonly split: string;
  readonly seen_in_training: boolean;
  readonly region: Region;
  readonly width: number;
  readonly height: number;
  readonly values: readonly number[];
}

let folder: string;
let root: string;
let run: RunResult;
/** One row per sample: its part, and the probability of each class outside the training part. */
let rows: { sample: string; split: string; probabilities: Record<string, number> }[];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-explain-'));
  root = path.join(folder, 'sample');
  run = await readyFinetuned(root, 60);
  const table = await readParquet(path.join(run.dir, 'predictions.parquet'));
  const column = (name: string) => table.columns[table.names.indexOf(name)]!;
  rows = Array.from({ length: table.rowCount }, (_, i) => ({
    sample: column('sample')[i] as string,
    split: column('split')[i] as string,
    probabilities: Object.fromEntries(
      ['Normal', 'Opacity', 'Nodule'].map((name) => [name, column(`p_${name}`)[i] as number]),
    ),
  }));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const inPart = (split: string) => rows.find((row) => row.split === split)!;
const explain = (sample: string, ...more: string[]) =>
  commandJson<Explained>(['explain', root, sample, '--device', 'cpu', ...more]);

async function rgbOf(file: string) {
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The first sample of 8 bit, whose picture is its own pixels. */
async function eightBit(): Promise<string> {
  for (const { sample, split } of rows) {
    if (split !== 'validation') continue;
    if ((await sharp(path.join(root, sample)).metadata()).depth === 'uchar') return sample;
  }
  throw new Error('no image of 8 bit');
}

describe('overread explain', () => {
  it.each(['Normal', 'Opacity', 'Nodule'])('has the run’s own probability of %s', async (name) => {
    const { sample, probabilities } = inPart('validation');
    const explained = await explain(sample, '--class', name);
    expect(explained).toMatchObject({
      sample,
      run: run.run,
      weights: run.weights,
      output: name,
      method: 'cam',
      split: 'validation',
      seen_in_training: false,
      region: { left: 0.0625, top: 0.0625, width: 0.875, height: 0.875 },
      width: 7,
      height: 7,
    });
    expect(explained.probability).toBeCloseTo(probabilities[name]!, 4);
    const mean = explained.values.reduce((sum, value) => sum + value, 0) / 49;
    expect(mean).toBeCloseTo(explained.logit, 3);
  });

  it('takes the most probable class, and says whether the last layer saw the image', async () => {
    const trained = await explain(inPart('train').sample);
    expect(trained.output).toBe(trained.predicted);
    expect(trained.seen_in_training).toBe(true);
    const { sample, probabilities } = inPart('validation');
    const best = Object.entries(probabilities).sort(([, a], [, b]) => b - a)[0]![0];
    expect((await explain(sample)).output).toBe(best);
    const text = await runCommand(['explain', root, inPart('train').sample]);
    expect(text.stdout).toMatch(/was fitted on this image/);
  });

  it('colours the image where the map is positive inside what the network saw, and nowhere else', async () => {
    const sample = await eightBit();
    const out = path.join(folder, 'map.png');
    const before = await rgbOf(path.join(root, sample));
    // The most probable class: something speaks for it.
    const { region, values, width, height } = await explain(sample, '--out', out);
    const after = await rgbOf(out);
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    let inside = 0;
    let outside = 0;
    for (let y = 0, at = 0; y < after.height; y++) {
      for (let x = 0; x < after.width; x++, at += 3) {
        const differs = [0, 1, 2].some((k) => after.data[at + k] !== before.data[at + k]);
        const across = ((x + 0.5) / after.width - region.left) / region.width;
        const down = ((y + 0.5) / after.height - region.top) / region.height;
        if (across < 0 || across > 1 || down < 0 || down > 1) outside += Number(differs);
        else inside += Number(differs);
      }
    }
    expect(outside).toBe(0);
    expect(inside).toBeGreaterThan(0);
    // The centre of the strongest place is coloured: warm, which a grey image is not.
    const most = values.indexOf(Math.max(...values));
    const x = Math.floor((region.left + ((most % width) + 0.5) * (region.width / width)) * after.width);
    const y = Math.floor(
      (region.top + (Math.floor(most / width) + 0.5) * (region.height / height)) * after.height,
    );
    const at = 3 * (y * after.width + x);
    expect(after.data[at]! - after.data[at + 2]!).toBeGreaterThan(20);
  });

  it('leaves the image as it is without opacity', async () => {
    const sample = await eightBit();
    const out = path.join(folder, 'none.png');
    await explain(sample, '--class', 'Opacity', '--out', out, '--opacity', '0');
    expect((await rgbOf(out)).data.equals((await rgbOf(path.join(root, sample))).data)).toBe(true);
  });

  it.each([
    ['score-cam', 7],
    ['occlusion', 8],
  ] as const)('can be asked for %s', async (method, side) => {
    const found = await explain(inPart('validation').sample, '--method', method, '--quick');
    expect(found).toMatchObject({ method, width: side, height: side });
    expect(new Set(found.values).size).toBeGreaterThan(4);
    if (method === 'score-cam') expect(Math.min(...found.values)).toBeGreaterThanOrEqual(0);
  });

  it('counts a look at the test part', async () => {
    await explain(inPart('test').sample);
    const looks = await fs.readFile(path.join(root, 'splits', 'test-looks.jsonl'), 'utf8');
    expect(looks.trim().split('\n')).toHaveLength(1);
    expect(looks).toContain('overread explain');
  });

  it.each([
    ['no such sample', ['images/P0001_9.png'], 3, 'OVR400'],
    ['no such class', ['SAMPLE', '--class', 'opacty'], 3, 'OVR402'],
    ['no such run', ['SAMPLE', '--run', 'yesterday'], 3, 'OVR800'],
    ['not a picture', ['SAMPLE', '--out', 'map.jpg'], 2, 'OVR001'],
    ['an opacity above 1', ['SAMPLE', '--opacity', '50'], 2, '--opacity'],
  ])('refuses %s', async (_name, args, code, text) => {
    const sample = inPart('validation').sample;
    const result = await runCommand([
      'explain',
      root,
      ...args.map((one) => (one === 'SAMPLE' ? sample : one)),
    ]);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(text);
  });

  it('names the nearest class', async () => {
    const result = await runCommand(['explain', root, inPart('validation').sample, '--class', 'opacty']);
    expect(result.stderr).toContain('Did you mean "Opacity"?');
  });

  it('says so when the run has lost its last layer', async () => {
    const second = await commandJson<RunResult>(['finetune', root, ...quickModel, '--name', 'second']);
    await fs.rm(path.join(second.dir, 'head.safetensors'));
    const result = await runCommand(['explain', root, inPart('validation').sample, '--run', 'second']);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('OVR801');
  });
});
