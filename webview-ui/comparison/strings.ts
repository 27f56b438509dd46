/** Every text of the page that the table and the chart do not bring with them. */
export const english = {
  starting: 'Opening the comparison…',
  failed: 'The comparison cannot be shown',
  reveal: 'Reveal in Explorer',
  openTable: 'Open compare.md',
  made: 'Made {date}, {folds} folds, labels as of {labels}',
  given: 'the table',
  table: 'Figures of every network',
  empty: 'No network could be compared.',
  columns: 'What the columns say',
  notes: 'Notes',
} as const;

/** Puts values into `{name}` places. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
