/** Effective labels as CSV, with who, when and why. */
import type { EffectiveLabels } from './effectiveLabels';

export const exportColumns = [
  'sample',
  'finding',
  'value',
  'given',
  'source',
  'annotator',
  'time',
  'reason',
  'excluded',
  'disputed',
] as const;

/**
 * The lines of the file, each with its newline: the header, then one row per sample and finding in the order
 * of the table. Empty cells: no value (unlabelled, unmentioned, disputed without a decision), or nobody
 * edited. Read and write them as a stream; a table of 112,120 × 14 is 1.6 million rows.
 */
export function* exportLabelLines(labels: EffectiveLabels): Generator<string> {
  const { dataset } = labels;
  yield `${exportColumns.join(',')}\n`;
  for (const [sampleIndex, sample] of dataset.samples.entries()) {
    for (const [findingIndex, finding] of dataset.findings.entries()) {
      const label = labels.at(sampleIndex, findingIndex);
      const cells = [
        sample.id,
        finding.name,
        label.value ?? '',
        label.given ?? '',
        label.source,
        label.last?.annotator ?? '',
        label.last?.time ?? '',
        label.last?.reason ?? '',
        String(label.excluded),
        String(label.source === 'disputed'),
      ];
      yield `${cells.map(quoteCell).join(',')}\n`;
    }
  }
}

/** RFC 4180: quoted when it holds a comma, quote or line break. */
function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
