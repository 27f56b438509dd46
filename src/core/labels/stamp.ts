/** Ids, time and author of new events: later than everything that they must count after. */
import { monotonicFactory } from 'ulid';
import { OverreadError } from '../base/errors';
import { ofRanges, type Pieces } from '../base/pieces';
import { endOfTime } from './events';
import type { EventTable } from './eventTable';
import type { Annotator, LabelEvent, Written } from './model';

/** What the log itself adds to each event. */
export type Draft = Omit<LabelEvent, 'v' | 'id' | 'batch' | 'time' | 'annotator' | 'role'>;

/** Stamped in one piece. */
const draftsAtOnce = 1024;

/** The last time that an event can have, ms since 1970. */
const lastTime = endOfTime - 1;

/**
 * One batch of events: ids rise within it, and the time is the later of now and one millisecond after what must
 * come before, in pieces. When that is the last millisecond that there is, they share it, and the ids rise instead.
 * @param before the latest time of what must come before, ms since 1970; -Infinity for nothing
 * @param now ms since 1970; a clock that is set before 1970 or beyond 2099 counts as the end it is beyond
 * @throws OVR410 when no id is left in the last millisecond
 */
export function* stampEvents(
  drafts: readonly Draft[],
  author: Annotator,
  before: number,
  now: number,
  table: EventTable,
): Pieces<LabelEvent[]> {
  const clock = Number.isFinite(now) ? Math.max(0, Math.floor(now)) : 0;
  const time = Math.min(Math.max(clock, Math.floor(before) + 1), lastTime);
  const nextId = time > before ? idsOf(time) : idsAfter(latestId(table, time));
  const batch = nextId();
  const iso = new Date(time).toISOString();
  const { name: annotator, role } = author;
  const stamped = (draft: Draft): LabelEvent => {
    const { op, sample, finding, value, previous, target, reason, run, shown, ms } = draft;
    // In the order of a line, and each field by itself: a spread of 200,000 drafts takes several times as long.
    const event: Written<LabelEvent> = { v: 1, id: nextId(), batch, time: iso, annotator, role, op, sample };
    if (finding !== undefined) event.finding = finding;
    if (value !== undefined) event.value = value;
    if (previous !== undefined) event.previous = previous;
    if (target !== undefined) event.target = target;
    if (reason !== undefined) event.reason = reason;
    if (run !== undefined) event.run = run;
    if (shown !== undefined) event.shown = shown;
    if (ms !== undefined) event.ms = ms;
    return event;
  };
  const events: LabelEvent[] = [];
  const stamp = (from: number, to: number): void => {
    for (const draft of drafts.slice(from, to)) events.push(stamped(draft));
  };
  yield* ofRanges(drafts.length, stamp, draftsAtOnce);
  return events;
}

function idsOf(time: number): () => string {
  const next = monotonicFactory();
  return () => next(time);
}

/** The latest id of a millisecond. */
function latestId(table: EventTable, time: number): string {
  let latest = '';
  for (let row = 0; row < table.count; row++) {
    if (table.time(row) !== time) continue;
    const id = table.id(row);
    if (id > latest) latest = id;
  }
  return latest;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** ULIDs in rising order, all above this one. */
function idsAfter(latest: string): () => string {
  let id = latest;
  return () => (id = successor(id));
}

function successor(id: string): string {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id)) throw noTimeLeft();
  let at = id.length - 1;
  while (at >= 0 && id[at] === 'Z') at--;
  const next = alphabet[alphabet.indexOf(id[at] ?? '') + 1];
  if (at < 0 || next === undefined) throw noTimeLeft();
  const successor = id.slice(0, at) + next + '0'.repeat(id.length - 1 - at);
  if (successor > '7ZZZZZZZZZZZZZZZZZZZZZZZZZ') throw noTimeLeft();
  return successor;
}

function noTimeLeft(): OverreadError {
  return new OverreadError({
    code: 'OVR410',
    message:
      'An event on this sample is dated at the very end of 2099, so no edit can count after it; nothing was saved',
    fix: 'Correct the time of that event in the label file (overread export --labels shows who made it)',
  });
}
