/** Every text of the page that the table and the chart do not bring with them. */
import type { Texts } from '../texts';

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

export type ComparisonTexts = Texts<typeof english>;
