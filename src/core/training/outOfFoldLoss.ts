/** The figure by which the penalty is chosen. */
import type { Targets } from '../labels/model';
import { logSumExp, softplus } from './calibrate';
import type { FitPlan } from './fitPlan';
import { present } from '../base/present';

/**
 * Mean cross entropy of out-of-fold logits over the labelled training rows, nats, before calibration: one
 * number for softmax, one per finding for sigmoid. NaN where a finding has no positives or no negatives.
 */
export function outOfFoldLoss(logits: Float32Array, targets: Targets, plan: FitPlan): Float64Array {
  const outputs = targets.outputs.length;
  const { trainingFold, folds, weightings, data } = plan;
  const units = data.classes > 0 ? 1 : outputs;
  const sums = new Float64Array(units);
  trainingFold.forEach((fold, row) => {
    if (fold < 0) return;
    for (let unit = 0; unit < units; unit++) {
      const y = targets.y[row * units + unit]!;
      if (y < 0) continue;
      const z = logits.subarray(row * outputs, (row + 1) * outputs);
      sums[unit]! += data.classes > 0 ? logSumExp(z) - z[y]! : softplus(z[unit]!) - y * z[unit]!;
    }
  });
  const whole = weightings.filter(({ partition }) => partition === folds);
  return sums.map((sum, unit) => {
    const { solvable, rows } = present(whole[unit], 'the fit on all rows');
    return solvable ? sum / rows : Number.NaN;
  });
}
