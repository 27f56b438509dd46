/** The cases of test/golden/compare.py: models on the same rows, and the resamplings of patients. */
import type { MetricsInput } from '../../../src/core/evaluation/metrics';
import golden from '../../golden/values/evaluation/differences.json';

type Case = (typeof golden.cases)[number];

/** The golden models as what the metrics are computed of. */
export function inputsOf({ task, y, models }: Case): MetricsInput[] {
  const outputs = models[0]![0]!.map((_, k) => `out ${k}`);
  return models.map((p) => ({
    targets: { task: task as 'multi-class' | 'multi-label', outputs, y: Int32Array.from(y.flat()) },
    probabilities: Float64Array.from(p.flat()),
    rows: Int32Array.from(p.keys()),
    groups: golden.groups,
    thresholds: task === 'multi-label' ? outputs.map(() => 0.5) : [],
  }));
}

export const options = { seed: golden.seed, replicates: golden.replicates };
