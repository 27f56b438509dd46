/** A moment in the log: "the labels as of this run". */
import { decodeTime, isValid } from 'ulid';
import { OverreadError } from '../base/errors';
import { eventTime } from './events';
import type { EventTable } from './eventTable';
import type { Moment } from './model';

/** Before every event. */
export const beforeAll: Moment = { time: -Infinity, id: '' };

/**
 * A moment from what `run.json` holds: the time (all events of that millisecond included) or the id of the
 * last event that counted. The empty text is the moment before the first event. An event of before that arrived
 * later through a merge counts too.
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

/** The moment that includes all events, as `run.json` records it: the latest time, or '' without events. */
export function momentOf({ latest }: Pick<EventTable, 'latest'>): string {
  return latest === -Infinity ? '' : new Date(latest).toISOString();
}
