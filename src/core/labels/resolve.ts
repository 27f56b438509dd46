/** The rule of the effective label, for the events of one review item. */
import { compareEvents } from './events';
import type { DisputedPolicy, LabelEvent, LabelSource, Reading } from './model';
import type { LabelValue } from '../dataset/model';

/** What the standing events of one item add up to, without the sample's given label. */
export interface Resolution {
  readonly source: LabelSource;
  /** undefined: the given label stands. */
  readonly value: LabelValue | undefined;
  /** Disputed, and the policy finds no value. */
  readonly masked: boolean;
  readonly kept: boolean;
  readonly excluded: boolean;
  /** Each annotator's latest answer, by annotator name. */
  readonly readings: readonly Reading[];
  readonly last?: Reading;
}

/**
 * @param events the events of the item that were not undone, in the order of `compareEvents`, without
 *   duplicates; those without a finding act on the whole sample and are part of every item's list
 * @param given what a `keep` without a value kept
 */
export function resolveItem(
  events: readonly LabelEvent[],
  given: LabelValue,
  policy: DisputedPolicy,
): Resolution {
  const latest = new Map<string, Reading>();
  let excluded = false;
  for (const event of events) {
    if (event.op === 'exclude' || event.op === 'include') excluded = event.op === 'exclude';
    else if (event.op === 'set' || event.op === 'keep')
      latest.set(event.annotator, readingOf(event, event.op, given, latest.get(event.annotator)));
  }
  const readings = [...latest.values()].sort((a, b) => (a.annotator < b.annotator ? -1 : 1));
  return { ...standing(readings, policy), excluded, readings };
}

type Standing = Omit<Resolution, 'excluded' | 'readings'>;

function standing(readings: readonly Reading[], policy: DisputedPolicy): Standing {
  if (readings.length === 0) return { source: 'given', value: undefined, masked: false, kept: false };
  const adjudication = latestOf(readings.filter((reading) => reading.role === 'adjudicator'));
  if (adjudication) return stands(adjudication, 'adjudication', readings);
  const values = new Set(readings.map((reading) => reading.value));
  if (values.size === 1) return stands(latestOf(readings)!, 'reading', readings);
  const disputed = { source: 'disputed', masked: false, kept: false } as const;
  if (policy === 'given') return { ...disputed, value: undefined };
  const winner = policy === 'majority' ? majority(readings) : undefined;
  if (!winner) return { ...disputed, value: null, masked: true };
  return { ...disputed, value: winner.value, last: winner };
}

function stands(last: Reading, source: LabelSource, readings: readonly Reading[]): Standing {
  const kept = readings.some((reading) => reading.op === 'keep' && reading.value === last.value);
  return { source, value: last.value, masked: false, kept, last };
}

/** The latest reading of the value that more annotators gave than any other; undefined for a tie. */
function majority(readings: readonly Reading[]): Reading | undefined {
  const votes = new Map<LabelValue, number>();
  for (const { value } of readings) votes.set(value, (votes.get(value) ?? 0) + 1);
  const most = Math.max(...votes.values());
  const leading = [...votes].filter(([, count]) => count === most);
  if (leading.length !== 1) return undefined;
  return latestOf(readings.filter((reading) => reading.value === leading[0]![0]));
}

function latestOf(readings: readonly Reading[]): Reading | undefined {
  let latest: Reading | undefined;
  for (const reading of readings) {
    if (!latest || compareReadings(latest, reading) < 0) latest = reading;
  }
  return latest;
}

function compareReadings(a: Reading, b: Reading): number {
  const difference = Date.parse(a.time) - Date.parse(b.time);
  return difference !== 0 ? difference : a.event < b.event ? -1 : 1;
}

function readingOf(
  event: LabelEvent,
  op: 'set' | 'keep',
  given: LabelValue,
  before: Reading | undefined,
): Reading {
  const kept =
    event.value !== undefined ? event.value : event.previous !== undefined ? event.previous : given;
  const previous = op === 'keep' && before?.value === kept ? before.previous : event.previous;
  return {
    annotator: event.annotator,
    role: event.role,
    op,
    value: kept,
    ...(previous === undefined ? {} : { previous }),
    time: event.time,
    event: event.id,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
  };
}

/** Sorts and drops duplicates: the form that `resolveItem` takes. Of one id the first stays. */
export function inOrder(events: readonly LabelEvent[]): LabelEvent[] {
  const seen = new Set<string>();
  return [...events].sort(compareEvents).filter((event) => !seen.has(event.id) && seen.add(event.id));
}
