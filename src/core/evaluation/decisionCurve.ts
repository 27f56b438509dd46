/**
 * Decision curves: what acting on a model is worth beside acting on everybody or on nobody (Vickers, Elkin: Med Decis
 * Making 26, 2006, 565-574). Net benefit is true positives less weighted false positives, each as a share of all; the
 * weight is the odds of the probability from which on somebody would act.
 */
import { isCalled } from './outcomeRules';
import type { RankedEntries } from './curves';
import type { DecisionCurve } from './runAnalysis';

/**
 * Equal to dcurves. Cost: linear.
 * @param prevalence of the population that is meant, 0 to 1; null: that of the entries
 * @returns null without positives or without negatives
 */
export function decisionCurve(entries: RankedEntries, prevalence: number | null): DecisionCurve | null {
  const { confidence, positive, positives, negatives } = entries;
  if (positives === 0 || negatives === 0) return null;
  const share = prevalence ?? positives / (positives + negatives);
  const thresholds = Array.from({ length: 99 }, (_, n) => (n + 1) / 100);
  const model = new Array<number>(thresholds.length).fill(0);
  let called = 0;
  let truePositives = 0;
  for (let k = thresholds.length - 1; k >= 0; k--) {
    const threshold = thresholds[k] ?? NaN;
    while (called < confidence.length && isCalled(confidence[called]!, threshold)) {
      truePositives += positive[called]!;
      called++;
    }
    const sensitivity = truePositives / positives;
    const falseRate = (called - truePositives) / negatives;
    model[k] = netBenefit(sensitivity, falseRate, share, threshold);
  }
  return { thresholds, model, all: thresholds.map((t) => netBenefit(1, 1, share, t)), prevalence: share };
}

function netBenefit(sensitivity: number, falseRate: number, share: number, threshold: number): number {
  return sensitivity * share - (falseRate * (1 - share) * threshold) / (1 - threshold);
}
