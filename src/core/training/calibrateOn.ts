/** Calibration and thresholds from the labelled rows that a model has not seen. */
import type { Targets } from '../labels/model';
import { fitPlatt, fitTemperature, minPositivePatients } from './calibrate';
import type { Calibration } from './model';
import { chooseThreshold, judgedFrom, plainThreshold } from './thresholds';

/**
 * A temperature (multi-class), or a line for each finding with enough positive patients.
 * @param logits row-major rows × outputs
 * @param chosen 1 where the row's logits are of a model that did not see its patient
 * @param groups the patient of each row
 */
export function calibrateOn(
  logits: Float64Array,
  targets: Targets,
  chosen: Uint8Array,
  groups: readonly string[],
): Calibration {
  const outputs = targets.outputs.length;
  if (targets.task === 'multi-class') {
    return {
      kind: 'temperature',
      temperature: fitTemperature(logits, outputs, labelsOf(targets, chosen, 0, 1)),
    };
  }
  const lines = targets.outputs.map((_, o) => {
    const labels = labelsOf(targets, chosen, o, outputs);
    if (positivePatients(labels, groups) < minPositivePatients) return { slope: 1, intercept: 0 };
    return fitPlatt(column(logits, o, outputs), labels);
  });
  return {
    kind: 'platt',
    slope: lines.map((line) => line.slope),
    intercept: lines.map((line) => line.intercept),
  };
}

/**
 * The decision threshold of each finding; none in multi-class. One that is too rare to judge has none of its own making.
 * @param groups the patient of each row
 */
export function thresholdsOn(
  probabilities: Float64Array,
  targets: Targets,
  chosen: Uint8Array,
  groups: readonly string[],
): number[] {
  const outputs = targets.outputs.length;
  if (targets.task === 'multi-class') return [];
  return targets.outputs.map((_, o) => {
    const labels = labelsOf(targets, chosen, o, outputs);
    if (positivePatients(labels, groups) < judgedFrom) return plainThreshold;
    return chooseThreshold(column(probabilities, o, outputs), labels);
  });
}

function positivePatients(labels: Int32Array, groups: readonly string[]): number {
  return new Set(groups.filter((_group, row) => labels[row] === 1)).size;
}

/** Labels of one column of the targets, -1 where the row is not chosen. */
function labelsOf(targets: Targets, chosen: Uint8Array, offset: number, stride: number): Int32Array {
  return Int32Array.from(chosen, (flag, row) => (flag === 1 ? targets.y[row * stride + offset]! : -1));
}

function column(values: Float64Array, offset: number, stride: number): Float64Array {
  return Float64Array.from({ length: values.length / stride }, (_, row) => values[row * stride + offset]!);
}
