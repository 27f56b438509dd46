/** Catalogs for tests: random datasets with predictions, all from one seed. */
import { SplitMix32 } from '../../../src/core/base/random';
import { type Dataset, type LabelValue, type SplitAssignment, splits } from '../../../src/core/dataset/model';
import type { PredictionColumns } from '../../../src/core/evaluation/model';
import { multiClass, multiLabel, sample } from '../labels/builders';

export const classes = ['No finding', 'Pneumonia', "Crohn's; DROP TABLE items--"];

export interface World {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly predictions: PredictionColumns;
}

/** Samples with metadata of every type, a few unlabelled, a few without a prediction. */
export function makeWorld(task: Dataset['task'], count: number, seed: number): World {
  const random = new SplitMix32(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)]!;
  const given: readonly LabelValue[] =
    task === 'multi-class' ? [...classes, null] : ['1', '0', 'uncertain', null];
  const width = task === 'multi-class' ? 1 : 3;
  const samples = Array.from({ length: count }, (_, i) =>
    sample(
      `s ${i}`,
      Array.from({ length: width }, () => pick(given)),
      {
        path: `images/${random.below(count)}.png`,
        group: `P${Math.floor(i / 2)}`,
        study: i % 5 === 0 ? null : `T${Math.floor(i / 4)}`,
        metadata: {
          ...(random.uniform() < 0.1 ? {} : { age: String(random.below(95)) }),
          weight: (random.uniform() * 100).toFixed(2),
          sex: pick(['F', 'M']),
          taken: `2024-0${1 + random.below(9)}-1${random.below(10)}`,
          code: `00${i}`,
          Path: 'shadowed',
          'odd "name"': pick(['x', 'y']),
        },
      },
    ),
  );
  const plain =
    task === 'multi-class'
      ? multiClass(samples, classes)
      : multiLabel(samples, [
          { name: 'Effusion', uncertain: 'positive' },
          { name: 'Mass', unmentioned: 'masked' },
          { name: "Crohn's", uncertain: 'negative' },
        ]);
  const dataset = {
    ...plain,
    metadataColumns: ['age', 'weight', 'sex', 'taken', 'code', 'Path', 'odd "name"'],
  };
  const outputs = task === 'multi-class' ? classes : dataset.findings.map((finding) => finding.name);
  const probabilities = new Float64Array(count * outputs.length);
  for (let i = 0; i < count; i++) {
    const row = outputs.map(() => Math.round(random.uniform() * 20) / 20 + 0.01);
    const sum = task === 'multi-class' ? row.reduce((a, b) => a + b, 0) : 1.02;
    row.forEach((p, k) => (probabilities[i * outputs.length + k] = i % 11 === 10 ? NaN : p / sum));
  }
  return {
    dataset,
    assignment: {
      split: samples.map(() => pick(splits)),
      fold: new Int32Array(count).fill(-1),
      folds: 5,
    },
    predictions: {
      outputs,
      probabilities,
      outOfFold: Uint8Array.from(samples, () => random.below(2)),
      thresholds: task === 'multi-class' ? [] : [0.5, 0.3, 0.7],
    },
  };
}
