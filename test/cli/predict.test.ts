/** `overread predict`: the model of a run on images that belong to no project. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryColumns, quoteFile, withMemoryDatabase } from '../../src/core/base/duckdb';
import { writeDicom } from '../support/dicomFile';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';
import { runPredictions } from '../support/runPredictions';

interface Predicted {
  readonly predicted: number;
  readonly skipped: number;
  readonly in_training: number;
  readonly heatmaps: number;
  readonly predictions: readonly {
    readonly image: string;
    readonly predicted: string | null;
    readonly probabilities: Readonly<Record<string, number>> | null;
    readonly in_training: string | null;
    readonly problem: string | null;
  }[];
}

let folder: string;
let project: string;
let runFolder: string;
/** Samples of each part. */
const parts = new Map<string, string[]>();

beforeAll(async () => {
  folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-predict-')));
  project = path.join(folder, 'project');
  runFolder = (await readyFinetuned(project)).dir;
  for (const [sample, part] of await runPredictions(runFolder, ['sample', 'split'])) {
    parts.set(String(part), [...(parts.get(String(part)) ?? []), String(sample)]);
  }
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const predict = (images: readonly string[], ...more: readonly string[]): Promise<Predicted> =>
  commandJson(['predict', project, ...images, '--out', path.join(folder, 'out.csv'), ...more]);

describe('overread predict', () => {
  it('says of an image what the run says of it', async () => {
    const held = [...(parts.get('validation') ?? []), ...(parts.get('test') ?? [])];
    expect(held.length).toBeGreaterThan(2);
    const { predictions } = await predict(held.map((sample) => path.join(project, sample)));
    const run = await runPredictions(runFolder, ['sample', 'predicted', 'p']);
    expect(predictions).toHaveLength(held.length);
    for (const [i, { predicted, probabilities, in_training }] of predictions.entries()) {
      const [, called, most] = run.find(([sample]) => sample === held[i]) ?? [];
      expect(predicted).toBe(called);
      // As near as an exported model must be: the run's own is not rounded to float32.
      const difference = Math.abs(Math.max(...Object.values(probabilities ?? {})) - Number(most));
      expect(difference).toBeLessThan(1e-5);
      expect(in_training).toBeNull();
    }
  });

  it('names images of the training, whatever they are called', async () => {
    const [trained = ''] = parts.get('train') ?? [];
    const copy = path.join(folder, 'another name.png');
    await fs.copyFile(path.join(project, trained), copy);
    const { in_training, predictions } = await predict([copy]);
    expect(in_training).toBe(1);
    expect(predictions[0]).toMatchObject({ in_training: trained });
    const people = await runCommand(['predict', project, copy, '--out', path.join(folder, 'out.csv')]);
    expect(people.stdout).toContain('1 of them was in the training');
  });

  it('goes on after what cannot be read, and says it in the row', async () => {
    const broken = path.join(folder, 'broken.png');
    await fs.writeFile(broken, 'no image');
    const sound = path.join(project, 'images', 'P0001_1.png');
    const { predictions, skipped } = await predict([broken, path.join(folder, 'gone.png'), sound]);
    expect(skipped).toBe(2);
    expect(predictions.map(({ problem }) => problem?.slice(0, 6) ?? null)).toEqual([
      'OVR301',
      'OVR300',
      null,
    ]);
    expect(predictions.map(({ probabilities }) => probabilities === null)).toEqual([true, true, false]);
    const none = await runCommand([
      'predict',
      project,
      broken,
      '--out',
      path.join(folder, 'none.csv'),
      '--json',
    ]);
    expect(none.code).toBe(3);
    expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'OVR303' } });
    await expect(fs.access(path.join(folder, 'none.csv'))).rejects.toThrow();
  });

  it('takes folders and tables, each image once, and a folder of a run', async () => {
    const table = path.join(project, 'samples.csv');
    const all = await fs.readdir(path.join(project, 'images'));
    const result = await commandJson<Predicted>([
      ...['predict', runFolder, path.join(project, 'images'), table],
      ...['--out', path.join(folder, 'all.parquet')],
    ]);
    expect(result.predicted).toBe(all.length);
    const written = await withMemoryDatabase((connection) =>
      queryColumns(
        connection,
        `SELECT count(*)::INTEGER, count(DISTINCT image)::INTEGER FROM read_parquet(${quoteFile(path.join(folder, 'all.parquet'))})`,
      ),
    );
    expect(written.columns.map(([value]) => value)).toEqual([all.length, all.length]);
    const named = await predict([table], '--path', 'path');
    expect(named.predictions.map(({ image }) => image)).toContain('images/P0001_1.png');
  });

  it('takes frames of DICOM files by their numbers, and each is an image of its own', async () => {
    const file = path.join(folder, 'loop.dcm');
    const pixels = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i >> 12) * 80 + (i % 64));
    await fs.writeFile(file, writeDicom({ width: 64, height: 64, frames: 3, pixels }));
    const { predictions, skipped } = await predict([`${file}#1`, `${file}#3`, file, `${file}#4`]);
    expect(skipped).toBe(1);
    expect(predictions.map(({ problem }) => problem?.slice(0, 6) ?? null)).toEqual([
      null,
      null,
      null,
      'OVR301',
    ]);
    const said = predictions.slice(0, 3).map(({ probabilities }) => JSON.stringify(probabilities));
    expect(new Set(said).size).toBe(3);
  });

  it('writes a table that "runs import" takes back', async () => {
    const out = path.join(folder, 'theirs.csv');
    await commandJson(['predict', project, path.join(project, 'images'), '--out', out]);
    const imported = await commandJson<{ problems: { code: string }[]; counts: { skipped: number } }>([
      ...['runs', 'import', project, '--predictions', out, '--name', 'ours', '--seen', 'none'],
    ]);
    expect(imported.problems.filter(({ code }) => code === 'OVR806')).toEqual([]);
  });

  it('draws heat maps below the folder that was named, and nowhere else', async () => {
    const maps = path.join(folder, 'maps');
    const outside = path.join(folder, 'elsewhere');
    await fs.mkdir(outside);
    await fs.copyFile(path.join(project, 'images', 'P0001_1.png'), path.join(outside, 'one.png'));
    const name = path.join(outside, '..', 'elsewhere', 'one.png');
    expect((await predict([name], '--heatmaps', maps)).heatmaps).toBe(1);
    const drawn = (await fs.readdir(maps, { recursive: true })).filter((file) => file.endsWith('.png'));
    expect(drawn).toHaveLength(1);
    const { width, height } = await sharp(path.join(maps, drawn[0] ?? '')).metadata();
    const image = await sharp(path.join(outside, 'one.png')).metadata();
    expect([width, height]).toEqual([image.width, image.height]);
  });

  it('refuses what it cannot do before it works', async () => {
    const at = ['predict', project, path.join(project, 'images')];
    expect((await runCommand([...at, '--out', 'out.xml'])).code).toBe(2);
    expect((await runCommand([...at, '--out', 'out.csv', '--run', 'nothing'])).code).toBe(3);
    const imported = await runCommand([...at, '--out', path.join(folder, 'x.csv'), '--run', 'ours']);
    expect(imported.code).toBe(2);
    expect(imported.stderr).toContain('OVR804');
    const empty = path.join(folder, 'empty');
    await fs.mkdir(empty);
    const none = await runCommand(['predict', project, empty, '--out', path.join(folder, 'x.csv')]);
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('There is no image in');
  });
});
