/** A moment in the log: "the labels as of this run". */
import { decodeTime, isValid } from 'ulid';
import { OverreadError } from '../base/errors';
import { eventTime } from './events';
import type { LabelEvent } from './model';

/** Everything up to and including this (time, id). */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly id: string;
}

/** Before every event. */
export const beforeAll: Moment = { time: -Infinity, id: '' };

/**
 * A moment from what `run.json` holds: the time (all events of that millisecond included) or the id of the
 * last event that counted. The empty text is the moment before the first event.
 * @throws OVR402 for anything else
 */
export function parseMoment(asOf: string): Moment {
  if (asOf === '') return beforeAll;
  if (isValid(asOf)) return { time: decodeTime(asOf), id: asOf.toUpperCase() };
  const time = eventTime(asOf);
  if (Number.isNaN(time)) {
    throw new OverreadError({
      code: 'OVR402',
      message: `"${asOf}" is neither a time nor the id of a label event`,
      expected: 'a time such as 2026-01-31T12:00:00.000Z, or an event id',
    });
  }
  return { time, id: '\uffff' };
}

export function isUntil(event: LabelEvent, moment: Moment): boolean {
  const time = eventTime(event.time);
  return time < moment.time || (time === moment.time && event.id <= moment.id);
}

/**
 * The events that count as of a moment. By the events' own times: an event of before that arrived later
 * through a merge counts too.
 */
export function eventsUntil(events: readonly LabelEvent[], asOf: string): LabelEvent[] {
  const moment = parseMoment(asOf);
  return events.filter((event) => isUntil(event, moment));
}

/** The moment that includes all these events, as `run.json` records it: the latest time, or '' without events. */
export function momentOf(events: Iterable<LabelEvent>): string {
  let latest = -Infinity;
  for (const event of events) latest = Math.max(latest, eventTime(event.time));
  return latest === -Infinity ? '' : new Date(latest).toISOString();
}
