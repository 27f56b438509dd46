/** The figures of a part of the data, without intervals. */
import { classFinding } from '../dataset/model';
import { computeFigures, macroOutputs, overallFigures, outputFigures, type Figures } from './figures';
import type { Estimate, Metrics } from './model';
import { layOutPart, type MetricsInput, type OutputEntries, type Part } from './part';
import { present } from '../base/present';

export type { MetricsInput } from './part';

/**
 * Computes every figure of one part. Equal to scikit-learn's; definitions in docs/last-layer.md. null: not
 * defined (no samples, one class only).
 */
export function computeMetrics(input: MetricsInput): Metrics {
  const part = layOutPart(input);
  const macro = macroOutputs(part);
  const figures = computeFigures(part, new Uint16Array(part.patients).fill(1), macro);
  return {
    samples: part.sampleCount,
    patients: part.patients,
    ...overallEstimates(figures),
    macro_over: macro.map((o) => present(part.outputs[o], 'the output').name),
    outputs: part.outputs.map((output, o) => ({
      name: output.name,
      positives: output.positives,
      negatives: output.negatives,
      ...countPatients(output),
      ...outputEstimates(present(figures.outputs[o], 'the figures')),
      threshold: output.threshold,
    })),
    confusion: confusionOf(part),
  };
}

/** Distinct patients with a positive entry, and with a negative one; a patient may have both. */
export function countPatients(output: OutputEntries): {
  readonly positivePatients: number;
  readonly negativePatients: number;
} {
  const having = new Set<number>();
  const without = new Set<number>();
  output.patient.forEach((patient, n) => (output.positive[n] === 1 ? having : without).add(patient));
  return { positivePatients: having.size, negativePatients: without.size };
}

function overallEstimates(figures: Figures) {
  const entries = overallFigures.map((name) => [name, estimate(figures.overall[name])] as const);
  return Object.fromEntries(entries) as Record<(typeof overallFigures)[number], Estimate>;
}

function outputEstimates(figures: Figures['outputs'][number]) {
  const entries = outputFigures.map((name) => [name, estimate(figures[name])] as const);
  return Object.fromEntries(entries) as Record<(typeof outputFigures)[number], Estimate>;
}

function estimate(value: number): Estimate {
  return { value: Number.isNaN(value) ? null : value, low: null, high: null };
}

function confusionOf(part: Part): Metrics['confusion'] {
  if (part.confusion) {
    return {
      labels: part.outputs.map((output) => output.name),
      matrices: [{ output: classFinding, counts: part.confusion }],
    };
  }
  return {
    labels: ['0', '1'],
    matrices: part.outputs.map((output) => ({ output: output.name, counts: twoByTwo(output) })),
  };
}

/** [[true negatives, false positives], [false negatives, true positives]]. */
function twoByTwo({ positive, called }: OutputEntries): number[][] {
  const counts = new Float64Array(4);
  positive.forEach((label, n) => counts[2 * label + called[n]!]!++);
  return [
    [counts[0]!, counts[1]!],
    [counts[2]!, counts[3]!],
  ];
}
