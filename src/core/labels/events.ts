/** One label line as data, and the order in which events count. */
import { OverreadError } from '../base/errors';
import type { LabelEvent, LabelOp } from './model';

const ops: readonly string[] = ['set', 'keep', 'exclude', 'include', 'undo', 'redo'] satisfies LabelOp[];

/**
 * Why a line is no event: `unreadable` is damage, `unknown` was written by a newer version and stays, `future` is
 * dated where no event can be.
 */
export interface RefusedLine {
  readonly kind: 'unreadable' | 'unknown' | 'future';
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
  const repeated = repeatedField(line);
  if (repeated !== undefined) {
    return { kind: 'unreadable', reason: `field "${repeated.slice(0, 40)}" stands twice` };
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
  const time = fields['time'] as string;
  // Earlier versions wrote years of six digits after an event of the year 9999.
  if (eventTime(time) >= endOfTime || /^\+\d{6}-/.test(time)) {
    return { kind: 'future', reason: 'dated 2100 or later' };
  }
  if (Number.isNaN(eventTime(time)))
    return { kind: 'unreadable', reason: 'field "time" is no ISO 8601 time' };
  if (!ops.includes(fields['op'] as string)) {
    return { kind: 'unknown', reason: `op "${(fields['op'] as string).slice(0, 40)}"` };
  }
  const fault = faultOfContent(fields);
  if (fault !== undefined) return { kind: 'unreadable', reason: fault };
  const role = fields['role'] === 'adjudicator' ? 'adjudicator' : 'reader';
  return { ...(data as LabelEvent), role };
}

/**
 * The first field of an event that stands twice in its line. JSON.parse would take the last one and other readers the
 * first: what says two things says neither.
 * @param line a JSON object
 */
function repeatedField(line: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (const [token, colon] of line.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
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

/**
 * No event counts from here on (2100), ms since 1970: every later event would have to be dated later still, until
 * there is no time left that can be written.
 */
export const endOfTime = Date.UTC(2100, 0, 1);

/** Milliseconds since 1970 of an event's time; NaN when it is no ISO 8601 time with a zone. */
export function eventTime(time: string): number {
  return /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(time) ? Date.parse(time) : NaN;
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
