/** Every figure of a part, with patients counted as often as asked: once for the value, resampled for its interval. */
import { calibrationBins, type OutputEntries, type Part } from './part';
import { present } from '../base/present';

/** Figures of the whole part, in the order of `Figures.overall`. */
export const overallFigures = [
  'accuracy',
  'balanced_accuracy',
  'auroc_macro',
  'auprc_macro',
  'f1_macro',
  'log_loss',
  'brier',
  'ece',
] as const;

/** Figures of one output, in the order of `Figures.outputs[o]`. */
export const outputFigures = [
  'auroc',
  'auprc',
  'sensitivity',
  'specificity',
  'f1',
  'log_loss',
  'brier',
] as const;

export type OverallFigure = (typeof overallFigures)[number];
export type OutputFigure = (typeof outputFigures)[number];

/** Values by name; NaN where a figure is not defined. */
export interface Figures {
  readonly overall: Readonly<Record<OverallFigure, number>>;
  readonly outputs: readonly OutputFigures[];
}

type OutputFigures = Readonly<Record<OutputFigure, number>>;

/** Outputs with both positives and negatives: macro averages run over these. */
export function macroOutputs(part: Part): number[] {
  return [...part.outputs.entries()]
    .filter(([, { positives, negatives }]) => positives > 0 && negatives > 0)
    .map(([o]) => o);
}

/**
 * Computes all figures. Definitions and what happens without positives: docs/last-layer.md.
 * @param weights how often each patient counts
 * @param macro outputs to average over, of the unresampled part
 */
export function computeFigures(part: Part, weights: Uint16Array, macro: readonly number[]): Figures {
  const all = part.outputs.map((entries) => {
    const counted = sweep(entries, weights);
    return { entries, counted, figures: outputFiguresOf(counted) };
  });
  const outputs = all.map(({ figures }) => figures);
  const averaging = macro.map((o) => present(all[o], 'the output'));
  const mean = (figure: (output: OutputFigures) => number) =>
    average(averaging.map(({ figures }) => figure(figures)));
  const averaged = {
    auroc_macro: mean(({ auroc }) => auroc),
    auprc_macro: mean(({ auprc }) => auprc),
    f1_macro: mean(({ f1 }) => f1),
  };
  if (!part.samples) {
    const overall = {
      ...averaged,
      accuracy: average(averaging.map(({ counted }) => accuracyOf(counted))),
      balanced_accuracy: mean(({ sensitivity, specificity }) => (sensitivity + specificity) / 2),
      log_loss: mean(({ log_loss }) => log_loss),
      brier: mean(({ brier }) => brier),
      ece: average(averaging.map(({ entries }) => calibrationError(entries, weights))),
    };
    return { overall, outputs };
  }
  const occurring = all.filter(({ entries }) => entries.positives > 0);
  const totals = weightedTotals(part.samples, weights);
  const overall = {
    ...averaged,
    accuracy: totals.correct / totals.weight,
    balanced_accuracy: average(occurring.map(({ figures }) => figures.sensitivity)),
    log_loss: totals.loss / totals.weight,
    brier: totals.squared / totals.weight,
    ece: calibrationError(part.samples, weights),
  };
  return { overall, outputs };
}

/** Weighted counts of one output and the areas under its curves. */
interface Sweep {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly positives: number;
  readonly negatives: number;
  /** Pairs of a positive and a negative in the right order, ties half. */
  readonly rightPairs: number;
  /** Σ over tie groups of positives in it times precision down to it. */
  readonly precisionSum: number;
  readonly loss: number;
  readonly squared: number;
}

/** One pass from the highest probability down. */
function sweep(output: OutputEntries, weights: Uint16Array): Sweep {
  const { patient, positive, called, tieEnd, loss, squared } = output;
  let positives = 0;
  let negatives = 0;
  let positivesBefore = 0;
  let negativesBefore = 0;
  let truePositives = 0;
  let falsePositives = 0;
  let rightPairs = 0;
  let precisionSum = 0;
  let lossSum = 0;
  let squaredSum = 0;
  for (let n = 0; n < patient.length; n++) {
    const weight = weights[patient[n]!]!;
    if (weight > 0) {
      lossSum += weight * loss[n]!;
      squaredSum += weight * squared[n]!;
      if (positive[n] === 1) {
        positives += weight;
        truePositives += weight * called[n]!;
      } else {
        negatives += weight;
        falsePositives += weight * called[n]!;
      }
    }
    if (tieEnd[n] === 1) {
      const morePositives = positives - positivesBefore;
      rightPairs += (negatives - negativesBefore) * (positivesBefore + morePositives / 2);
      if (morePositives > 0) precisionSum += (morePositives * positives) / (positives + negatives);
      positivesBefore = positives;
      negativesBefore = negatives;
    }
  }
  return {
    truePositives,
    falsePositives,
    positives,
    negatives,
    rightPairs,
    precisionSum,
    loss: lossSum,
    squared: squaredSum,
  };
}

function outputFiguresOf(s: Sweep): Record<OutputFigure, number> {
  const rows = s.positives + s.negatives;
  const missed = s.positives - s.truePositives;
  // 0 / 0 is NaN: not defined.
  return {
    auroc: s.rightPairs / (s.positives * s.negatives),
    auprc: s.precisionSum / s.positives,
    sensitivity: s.truePositives / s.positives,
    specificity: (s.negatives - s.falsePositives) / s.negatives,
    f1: (2 * s.truePositives) / (2 * s.truePositives + s.falsePositives + missed),
    log_loss: s.loss / rows,
    brier: s.squared / rows,
  };
}

function accuracyOf(s: Sweep): number {
  return (s.truePositives + s.negatives - s.falsePositives) / (s.positives + s.negatives);
}

type Totals = Pick<OutputEntries, 'patient' | 'correct' | 'loss' | 'squared' | 'bin' | 'confidence'>;

function weightedTotals({ patient, correct, loss, squared }: Totals, weights: Uint16Array) {
  const totals = { weight: 0, correct: 0, loss: 0, squared: 0 };
  for (let n = 0; n < patient.length; n++) {
    const weight = weights[patient[n]!]!;
    totals.weight += weight;
    totals.correct += weight * correct[n]!;
    totals.loss += weight * loss[n]!;
    totals.squared += weight * squared[n]!;
  }
  return totals;
}

/** Σ over bins of |Σ confidence - Σ correct| / total (Guo et al., ICML 2017). */
function calibrationError({ patient, correct, bin, confidence }: Totals, weights: Uint16Array): number {
  const gap = new Float64Array(calibrationBins);
  let total = 0;
  for (let n = 0; n < patient.length; n++) {
    const weight = weights[patient[n]!]!;
    total += weight;
    gap[bin[n]!]! += weight * (confidence[n]! - correct[n]!);
  }
  return gap.reduce((sum, value) => sum + Math.abs(value), 0) / total;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
