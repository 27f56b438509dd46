/** Features in half precision: asked for on the command line or in overread.yaml, kept apart, told wherever a run is shown. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord, RunResult } from '../../src/core/runs/model';
import { parsed, quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { useQuickModel } from '../support/quickModel';
import { readyFinetuned, readyImages } from '../support/readyProjects';

let folder: string;
let root: string;
let single: RunResult;
let half: RunResult;
let said: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-precision-'));
  root = path.join(folder, 'sample');
  single = await readyFinetuned(root);
  const args = ['finetune', root, ...quickModel, '--precision', 'fp16', '--name', 'half', '--json'];
  const told = await runCommand(args);
  half = parsed(args, [0], told) as RunResult;
  said = told.stderr;
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const recordOf = async ({ dir }: RunResult): Promise<RunRecord> =>
  JSON.parse(await fs.readFile(path.join(dir, 'run.json'), 'utf8')) as RunRecord;

async function featuresOf(...more: string[]): Promise<Float32Array> {
  const file = path.join(folder, 'features.npy');
  await commandJson(['features', root, ...quickModel, ...more, '--out', file]);
  const bytes = await fs.readFile(file);
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer);
}

describe('--precision fp16', () => {
  it('computes features anew, keeps both, and says so', async () => {
    expect(single.precision).toBe('fp32');
    expect(half).toMatchObject({ precision: 'fp16', device: 'cpu', timings: { cached: 0 } });
    expect(said).toContain('Half precision gains nothing on the CPU');
    expect((await recordOf(single)).network?.weights).not.toHaveProperty('precision');
    expect((await recordOf(half)).network?.weights.precision).toBe('fp16');
    const caches = path.join(root, '.overread', 'features');
    const keys = await Promise.all(
      (await fs.readdir(caches)).map(async (key) => {
        const text = await fs.readFile(path.join(caches, key, 'key.json'), 'utf8');
        return (JSON.parse(text) as { precision?: string }).precision;
      }),
    );
    expect(new Set(keys)).toEqual(new Set([undefined, 'fp16']));
  });

  it('gives nearly the features of single precision, each from its own cache the second time', async () => {
    const [expected, found] = [await featuresOf(), await featuresOf('--precision', 'fp16')];
    const again = await commandJson<{ cached: number; precision: string }>([
      ...['features', root, ...quickModel, '--precision', 'fp16'],
      ...['--out', path.join(folder, 'again.npy')],
    ]);
    expect(again).toMatchObject({ cached: readyImages, precision: 'fp16' });
    const size = Math.hypot(...expected);
    const difference = Math.hypot(...found.map((value, i) => value - (expected[i] ?? NaN))) / size;
    expect(difference).toBeLessThan(5e-3);
    expect(difference).toBeGreaterThan(0);
  });

  it('is told by the list of runs, by a fine-tune and by a comparison', async () => {
    const told = await runCommand(['finetune', root, ...quickModel, '--precision', 'fp16', '--name', 'told']);
    expect(told.stdout).toContain('on cpu in half precision');
    const lines = (await runCommand(['runs', root])).stdout.split('\n');
    const lineOf = ({ run }: RunResult): string => lines.find((line) => line.includes(run)) ?? '';
    expect(lineOf(half)).toContain(', fp16 (random weights)');
    expect(lineOf(single)).not.toContain('fp16');
    const compared = await commandJson<{ models: { label: string }[] }>([
      'compare',
      root,
      '--runs',
      'first,half',
    ]);
    expect(compared.models.map(({ label }) => label).sort()).toEqual([
      'first (random)',
      'half (random, fp16)',
    ]);
  });

  it('exports a model of half precision that takes and gives single, and reproduces the run', async () => {
    interface Exported {
      readonly bytes: number;
      readonly largestDifference: number;
      readonly checked: number;
    }
    const [one, other] = [
      await commandJson<Exported>(['export', root, '--run', 'first']),
      await commandJson<Exported>(['export', root, '--run', half.run]),
    ];
    expect(other.bytes / one.bytes).toBeLessThan(0.6);
    expect(other.checked).toBeGreaterThan(0);
    expect(other.largestDifference).toBeLessThan(1e-3);
  });

  it('is no word for what PyTorch trains', async () => {
    const torch = await runCommand(['finetune', root, '--layers', 'last-block', '--precision', 'fp16']);
    expect(torch).toMatchObject({ code: 2 });
    expect(torch.stderr).toContain('training.deep.precision');
    const wrong = await runCommand(['finetune', root, ...quickModel, '--precision', 'fp8']);
    expect(wrong.code).toBe(2);
  });
});

it('model.precision of overread.yaml asks for the same, and --precision for another', async () => {
  await useQuickModel(root);
  const file = path.join(root, 'overread.yaml');
  const text = await fs.readFile(file, 'utf8');
  await fs.writeFile(file, text.replace(/^( *)device: cpu.*$/m, '$&\n$1precision: fp16'));
  const configured = await commandJson<RunResult>(['finetune', root, '--name', 'configured']);
  expect(configured).toMatchObject({ precision: 'fp16', timings: { cached: readyImages } });
  const asked = await commandJson<RunResult>(['finetune', root, '--precision', 'fp32', '--name', 'asked']);
  expect(asked).toMatchObject({ precision: 'fp32', timings: { cached: readyImages } });
  expect(asked.metrics).toEqual(single.metrics);
});
