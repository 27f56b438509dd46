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
  actions: 'What to do with it',
  network: 'Network',
  use: 'Use in overread.yaml',
  first: 'One network',
  second: 'Another',
  differences: 'Show the images on which they differ',
  sameTwice: 'Choose two networks.',
  differOfClasses:
    'Images that the two give another class, those whose probabilities are furthest apart first. Out of fold and validation.',
  differOfFindings:
    'The hundred images on which the probability of a finding differs most. Out of fold and validation.',
} as const;

export type ComparisonTexts = Texts<typeof english>;
