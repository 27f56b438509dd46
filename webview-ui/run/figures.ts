/** Tables of the run's page: figures of the whole, figures at a threshold, confusion. */
import { formatEstimate } from '../../src/charts/figures';
import type { OperatingPoint, PartAnalysis, RunAnalysis } from '../../src/protocol/runPageApi';
import { scrolledTable } from '../scrolledTable';
import { fill } from '../texts';
import type { RunTexts } from './strings';

/** The figures that the run has, a column for each part. */
export function figuresTable({ parts }: RunAnalysis, texts: RunTexts): HTMLElement {
  const rows: readonly (readonly [string, (part: PartAnalysis) => string])[] = [
    [texts.images, ({ metrics }) => String(metrics.samples)],
    [texts.patients, ({ metrics }) => String(metrics.patients)],
    [texts.accuracy, ({ metrics }) => formatEstimate(metrics.accuracy)],
    [texts.balanced, ({ metrics }) => formatEstimate(metrics.balanced_accuracy)],
    [texts.auroc, ({ metrics }) => formatEstimate(metrics.auroc_macro)],
    [texts.auprc, ({ metrics }) => formatEstimate(metrics.auprc_macro)],
    [texts.logLoss, ({ metrics }) => formatEstimate(metrics.log_loss)],
    [texts.brier, ({ metrics }) => formatEstimate(metrics.brier)],
    [texts.ece, ({ metrics }) => formatEstimate(metrics.ece)],
  ];
  return scrolledTable(
    `${texts.figures}: ${texts.intervals}`,
    [texts.figure, ...parts.map(({ part }) => texts[part])],
    rows.map(([name, of]) => [name, ...parts.map(of)]),
  );
}

/** What a threshold comes to on each part. */
export function thresholdTable({ figures }: OperatingPoint, texts: RunTexts): HTMLElement {
  return scrolledTable(
    texts.threshold,
    [texts.part, texts.sensitivity, texts.specificity, texts.ppv, texts.npv],
    figures.map(({ part, figures: at }) => [
      texts[part],
      ...[at.sensitivity, at.specificity, at.ppv, at.npv].map(formatEstimate),
    ]),
  );
}

/** The confusion of every part: of classes all of them, of findings the chosen one. */
export function confusionTables(
  { parts, task }: RunAnalysis,
  output: string,
  texts: RunTexts,
): HTMLElement[] {
  return parts.flatMap(({ part, metrics: { confusion } }) => {
    const isFinding = task === 'multi-label';
    const matrix = isFinding
      ? confusion.matrices.find((one) => one.output === output)
      : confusion.matrices[0];
    if (!matrix) return [];
    const names = isFinding ? [texts.negative, texts.positive] : confusion.labels;
    return [
      scrolledTable(
        fill(texts.confusionOf, { part: texts[part] }),
        [texts.label, ...names],
        matrix.counts.map((row, n) => [names[n] ?? '', ...row.map(String)]),
        true,
      ),
    ];
  });
}
