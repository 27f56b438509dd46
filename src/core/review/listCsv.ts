/** A list as it is shown, as CSV: a row for each review item, in the order shown. */
import type { ReviewItem } from './model';

export const listColumns = [
  'sample',
  'image',
  'patient',
  'finding',
  'label',
  'model',
  'score',
  'threshold',
  'state',
] as const;

/**
 * The lines of the file, each with its newline: the header, then the items. Empty cells: no label, no prediction, or hidden from a
 * blind reader. `score` is the probability of what the model says (multi-class) or of the finding.
 */
export function* listCsvLines(items: Iterable<ReviewItem>): Generator<string> {
  yield `${listColumns.join(',')}\n`;
  for (const item of items) {
    const number = (value: number | null): string => (value === null ? '' : String(value));
    const cells = [
      ...[item.sample, item.path, item.group, item.finding, item.value ?? '', item.predicted ?? ''].map(
        textCell,
      ),
      number(item.p),
      number(item.threshold),
      stateOf(item),
    ];
    yield `${cells.join(',')}\n`;
  }
}

/** What a reviewer has made of an item, as its tile says it. */
function stateOf(item: ReviewItem): string {
  if (item.excluded) return 'excluded';
  if (item.disputed) return 'disputed';
  if (item.previous !== undefined) return 'uncertain';
  if (item.kept) return 'confirmed';
  return item.edited ? 'changed' : 'open';
}

/**
 * RFC 4180, and no formula: a spreadsheet takes what begins with one of these for a command, so an apostrophe comes before it
 * (OWASP, CSV injection).
 */
function textCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
