/**
 * Last layer against last block, on a processor (npm run bench:deep): EfficientNet-Lite0 from ImageNet, the same split and labels,
 * validation figures with intervals by patient, their difference over the same resampled patients, and seconds. `--epochs N` (20)
 * bounds the last block, `--set cxr|busi` takes one of both. OVERREAD_PYTHON names a Python that has PyTorch and timm.
 */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { JobSummary } from '../src/core/jobs/model';
import type { Estimate, Metrics } from '../src/core/evaluation/model';
import type { RunDifference } from '../src/core/evaluation/runDifference';
import type { RunRecord } from '../src/core/runs/model';
import { runJson } from '../test/support/cli';
import { writeResult, type Check } from './result';

const data = path.resolve('../shared/data');
const sets = ['cxr', 'busi'] as const;
const network = ['--architecture', 'tf_efficientnet_lite0', '--weights', 'in1k', '--device', 'cpu'];
const figures = ['auroc_macro', 'log_loss', 'accuracy'] as const;

interface Trained {
  readonly run: string;
  readonly validation: Metrics;
  /** Seconds of the whole command, and of the training alone. */
  readonly seconds: number;
  readonly train_s: number;
  readonly epochs: unknown;
}

interface Measured {
  readonly set: string;
  readonly images: number;
  readonly patients: number;
  readonly last: Trained;
  readonly block: Trained;
  readonly difference: RunDifference['validation'];
}

async function main(): Promise<void> {
  const python = process.env['OVERREAD_PYTHON'] ?? process.env['OVERREAD_TEST_PYTHON'];
  const wanted = option('--set');
  const asked = sets.filter((set) => wanted === undefined || set === wanted);
  const checks: Check[] = [];
  const measured: Measured[] = [];
  for (const set of asked) {
    const why =
      python === undefined
        ? 'OVERREAD_PYTHON names no Python with PyTorch'
        : existsSync(path.join(data, set, 'samples.csv'))
          ? null
          : `the images of ../shared/data/${set} are not here`;
    if (why !== null || python === undefined) {
      checks.push({ name: set, verdict: 'skipped', detail: why ?? '' });
      continue;
    }
    const found = await measure(set, python);
    measured.push(found);
    checks.push({
      name: `${set}: last block against last layer, validation log loss`,
      verdict: 'pass',
      detail: `${interval(found.difference.log_loss.difference)}, ${verdictOf(found.difference.log_loss.difference)}`,
    });
  }
  for (const line of tableOf(measured)) console.log(line);
  writeResult('deep', { checks, figures: { epochs: Number(option('--epochs') ?? 20), sets: measured } });
}

async function measure(set: string, python: string): Promise<Measured> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-deep-'));
  const root = path.join(folder, 'study');
  try {
    await runJson(['init', root, '--csv', path.join(data, set, 'samples.csv')]);
    await setEpochs(root);
    const last = await train(root, ['--layers', 'last', '--name', 'last']);
    const block = await train(root, ['--layers', 'last-block', '--name', 'block', '--python', python]);
    const told = await runJson<RunDifference>(['diff', root, last.run, block.run]);
    const { validation } = told;
    return {
      ...{ set, last, block, difference: validation },
      ...{ images: validation.samples, patients: validation.patients },
    };
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Bounds the last block; early stopping ends it sooner. */
async function setEpochs(root: string): Promise<void> {
  const file = path.join(root, 'overread.yaml');
  const text = await fs.readFile(file, 'utf8');
  const bounded = text.replace(
    /^training:.*$/m,
    (line) => `${line}\n  deep: {epochs: ${option('--epochs') ?? '20'}}`,
  );
  if (bounded === text) throw new Error('overread.yaml has no training: to be bounded');
  await fs.writeFile(file, bounded);
}

async function train(root: string, asked: readonly string[]): Promise<Trained> {
  const started = performance.now();
  const told = await runJson<JobSummary | { readonly run: string }>(
    ['finetune', root, ...network, ...asked],
    [0, 1],
  );
  const seconds = (performance.now() - started) / 1000;
  const { run } = told;
  if (run === null) throw new Error(`No run was made: ${JSON.stringify(told)}`);
  const read = async <T>(file: string): Promise<T> =>
    JSON.parse(await fs.readFile(path.join(root, 'runs', run, file), 'utf8')) as T;
  const record = await read<RunRecord>('run.json');
  const { validation } = await read<{ readonly validation: Metrics }>('metrics.json');
  const { train_s } = record.timings;
  const { epochs_trained: epochs = 1 } = record.trainer.settings as { readonly epochs_trained?: number };
  return { run, validation, seconds, train_s, epochs };
}

function tableOf(measured: readonly Measured[]): string[] {
  const head = ['set', 'images', 'patients', 'learns', 'AUROC', 'log loss', 'accuracy', 'epochs', 'seconds'];
  const rows = measured.flatMap(({ set, images, patients, last, block, difference }) => [
    ...[last, block].map((trained, n) => [
      ...(n === 0 ? [set, String(images), String(patients), 'last layer'] : ['', '', '', 'last block']),
      ...figures.map((figure) => interval(trained.validation[figure])),
      ...[String(trained.epochs), trained.seconds.toFixed(0)],
    ]),
    [
      ...['', '', '', 'difference'],
      ...figures.map((figure) => interval(difference[figure].difference)),
      ...['', `× ${(block.seconds / last.seconds).toFixed(0)}`],
    ],
  ]);
  const widths = head.map((_, n) => Math.max(...[head, ...rows].map((row) => row[n]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `0.905 (0.855 to 0.949)`, 95 % by patient. */
function interval({ value, low, high }: Estimate): string {
  if (value === null) return '–';
  const digits = (figure: number): string => figure.toFixed(3);
  return low === null || high === null
    ? digits(value)
    : `${digits(value)} (${digits(low)} to ${digits(high)})`;
}

/** Less is better. */
function verdictOf({ low, high }: Estimate): string {
  if (low === null || high === null) return 'no interval';
  if (high < 0) return 'the last block is better';
  return low > 0 ? 'the last layer is better' : 'not to be told apart';
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

void main();
