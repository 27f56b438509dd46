/** One label line as data, and the order in which events count. */
import { OverreadError } from '../base/errors';
import { canonicalJson } from '../base/files';
import type { LabelEvent, LabelOp } from './model';

const ops: readonly string[] = ['set', 'keep', 'exclude', 'include', 'undo', 'redo'] satisfies LabelOp[];

/** Why a line is no event: `unreadable` is damage, `unknown` was written by a newer version and stays. */
export interface RefusedLine {
  readonly kind: 'unreadable' | 'unknown';
  readonly reason: string;
}

/** What one line of a label file says. Never throws. */
export function parseEventLine(line: string): LabelEvent | RefusedLine {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return { kind: 'unreadable', reason: 'not a JSON object' };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return { kind: 'unreadable', reason: 'not a JSON object' };
  }
  const fields = data as Record<string, unknown>;
  if (fields['v'] !== 1) {
    return typeof fields['v'] === 'number'
      ? { kind: 'unknown', reason: `version ${fields['v']} of the label event` }
      : { kind: 'unreadable', reason: 'field "v" is missing' };
  }
  for (const name of ['id', 'batch', 'time', 'annotator', 'op', 'sample']) {
    const value = fields[name];
    if (typeof value !== 'string' || value === '') {
      return { kind: 'unreadable', reason: `field "${name}" is missing` };
    }
  }
  if (Number.isNaN(eventTime(fields['time'] as string))) {
    return { kind: 'unreadable', reason: 'field "time" is no ISO 8601 time' };
  }
  if (!ops.includes(fields['op'] as string)) {
    return { kind: 'unknown', reason: `op "${(fields['op'] as string).slice(0, 40)}"` };
  }
  const fault = faultOfContent(fields);
  if (fault !== undefined) return { kind: 'unreadable', reason: fault };
  const role = fields['role'] === 'adjudicator' ? 'adjudicator' : 'reader';
  return { ...(data as LabelEvent), role };
}

/** What is wrong with the fields that depend on the op, or undefined. */
function faultOfContent(fields: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['finding', 'target', 'reason', 'run']) {
    const value = fields[name];
    if (value !== undefined && typeof value !== 'string') return `field "${name}" is no text`;
  }
  for (const name of ['value', 'previous']) {
    const value = fields[name];
    if (value !== undefined && value !== null && typeof value !== 'string') {
      return `field "${name}" is neither text nor null`;
    }
  }
  const op = fields['op'];
  if (op === 'set' && fields['value'] === undefined) return 'field "value" is missing';
  if ((op === 'undo' || op === 'redo') && fields['target'] === undefined) return 'field "target" is missing';
  return undefined;
}

export function isEvent(parsed: LabelEvent | RefusedLine): parsed is LabelEvent {
  return 'op' in parsed;
}

/** Milliseconds since 1970 of an event's time; NaN when it is no ISO 8601 time with a zone. */
export function eventTime(time: string): number {
  return /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(time) ? Date.parse(time) : NaN;
}

/**
 * The order of events: by time, then id. Times are compared as instants, not as text, so that a line with
 * another number of decimals does not sort elsewhere. Equal (time, id) with different content (somebody
 * edited a line by hand) are ordered by content, so that every reader drops the same one.
 */
export function compareEvents(a: LabelEvent, b: LabelEvent): number {
  if (a === b) return 0;
  if (a.time !== b.time) {
    const difference = eventTime(a.time) - eventTime(b.time);
    if (difference !== 0) return difference;
  }
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  const contentA = canonicalJson(a);
  const contentB = canonicalJson(b);
  return contentA < contentB ? -1 : contentA > contentB ? 1 : 0;
}

/** The identity of a batch: nobody's undo reaches another person's batch, even under the same id. */
export function batchKey(annotator: string, batch: string): string {
  return `${batch} ${annotator}`;
}

/** The error of an undo or redo that has nothing to act on. */
export function nothingTo(what: 'undo' | 'redo', annotator: string): OverreadError {
  return new OverreadError({
    code: 'OVR403',
    message: `Nothing to ${what} for annotator "${annotator}"`,
    expected:
      what === 'undo' ? 'an edit of your own that still stands' : 'an edit of your own that was undone',
  });
}
