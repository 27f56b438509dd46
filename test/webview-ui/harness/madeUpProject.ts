/**
 * A project as it lies on disk, of any size and within a second: its table, its parts and its runs are real ones, written
 * by core; its images are not there, and its predictions are drawn.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { SplitMix32 } from '../../../src/core/base/random';
import { buildTargets } from '../../../src/core/labels/targets';
import { makeRun } from '../../../src/core/runs/makeRun';
import type { Trainer } from '../../../src/core/trainers/trainer';
import { userCacheFolder } from '../../../src/core/base/userCache';

export interface MadeUp {
  readonly images: number;
  /** Of a multi-class project; unused where there are findings. */
  readonly classes: readonly string[];
  readonly findings: readonly string[];
  /** Those of the findings that one image in a hundred has. */
  readonly rare?: readonly string[];
  /** Whether it was fine-tuned. */
  readonly run: boolean;
  /** Whether that was on random weights. */
  readonly randomWeights: boolean;
  /** The filter of a queue of the project's own, "Own queue"; empty: there is none. */
  readonly saved: string;
}

/** Makes it in `root`, which is a new folder. */
export async function makeUp(root: string, made: MadeUp): Promise<void> {
  const { images, classes, findings, saved } = made;
  await fs.mkdir(root, { recursive: true });
  const random = new SplitMix32(1);
  const outputs = findings.length > 0 ? findings : ['label'];
  const rows = Array.from({ length: images }, (_, i) => {
    const patient = i >> 1;
    const part = patient % 10 === 0 ? 'test' : patient % 10 === 1 ? 'validation' : 'train';
    const given = outputs.map((name) => {
      if (findings.length === 0) return classes[random.below(classes.length)];
      return made.rare?.includes(name) === true ? Number(random.below(100) === 0) : random.below(2);
    });
    return [pathOf(i), `patient-${patient}`, part, '63', 'F', 'PA', ...given].join(',');
  });
  const header = ['path', 'patient', 'part', 'age', 'sex', 'view_position', ...outputs].join(',');
  await fs.writeFile(path.join(root, 'samples.csv'), [header, ...rows, ''].join('\n'));
  const labels =
    findings.length > 0
      ? `task: multi-label, findings: [${findings.join(', ')}]`
      : `task: multi-class, column: label, classes: [${classes.join(', ')}]`;
  await fs.writeFile(
    path.join(root, 'overread.yaml'),
    `version: 1
name: phantoms
dataset: { table: samples.csv, images: ., path: path, group: patient }
labels: { ${labels} }
split: { column: part, folds: 2 }
${saved === '' ? '' : `review: { queues: { Own queue: ${JSON.stringify(saved)} } }\n`}`,
  );
  if (made.run) await makeUpRun(root, made.randomWeights, 'first');
}

/** Another run, whose predictions are others. */
export async function makeUpRun(root: string, randomWeights: boolean, name: string): Promise<void> {
  const { env } = process;
  const enough = new AbortController();
  const options = { env, cacheDir: userCacheFolder(env), versions: {}, name, signal: enough.signal };
  // The run is whole by then but for its intervals, which the page does not show and which take longest.
  const onRanked = (): void => enough.abort();
  await makeRun(root, drawn, { randomWeights, seed: name.length }, { ...options, onRanked }).catch(
    (error: unknown) => {
      if ((error as { code?: unknown }).code !== 'OVR002') throw error;
    },
  );
}

/** The path of the image with this number, which ends with it. */
function pathOf(i: number): string {
  const digits = (n: number, length: number): string => String(n).padStart(length, '0');
  return `site${(i % 3) + 1}/patient-${digits(i >> 1, 5)}/image-${digits(i, 6)}.png`;
}

interface DrawnRequest {
  readonly seed: number;
  readonly randomWeights: boolean;
}

/** A trainer that is wrong by chance, with a confidence by chance. */
const drawn: Trainer<DrawnRequest> = {
  name: 'drawn',
  command: 'finetune',
  learns: true,
  train({ dataset, assignment, labels }, { seed, randomWeights }) {
    const { task, outputs, y } = buildTargets(dataset, labels);
    const random = new SplitMix32(seed);
    const isWrong = (): boolean => random.uniform() < 0.18;
    const confidence = (): number => 0.5 + 0.499 * random.uniform();
    const count = outputs.length;
    const probabilities = new Float64Array(dataset.samples.length * count);
    for (let i = 0; i < dataset.samples.length; i++) {
      if (task === 'multi-label') {
        for (let k = 0; k < count; k++) {
          const p = confidence();
          probabilities[i * count + k] = (y[i * count + k] === 1) === isWrong() ? 1 - p : p;
        }
      } else {
        const p = confidence();
        const given = y[i] ?? 0;
        const predicted = isWrong() ? (given + 1 + random.below(count - 1)) % count : given;
        for (let k = 0; k < count; k++) {
          probabilities[i * count + k] = k === predicted ? p : (1 - p) / (count - 1);
        }
      }
    }
    return Promise.resolve({
      predictions: {
        outputs,
        probabilities,
        outOfFold: Uint8Array.from(assignment.fold, (fold) => (fold >= 0 ? 1 : 0)),
        thresholds: task === 'multi-label' ? outputs.map(() => 0.5) : [],
      },
      outputs,
      files: [],
      network: {
        architecture: 'densenet121',
        weights: {
          name: 'densenet121.tv_in1k',
          sha256: '0'.repeat(64),
          source: randomWeights ? 'random' : 'cache',
          trained_on: null,
        },
        device: { name: 'cpu', reason: 'drawn' },
      },
      settings: { seed },
      usualName: 'drawn',
      contentHashes: dataset.samples.map(() => ''),
      problems: [],
      timings: { features_s: 0, cached: 0, train_s: 0 },
    });
  },
};
