/** The model's opinions as rows, and the errors among them, worst first. */
import type { Dataset, LabelValue, Split, SplitAssignment } from '../dataset/model';
import { itemFlags, type EffectiveLabels } from '../labels/effectiveLabels';
import type { Targets } from '../labels/model';
import type { Prediction, PredictionColumns } from './model';

export interface PredictionsInput {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly labels: Pick<EffectiveLabels, 'valueAt' | 'flags'>;
  readonly targets: Targets;
  readonly predictions: PredictionColumns;
}

/** A prediction that contradicts the effective label. */
export type RankedError = Prediction & { readonly loss: number };

/** Probabilities are kept this far from 0 under the logarithm, as scikit-learn's log_loss does in float64. */
export const smallestProbability = Number.EPSILON;

/** Cross entropy of an outcome that had this probability, nats. NaN for an unknown probability. */
export function lossOf(probability: number): number {
  return -Math.log(Math.max(probability, smallestProbability)) + 0;
}

/**
 * The items whose predicted value contradicts their label, of all parts, worst first. Items whose label somebody
 * kept are settled and not among them, nor are samples that the model was trained on.
 */
export function rankErrors(input: PredictionsInput): RankedError[] {
  const errors: RankedError[] = [];
  const findings = input.dataset.findings.length;
  forEachItem(input, (opinion) => {
    if (opinion.loss === null || opinion.target === opinion.predicted) return;
    const flags = input.labels.flags[opinion.sample * findings + opinion.finding]!;
    if ((flags & itemFlags.kept) !== 0) return;
    errors.push({ ...rowOf(input, opinion), loss: opinion.loss });
  });
  return errors.sort(compareErrors);
}

/** Rising order of this puts the highest loss first; equal losses by sample and finding, so that it is stable. */
export function compareErrors(
  a: Pick<RankedError, 'loss' | 'sample' | 'finding'>,
  b: Pick<RankedError, 'loss' | 'sample' | 'finding'>,
): number {
  if (a.loss !== b.loss) return b.loss - a.loss;
  if (a.sample !== b.sample) return a.sample < b.sample ? -1 : 1;
  return a.finding < b.finding ? -1 : a.finding > b.finding ? 1 : 0;
}

/** The class with the highest probability, the first of equals. */
export function mostProbable(probabilities: Float64Array): number {
  let best = 0;
  for (let k = 1; k < probabilities.length; k++) {
    if (probabilities[k]! > probabilities[best]!) best = k;
  }
  return best;
}

interface Opinion {
  readonly sample: number;
  readonly finding: number;
  /** Class index, or 1 and 0. */
  readonly target: number;
  readonly predicted: number;
  readonly p: number;
  readonly loss: number | null;
}

function forEachItem({ targets, predictions }: PredictionsInput, visit: (opinion: Opinion) => void): void {
  const outputs = targets.outputs.length;
  const { probabilities, thresholds, outOfFold } = predictions;
  for (let sample = 0; sample < outOfFold.length; sample++) {
    const p = probabilities.subarray(sample * outputs, (sample + 1) * outputs);
    if (Number.isNaN(p[0]) || predictions.seen?.[sample] === 1) continue;
    if (targets.task === 'multi-class') {
      const predicted = mostProbable(p);
      const target = targets.y[sample]!;
      const loss = target < 0 ? null : lossOf(p[target]!);
      visit({ sample, finding: 0, target, predicted, p: p[predicted]!, loss });
      continue;
    }
    for (let finding = 0; finding < outputs; finding++) {
      const target = targets.y[sample * outputs + finding]!;
      const predicted = p[finding]! >= thresholds[finding]! ? 1 : 0;
      const loss = target < 0 ? null : lossOf(target === 1 ? p[finding]! : 1 - p[finding]!);
      visit({ sample, finding, target, predicted, p: p[finding]!, loss });
    }
  }
}

function rowOf({ dataset, assignment, labels, targets, predictions }: PredictionsInput, opinion: Opinion) {
  const { sample, finding, predicted, p, loss } = opinion;
  const multiClass = targets.task === 'multi-class';
  const given: LabelValue = labels.valueAt(sample * dataset.findings.length + finding);
  const split: Split = assignment.split[sample]!;
  return {
    sample: dataset.samples[sample]!.id,
    finding: dataset.findings[finding]!.name,
    split,
    given,
    predicted: multiClass ? targets.outputs[predicted]! : String(predicted),
    p,
    threshold: multiClass ? null : predictions.thresholds[finding]!,
    loss,
    out_of_fold: predictions.outOfFold[sample] === 1,
  };
}
