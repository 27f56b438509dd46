/** Part A of bench/sklearn.ts: objective, probabilities, choice of C and accuracy on real X-rays. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { extractFeatures } from '../src/core/features/extract';
import type { FeatureTable } from '../src/core/features/model';
import { buildBackbone } from '../src/core/backbones/backbone';
import { resolveWeights } from '../src/core/weights/resolve';
import { fitHead, type FitProblem } from '../src/core/training/fitHead';
import { planFit } from '../src/core/training/fitPlan';
import { LastLayer } from '../src/core/training/lastLayer';
import { checkBound, type BenchResult } from './result';
import type { Python } from './sklearn';
import { cachesIn } from '../test/support/caches';

const data = path.resolve('../shared/data/cxr');
const outputs = ['Covid-19', 'No_findings', 'Pneumonia'];
const grid = [0.001, 0.003, 0.01, 0.03, 0.1];

interface SklearnResult {
  readonly version: string;
  readonly grid: readonly { C: number; objectives: number[]; log_loss: number }[];
  readonly fine: readonly { C: number; log_loss: number }[];
  readonly grid_s: number;
}

interface Score {
  readonly accuracy: number;
  readonly auroc_macro: number;
  readonly auroc_pneumonia: number;
  readonly nih_images: number;
}

export async function compareOnXrays(python: Python, folder: string): Promise<BenchResult> {
  if (!fs.existsSync(data)) {
    const detail = 'the chest X-rays of ../shared/data/cxr are not here';
    return { checks: [{ name: 'optimum on real X-rays', verdict: 'skipped', detail }], figures: {} };
  }
  const rows = readRows();
  const table = await lite0Features(rows.map((row) => row.path));
  const y = rows.map((row) => outputs.indexOf(row.label));
  const groups = rows.map((row) => row.patient);
  fs.writeFileSync(path.join(folder, 'features.f32'), bytesOf(table.features));
  const about = { rows: rows.length, dim: table.dim, y, groups, outputs, grid };
  fs.writeFileSync(path.join(folder, 'small.json'), JSON.stringify(about));
  await python('make-folds', folder);
  await python('fit-small', folder);
  const sklearn = readJson(folder, 'sklearn-small.json') as SklearnResult;

  const problem = (seed: number, C: 'auto' | readonly number[]): FitProblem => ({
    features: table.features,
    dim: table.dim,
    present: table.present,
    targets: { task: 'multi-class', outputs, y: Int32Array.from(y) },
    fold: new Int32Array(readBuffer(folder, `folds-${seed}.i32`)),
    folds: 5,
    groups,
    settings: { C, classWeights: false, device: 'cpu', seed: 1 },
  });
  let worstObjective = 0;
  let worstProbability = 0;
  for (const { C, objectives } of sklearn.grid) {
    const ours = await objectivesAt(problem(0, [C]), C);
    ours.forEach((value, k) => (worstObjective = Math.max(worstObjective, value / objectives[k]! - 1)));
    const { logits } = await fitHead(problem(0, [C]));
    const reference = new Float64Array(readBuffer(folder, `sklearn-${C}.f64`));
    softmaxRows(logits).forEach((p, n) => {
      worstProbability = Math.max(worstProbability, Math.abs(p - reference[n]!));
    });
  }
  const auto = await fitHead(problem(0, 'auto'));
  const best = Math.min(...[...sklearn.fine, ...sklearn.grid].map((trial) => trial.log_loss));
  const chosen = meanLoss(softmaxRows(auto.logits), y);
  for (let seed = 0; seed < 3; seed++) {
    const fit = await fitHead(problem(seed, 'auto'));
    fs.writeFileSync(path.join(folder, `ours-${seed}.f64`), bytesOf(softmaxRows(fit.logits)));
  }
  await python('score-small', folder);
  const score = readJson(folder, 'score.json') as Score;
  const times = { auto_s: await timeOf(problem(0, 'auto')), grid_s: await timeOf(problem(0, grid)) };
  return {
    checks: [
      checkBound(
        'objective above scikit-learn, relative',
        worstObjective,
        'at most 1e-6',
        worstObjective <= 1e-6,
      ),
      checkBound(
        'out-of-fold probability, difference',
        worstProbability,
        'at most 1e-4',
        worstProbability <= 1e-4,
      ),
      checkBound(
        'log loss of the automatic C above the best',
        chosen - best,
        'at most 0.01',
        chosen - best <= 0.01,
      ),
      checkBound('accuracy', score.accuracy, '0.77 ± 0.015', Math.abs(score.accuracy - 0.77) <= 0.015),
      checkBound(
        'macro AUROC',
        score.auroc_macro,
        '0.911 ± 0.01',
        Math.abs(score.auroc_macro - 0.911) <= 0.01,
      ),
      checkBound(
        `AUROC Pneumonia against No_findings, ${score.nih_images} images`,
        score.auroc_pneumonia,
        '0.857 ± 0.015',
        Math.abs(score.auroc_pneumonia - 0.857) <= 0.015,
      ),
    ],
    figures: {
      scikit_learn: sklearn.version,
      xrays: {
        images: rows.length,
        dim: table.dim,
        auto_C: auto.C,
        auto_log_loss: chosen,
        best_log_loss: best,
        worst_objective_relative: worstObjective,
        worst_probability_difference: worstProbability,
        ...score,
        fit_auto_warm_s: times.auto_s,
        fit_grid_warm_s: times.grid_s,
        sklearn_grid_default_tolerance_s: sklearn.grid_s,
      },
    },
  };
}

/** Objective of each fold's fit in float64, from its standardised weights. */
async function objectivesAt(problem: FitProblem, C: number): Promise<number[]> {
  const plan = planFit({ ...problem, classWeights: false });
  const lastLayer = await LastLayer.open(plan, { device: 'cpu', seed: 1 });
  const [near] = await lastLayer.tryStrengths([C]);
  const { solutions } = await lastLayer.fitFolds([C], [near!]);
  await lastLayer.close();
  const { features, dim, targets, fold } = problem;
  return solutions.map(({ weights, intercepts }, held) => {
    const { mean, inverseScale } = plan.standardisations[held]!;
    let value = weights.reduce((sum, w) => sum + (w * w) / 2, 0);
    const z = new Float64Array(3);
    fold.forEach((k, row) => {
      if (k === held) return;
      for (let o = 0; o < 3; o++) {
        z[o] = intercepts[o]!;
        for (let j = 0; j < dim; j++) {
          z[o]! += (features[row * dim + j]! - mean[j]!) * inverseScale[j]! * weights[o * dim + j]!;
        }
      }
      value += C * (Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0)) - z[targets.y[row]!]!);
    });
    return value;
  });
}

async function timeOf(problem: FitProblem): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await fitHead(problem);
    times.push((performance.now() - start) / 1000);
  }
  return times.sort((a, b) => a - b)[2]!;
}

/** Features of some of the chest X-rays by EfficientNet-Lite0 with ImageNet weights. */
export async function lite0Features(files: readonly string[]): Promise<FeatureTable> {
  const cacheDir = path.join(os.homedir(), '.cache', 'overread');
  const request = { architecture: 'tf_efficientnet_lite0', weights: 'in1k', cacheDir, env: process.env };
  const resolved = await resolveWeights(request);
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-sklearn-features-'));
  try {
    return await extractFeatures({
      ...(await cachesIn(root)),
      images: files.map((file) => ({ id: file, file: path.join(data, file) })),
      weights: resolved.identity,
      loadBackbone: () => buildBackbone(resolved),
      device: 'cpu',
    });
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** path, label and patient of samples.csv, whose cells hold no quotes. */
function readRows(): { path: string; label: string; patient: string }[] {
  const [header, ...lines] = fs.readFileSync(path.join(data, 'samples.csv'), 'utf8').trim().split(/\r?\n/);
  const columns = header!.split(',');
  const cell = (cells: readonly string[], name: string) => cells[columns.indexOf(name)]!;
  return lines.map((line) => {
    const cells = line.split(',');
    return { path: cell(cells, 'path'), label: cell(cells, 'label'), patient: cell(cells, 'patient_id') };
  });
}

function softmaxRows(logits: Float64Array): Float64Array {
  const p = new Float64Array(logits.length);
  for (let from = 0; from < p.length; from += 3) {
    const e = logits.subarray(from, from + 3).map(Math.exp);
    const total = e[0]! + e[1]! + e[2]!;
    p.set(
      e.map((value) => value / total),
      from,
    );
  }
  return p;
}

function meanLoss(p: Float64Array, y: readonly number[]): number {
  return y.reduce((sum, label, row) => sum - Math.log(p[row * 3 + label]!), 0) / y.length;
}

function bytesOf(array: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function readBuffer(folder: string, name: string): ArrayBuffer {
  return Uint8Array.from(fs.readFileSync(path.join(folder, name))).buffer;
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
}
