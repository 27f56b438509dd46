/**
 * The rules of labels written down plainly, event by event and item by item, as the design states them: what the
 * columns of `EventTable` and `EffectiveLabels` must give, only slowly.
 */
import { canonicalJson } from '../../../src/core/base/files';
import type { Dataset, LabelValue } from '../../../src/core/dataset/model';
import type { Moment } from '../../../src/core/labels/model';
import type {
  DisputedPolicy,
  EffectiveLabel,
  LabelEvent,
  LabelSource,
  Reading,
} from '../../../src/core/labels/model';

export interface ReferenceOptions {
  readonly disputed: DisputedPolicy;
  readonly unit: 'image' | 'study';
  readonly asOf?: Moment;
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By time as an instant, then id, then content. */
export function compareEvents(a: LabelEvent, b: LabelEvent): number {
  return (
    Date.parse(a.time) - Date.parse(b.time) ||
    compareTexts(a.id, b.id) ||
    compareTexts(canonicalJson(a), canonicalJson(b))
  );
}

function isUntil(event: LabelEvent, moment: Moment): boolean {
  const time = Date.parse(event.time);
  return time < moment.time || (time === moment.time && event.id <= moment.id);
}

/** Sorted, of each id the first, and nothing beyond the moment. */
export function countingEvents(events: readonly LabelEvent[], asOf?: Moment): LabelEvent[] {
  const ids = new Set<string>();
  return [...events]
    .sort(compareEvents)
    .filter((event) => !ids.has(event.id) && ids.add(event.id))
    .filter((event) => !asOf || isUntil(event, asOf));
}

const isReversal = ({ op }: LabelEvent): boolean => op === 'undo' || op === 'redo';

/** @param counting as `countingEvents` gives them */
function isUndone(counting: readonly LabelEvent[], event: LabelEvent): boolean {
  const own = counting.filter(
    (one) => isReversal(one) && one.target === event.batch && one.annotator === event.annotator,
  );
  return own.at(-1)?.op === 'undo';
}

/** The label of every item, row-major. */
export function referenceLabels(
  dataset: Dataset,
  events: readonly LabelEvent[],
  options: ReferenceOptions,
): EffectiveLabel[] {
  const counting = countingEvents(events, options.asOf);
  const standing = counting.filter((event) => !isReversal(event) && !isUndone(counting, event));
  return dataset.samples.flatMap((sample) =>
    dataset.findings.map(({ name }, f) => {
      const unit = dataset.samples.filter(
        (other) =>
          other === sample ||
          (options.unit === 'study' &&
            sample.study !== null &&
            other.study === sample.study &&
            other.group === sample.group),
      );
      const own = standing.filter(
        (event) => unit.some(({ id }) => id === event.sample) && actsOn(dataset, event, name),
      );
      const fromTable = (sample.readings ?? []).flatMap(({ reader, labels }): Reading[] => {
        const value = labels[f] ?? null;
        return value === null ? [] : [{ annotator: reader, role: 'reader', op: 'set', value }];
      });
      return resolve(own, fromTable, sample.given[f] ?? null, options.disputed);
    }),
  );
}

function actsOn({ task }: Dataset, { op, finding }: LabelEvent, name: string): boolean {
  if (finding !== undefined) return finding === name;
  return op === 'exclude' || op === 'include' || task === 'multi-class';
}

/** @param fromTable readings in the table, each older than any event */
function resolve(
  events: readonly LabelEvent[],
  fromTable: readonly Reading[],
  given: LabelValue,
  policy: DisputedPolicy,
): EffectiveLabel {
  const latest = new Map(fromTable.map((reading) => [reading.annotator, reading]));
  let excluded = false;
  for (const event of events) {
    if (event.op === 'exclude' || event.op === 'include') excluded = event.op === 'exclude';
    else if (event.op === 'set' || event.op === 'keep') {
      const before = latest.get(event.annotator);
      const value =
        event.value !== undefined ? event.value : event.previous !== undefined ? event.previous : given;
      const previous =
        event.op === 'keep' && before?.event !== undefined && before.value === value
          ? before.previous
          : event.previous;
      latest.set(event.annotator, {
        annotator: event.annotator,
        role: event.role,
        op: event.op,
        value,
        ...(previous === undefined ? {} : { previous }),
        time: event.time,
        event: event.id,
        ...(event.reason === undefined ? {} : { reason: event.reason }),
      });
    }
  }
  const readings = [...latest.values()].sort((a, b) => compareTexts(a.annotator, b.annotator));
  const answer = decide(readings, given, policy);
  const masked =
    excluded || (answer.source === 'disputed' && answer.value === null && !answer.last && policy !== 'given');
  const { last } = answer;
  return {
    value: answer.value,
    given,
    source: answer.source,
    kept:
      last?.event !== undefined &&
      answer.source !== 'disputed' &&
      readings.some(({ op, value }) => op === 'keep' && value === answer.value),
    excluded,
    masked,
    readings,
    ...(last
      ? {
          last: {
            annotator: last.annotator,
            ...(last.time === undefined ? {} : { time: last.time }),
            ...(last.event === undefined ? {} : { event: last.event }),
            ...(last.reason === undefined ? {} : { reason: last.reason }),
          },
        }
      : {}),
  };
}

function decide(
  readings: readonly Reading[],
  given: LabelValue,
  policy: DisputedPolicy,
): { source: LabelSource; value: LabelValue; last?: Reading } {
  const latestOf = (some: readonly Reading[]): Reading | undefined => {
    const dated = some.flatMap((one) =>
      one.time === undefined ? [] : [{ one, time: Date.parse(one.time) }],
    );
    dated.sort((a, b) => a.time - b.time || compareTexts(a.one.event ?? '', b.one.event ?? ''));
    const [first] = some;
    const all = some.map(({ annotator }) => annotator).join('; ');
    return dated.at(-1)?.one ?? (first && { ...first, annotator: all });
  };
  const adjudication = latestOf(readings.filter(({ role }) => role === 'adjudicator'));
  if (adjudication) return { source: 'adjudication', value: adjudication.value, last: adjudication };
  const last = latestOf(readings);
  if (!last) return { source: 'given', value: given };
  const values = [...new Set(readings.map(({ value }) => value))];
  if (values.length === 1) return { source: 'reading', value: last.value, last };
  if (policy === 'given') return { source: 'disputed', value: given };
  const votes = values.map((value) => readings.filter((reading) => reading.value === value));
  const most = Math.max(...votes.map(({ length }) => length));
  const leading = votes.filter(({ length }) => length === most);
  const winner = policy === 'majority' && leading.length === 1 ? latestOf(leading[0]!) : undefined;
  return winner
    ? { source: 'disputed', value: winner.value, last: winner }
    : { source: 'disputed', value: null };
}

/** The batches that an annotator can undo and redo, the next one last. */
export function referenceStacks(
  events: readonly LabelEvent[],
  annotator: string,
): { undo: string[]; redo: string[] } {
  const undo = new Set<string>();
  const redo = new Set<string>();
  let last: string | undefined;
  for (const event of countingEvents(events)) {
    if (event.annotator !== annotator) continue;
    const target = event.target ?? '';
    if (event.op === 'undo') {
      if (undo.delete(target)) redo.add(target);
    } else if (event.op === 'redo') {
      if (redo.delete(target)) undo.add(target);
    } else if (event.batch !== last) {
      undo.add(event.batch);
      redo.clear();
    }
    last = event.batch;
  }
  return { undo: [...undo], redo: [...redo] };
}
