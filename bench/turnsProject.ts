/** The project of `npm run bench:turns`: 112,120 images × 14 findings with features in the cache, a run, and what a check found. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { SplitMix32 } from '../src/core/base/random';
import { keepChecks, keptChecksFile } from '../src/core/checks/keptChecks';
import type { Check } from '../src/core/checks/model';
import type { PredictionColumns } from '../src/core/evaluation/model';
import { openProject } from '../src/core/project/project';
import { readRun } from '../src/core/runs/folder';
import type { RunRecord } from '../src/core/runs/model';
import { cachedProject } from '../test/support/cachedProject';
import { runJson } from '../test/support/cli';
import { addRun } from './gridProjects';

const features = 128;
const findings = Array.from({ length: 14 }, (_, f) => `Finding ${String.fromCharCode(65 + f)}`);
/** Pairs of images that a check has found, a tenth of them with labels that contradict each other. */
const pairs = 3000;

export interface TurnsProject {
  readonly root: string;
  /** Of its user. */
  readonly env: Record<string, string>;
  readonly images: number;
  /** Adds a run of the labels as they are. */
  readonly addRun: (seed: number) => Promise<void>;
}

/** @param folder an empty one */
export async function makeTurnsProject(folder: string, images: number): Promise<TurnsProject> {
  const user = path.join(folder, 'user');
  const root = path.join(folder, 'large');
  const network = await makeNetwork(path.join(folder, 'small'), user);
  const random = new SplitMix32(3);
  const base = Float32Array.from({ length: 65_536 }, () => random.uniform() - 0.5);
  const at = (n: number): number => base[n & 65_535] ?? 0;
  // Patients look like themselves: a feature of the patient, and one of the image.
  const feature = (i: number, k: number): number =>
    2 * at(Math.floor(i / 4) * 7919 + k * 31) + at(i * 104_729 + k * 17);
  const env = await cachedProject(root, user, images, features, {
    feature,
    patient: (i) => Math.floor(i / 4),
  });
  await writeTable(root, images);
  const add = async (seed: number): Promise<void> => {
    await addRun(root, network, (y, outputs) => drawPredictions(y, outputs, seed), 0.01);
  };
  await add(1);
  await keepFound(root, env['OVERREAD_CACHE'] ?? '', images);
  return { root, env, images, addRun: add };
}

/** A run of a small project of the same user names the network that both have. */
async function makeNetwork(root: string, user: string): Promise<RunRecord['network']> {
  const env = await cachedProject(root, user, 64, features);
  const { run } = await runJson<{ run: string }>(['finetune', root], [0], env);
  return (await readRun(root, run)).record.network;
}

/** In place of the table of one class: a column of findings as in NIH ChestX-ray14, and some that are looked at beside it. */
async function writeTable(root: string, images: number): Promise<void> {
  const random = new SplitMix32(5);
  const rows = Array.from({ length: images }, (_, i) => {
    const present = findings.filter((_name, f) => random.uniform() < 0.02 + 0.01 * f);
    const facts = [`p${i >> 2}`, 20 + random.below(70), i % 3 === 0 ? 'AP' : 'PA', i % 2 === 0 ? 'F' : 'M'];
    return `${i}.png,${facts.join(',')},${present.join('|') || 'No Finding'}\n`;
  });
  await fs.writeFile(path.join(root, 'samples.csv'), `image,patient,age,view,sex,labels\n${rows.join('')}`);
  const file = path.join(root, 'overread.yaml');
  const yaml = await fs.readFile(file, 'utf8');
  const labels = `labels: { task: multi-label, column: labels, findings: [${findings.join(', ')}] }`;
  await fs.writeFile(file, yaml.replace(/^labels:.*$/m, labels));
}

function drawPredictions(y: Int32Array, outputs: readonly string[], seed: number): PredictionColumns {
  const random = new SplitMix32(seed);
  return {
    outputs,
    probabilities: Float64Array.from(
      y,
      (target) => 1 / (1 + Math.exp(-(random.normal() * 1.2 + 3 * target - 2.2))),
    ),
    outOfFold: new Uint8Array(y.length / outputs.length).fill(1),
    thresholds: outputs.map(() => 0.5),
  };
}

async function keepFound(root: string, cacheDir: string, images: number): Promise<void> {
  const project = await openProject(root);
  const { samples } = project.dataset;
  const checks = Array.from({ length: pairs }, (_, n): Check => {
    const first = Math.floor((n * images) / pairs);
    const isContradiction = n % 10 === 0;
    return {
      code: 'OVR604',
      kind: isContradiction ? 'contradiction' : 'near-duplicate',
      severity: 'warning',
      samples: [first, (first + 4) % images].map((i) => samples[i]?.id ?? ''),
      ...(isContradiction ? { finding: findings[n % 14] ?? '' } : {}),
      score: 0.9,
      message: 'Two images of the farm look alike',
      fixes: [],
    };
  });
  const report = { samples: images, checks, ignored: [], told: new Set<Check>() };
  const file = keptChecksFile(cacheDir, project.folder.root);
  await keepChecks(file, project, report, { quick: false, time: new Date() });
}
