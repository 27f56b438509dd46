/** A run's figures as lines for a terminal. */
import { formatEstimate } from '../charts/figures';
import { sentenceLimit, shortened, visibleText } from '../core/base/visibleText';
import type { Estimate, Metrics, ShownMetrics } from '../core/evaluation/model';

/** The parts that are shown, the one whose classes or findings are listed first. */
function partsOf({ all, out_of_fold, validation }: ShownMetrics): readonly [Metrics, string][] {
  // Where nothing of the project trained the model, its training part is a part as any other.
  if (all) return [[all, 'all images']];
  return [
    [out_of_fold, 'out of fold'],
    [validation, 'validation'],
  ];
}

/** A table of the parts, without test, then one line per class or finding of the first. */
export function describeMetrics(metrics: ShownMetrics): string[] {
  const columns: readonly [string, (part: Metrics) => Estimate][] = [
    ['accuracy', (part) => part.accuracy],
    ['balanced', (part) => part.balanced_accuracy],
    ['AUROC', (part) => part.auroc_macro],
    ['log loss', (part) => part.log_loss],
  ];
  const parts = partsOf(metrics);
  const rows = parts.map(([part, name]) => [
    name,
    String(part.samples),
    ...columns.map(([, pick]) => formatEstimate(pick(part))),
  ]);
  const [listed = metrics.out_of_fold, listedName = ''] = parts[0] ?? [];
  const outputs = listed.outputs.map((output) => [
    output.name,
    `${output.positives} of ${output.positives + output.negatives}`,
    formatEstimate(output.sensitivity),
    formatEstimate(output.specificity),
    formatEstimate(output.auroc),
    formatEstimate(output.auprc),
  ]);
  return [
    ...table([['', 'images', ...columns.map(([name]) => name)], ...rows]),
    '',
    ...table([[listedName, 'positive images', 'sensitivity', 'specificity', 'AUROC', 'AUPRC'], ...outputs]),
  ];
}

/** Rows as lines with aligned columns, indented by two. Cells are made visible first: an escape takes its room. */
export function table(cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map((cell) => visibleText(shortened(cell, sentenceLimit))));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
