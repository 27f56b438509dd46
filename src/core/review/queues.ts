/**
 * What there is to review. A queue is one row here and nowhere else: the catalog counts and lists it, the engine tells
 * its row, and the command line, the tree, the badge, the grid's list of queues and the docs go by that.
 */
import { inWords, type Plural } from '../base/counted';
import { OverreadError } from '../base/errors';
import type { Task } from '../dataset/model';
import { isError } from '../evaluation/outcomeRules';
import type { ItemFacts } from './itemFacts';
import type { QueueInfo } from './model';
import { scoreOf, type ScoreRow } from './scores';

export interface QueueRow {
  /** In queries, saved states and the `shown` of label events: never changed, never given a second meaning. */
  readonly id: string;
  readonly title: string;
  /** What is in it, for a person who points at it. */
  readonly hint: string;
  /** A codicon. */
  readonly icon: string;
  /** How many there are, in words that name the unit (`inUnits`). */
  readonly counted: Readonly<Record<Task, Plural>>;
  /** Whether an item is in it. Asked once for each combination of facts, so it may not depend on anything else. */
  readonly holds: (facts: ItemFacts) => boolean;
  /** Of those only the ones with at least this score (a row of `scoreTable`) as it was when their label last changed. */
  readonly atLeast?: { readonly score: string; readonly value: number };
  /** A row of `scoreTable`; its own direction is the queue's. */
  readonly sort: string;
  /** There is nothing in it before there is a run. */
  readonly needsRun: boolean;
  /** There is nothing in it before two runs are compared: until then it is not listed. */
  readonly needsComparison?: boolean;
  /** To accept is to take what the label is suspected to be, not what the model says first. */
  readonly suggests?: boolean;
  /** To be in it gives away that the model contradicts the label. */
  readonly contradicts: boolean;
}

/** Confidence from which on an error is a confident one. */
export const confidentFrom = 0.8;

/**
 * The words of a count for both tasks: an item is an image, and with several findings a finding of one.
 * @param one `{n} edited image`; `image` is the unit
 */
export const inUnits = (one: string, other: string): QueueRow['counted'] => ({
  'multi-class': { one, other },
  'multi-label': { one: one.replace('image', 'finding'), other: other.replace('images', 'findings') },
});

/** What every queue counts. */
const units = inUnits('{n} image', '{n} images');

const row = (
  id: string,
  fields: Omit<QueueRow, 'id' | 'needsRun' | 'contradicts'> & Partial<QueueRow>,
): QueueRow => ({
  id,
  needsRun: false,
  contradicts: false,
  ...fields,
});

/** A queue of what two runs say, of items that nobody has settled and that both of them judge. */
const compared = (
  id: string,
  fields: Pick<QueueRow, 'title' | 'hint' | 'icon' | 'counted' | 'holds'>,
): QueueRow =>
  row(id, {
    ...fields,
    holds: (facts) => facts.compared && !facts.kept && !facts.tooRare && fields.holds(facts),
    sort: 'loss',
    needsRun: true,
    needsComparison: true,
    contradicts: true,
  });

/** What a reviewer comes for: the first queue, whose count is the badge. */
export const errorQueue = row('errors', {
  title: 'Errors',
  hint: 'The model contradicts the label',
  icon: 'error',
  counted: inUnits('{n} image with an error', '{n} images with errors'),
  holds: isError,
  sort: 'loss',
  needsRun: true,
  contradicts: true,
});

/** Everything, which is no work list: the tree leaves it out. */
export const everything = row('all', {
  title: 'All images',
  hint: 'Every image',
  icon: 'list-unordered',
  counted: units,
  holds: () => true,
  sort: 'loss',
});

/** In the order in which they are listed. */
export const queueTable: readonly QueueRow[] = [
  errorQueue,
  row('confident-errors', {
    title: 'Most confident errors',
    hint: 'The model contradicts the label and is sure of it: look here for wrong labels first',
    icon: 'flame',
    counted: inUnits('{n} image with a confident error', '{n} images with confident errors'),
    holds: isError,
    atLeast: { score: 'confidence', value: confidentFrom },
    sort: 'confidence',
    needsRun: true,
    contradicts: true,
  }),
  row('suspects', {
    title: 'Suspected labels',
    hint: 'Labels that are probably wrong: A takes the suggestion, K keeps the label',
    icon: 'search',
    counted: inUnits('{n} image with a suspected label', '{n} images with suspected labels'),
    holds: ({ suspected, kept, excluded, disputed, seen }) =>
      suspected && !kept && !excluded && !disputed && !seen,
    sort: 'suspicion',
    needsRun: true,
    contradicts: true,
    suggests: true,
  }),
  row('checks', {
    title: 'Checks',
    hint: 'What "Check Data" found and nobody has settled: images of one finding stand beside each other',
    icon: 'checklist',
    counted: inUnits('{n} image that the check names', '{n} images that the check names'),
    holds: ({ checked, excluded }) => checked && !excluded,
    sort: 'check',
    // That two images are one, and what others say of it, is no blind reader's to know.
    contradicts: true,
  }),
  row('disputed', {
    title: 'Disputed',
    hint: 'Readers disagree',
    icon: 'comment-discussion',
    counted: inUnits('{n} disputed image', '{n} disputed images'),
    holds: ({ disputed, excluded }) => disputed && !excluded,
    sort: 'loss',
  }),
  row('edited', {
    title: 'Edited since the last run',
    hint: 'Labels that the model has not learned from yet',
    icon: 'edit',
    counted: inUnits('{n} edited image', '{n} edited images'),
    holds: ({ editedSinceRun }) => editedSinceRun,
    sort: 'loss',
  }),
  row('uncertain', {
    title: 'Uncertain',
    hint: 'Readers could not tell',
    icon: 'unverified',
    counted: inUnits('{n} uncertain image', '{n} uncertain images'),
    holds: ({ uncertain, excluded }) => uncertain && !excluded,
    sort: 'path',
  }),
  row('unlabelled', {
    title: 'Unlabelled',
    hint: 'No label, or taken off',
    icon: 'question',
    counted: inUnits('{n} unlabelled image', '{n} unlabelled images'),
    holds: ({ unlabelled, kept, excluded, disputed }) => unlabelled && !kept && !excluded && !disputed,
    sort: 'path',
  }),
  compared('fixed', {
    title: 'Fixed',
    hint: 'Wrong in the run that is compared, right in this one, by the labels as they are now',
    icon: 'pass',
    counted: inUnits('{n} fixed image', '{n} fixed images'),
    holds: ({ wrong, wrongBefore }) => wrongBefore && !wrong,
  }),
  compared('newly-wrong', {
    title: 'Newly wrong',
    hint: 'Right in the run that is compared, wrong in this one, by the labels as they are now',
    icon: 'bug',
    counted: inUnits('{n} newly wrong image', '{n} newly wrong images'),
    holds: ({ wrong, wrongBefore }) => wrong && !wrongBefore,
  }),
  compared('still-wrong', {
    title: 'Still wrong',
    hint: 'Wrong in both runs, by the labels as they are now',
    icon: 'circle-slash',
    counted: inUnits('{n} image that is still wrong', '{n} images that are still wrong'),
    holds: ({ wrong, wrongBefore }) => wrong && wrongBefore,
  }),
  everything,
];

/** The place of a queue in a table. @throws OVR903 for an id that has none */
export function placeOf(queues: readonly QueueRow[], id: string): number {
  const place = queues.findIndex((queue) => queue.id === id);
  if (place >= 0) return place;
  throw new OverreadError({
    code: 'OVR903',
    message: `There is no queue "${id}"`,
    expected: `one of ${queues.map((queue) => queue.id).join(', ')}`,
  });
}

/** The rows as views are told them. */
export function describeQueues(
  queues: readonly QueueRow[],
  scores: readonly ScoreRow[],
  task: Task,
): readonly QueueInfo[] {
  return queues.map((queue) => {
    const { id, title, hint, icon, counted, sort, needsRun, contradicts } = queue;
    const isAll = queue === everything;
    const descending = scoreOf(scores, sort).descending;
    return { id, title, hint, icon, counted: counted[task], sort, descending, needsRun, contradicts, isAll };
  });
}

/** `37 images with errors`, with several findings `97 findings with errors`. */
export function countedErrors(task: Task, errors: number): string {
  return inWords(errorQueue.counted[task], errors);
}

/** `37 images`, with several findings `97 findings`. */
export function countedItems(task: Task, items: number): string {
  return inWords(units[task], items);
}
