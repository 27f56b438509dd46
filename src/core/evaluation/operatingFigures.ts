/** What calling an output from some probability on comes to: counts, and the four figures that are asked of a test. */
import { clopperPearson } from './exactTests';
import { hasEnoughPatients } from './enoughPatients';
import { countPatients } from './metrics';
import type { Estimate } from './model';
import { isCalled } from './outcomeRules';
import type { OutputEntries } from './part';
import type { OperatingFigures } from './runAnalysis';

/** PPV at a prevalence, by Bayes' rule; NaN where nothing is called. */
export function ppvAt(prevalence: number, sensitivity: number, specificity: number): number {
  const right = sensitivity * prevalence;
  return right / (right + (1 - specificity) * (1 - prevalence));
}

/** NPV at a prevalence, by Bayes' rule; NaN where everything is called. */
export function npvAt(prevalence: number, sensitivity: number, specificity: number): number {
  const right = specificity * (1 - prevalence);
  return right / (right + (1 - sensitivity) * prevalence);
}

/**
 * Figures of one output at a threshold. Intervals are exact (Clopper–Pearson, 95 %). Images of one patient are alike: where a
 * patient has several, the share counts as if each patient had been one draw, which makes the interval wider, never
 * narrower. There is none below ten positive or ten negative patients. PPV and NPV at a given prevalence have the ends
 * that sensitivity and specificity allow, each with 97.5 %, so that both hold together with 95 %.
 * @param prevalence of the population that is meant, 0 to 1; null: that of the part
 */
export function figuresAt(
  output: OutputEntries,
  threshold: number,
  prevalence: number | null,
): OperatingFigures {
  const { confidence, positive, patient, positives, negatives } = output;
  let called = 0;
  let truePositives = 0;
  while (called < confidence.length && isCalled(confidence[called]!, threshold)) {
    truePositives += positive[called]!;
    called++;
  }
  const falsePositives = called - truePositives;
  const trueNegatives = negatives - falsePositives;
  const patients = countPatients(output);
  const isEnough = hasEnoughPatients(patients);
  const exact = (found: number, of: number, draws: number, confidenceLevel = 0.95): Estimate => {
    const value = of === 0 ? null : found / of;
    if (value === null || !isEnough) return { value, low: null, high: null };
    return { value, ...clopperPearson(value * draws, draws, confidenceLevel) };
  };
  const distinct = (from: number, to: number): number => new Set(patient.subarray(from, to)).size;
  const rates = (level: number) => ({
    sensitivity: exact(truePositives, positives, patients.positivePatients, level),
    specificity: exact(trueNegatives, negatives, patients.negativePatients, level),
  });
  const values =
    prevalence === null
      ? {
          ppv: exact(truePositives, called, distinct(0, called)),
          npv: exact(trueNegatives, confidence.length - called, distinct(called, confidence.length)),
        }
      : reweighted(rates(0.975), prevalence);
  return {
    threshold,
    true_positives: truePositives,
    false_positives: falsePositives,
    false_negatives: positives - truePositives,
    true_negatives: trueNegatives,
    ...rates(0.95),
    ...values,
  };
}

/** Both values rise with sensitivity and with specificity, so their ends are at the ends of the two. */
function reweighted(
  { sensitivity, specificity }: Pick<OperatingFigures, 'sensitivity' | 'specificity'>,
  prevalence: number,
): Pick<OperatingFigures, 'ppv' | 'npv'> {
  const at = (rule: typeof ppvAt): Estimate => {
    const of = (end: keyof Estimate): number | null => {
      const [a, b] = [sensitivity[end], specificity[end]];
      const value = a === null || b === null ? NaN : rule(prevalence, a, b);
      return Number.isNaN(value) ? null : value;
    };
    const value = of('value');
    return value === null ? { value, low: null, high: null } : { value, low: of('low'), high: of('high') };
  };
  return { ppv: at(ppvAt), npv: at(npvAt) };
}
