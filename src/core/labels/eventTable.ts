/**
 * Label events in columns: about 100 bytes an event, where an object with its strings takes five times as much and
 * a million of them hold up every garbage collection. Rows come in any order, and a row stays what it is;
 * what counts follows from time and id (see `compare`).
 */
import { canonicalJson } from '../base/files';
import { present } from '../base/present';
import { Batches, none } from './batches';
import { EventIds } from './eventIds';
import { eventTime } from './events';
import { grown } from './growing';
import type { LabelEvent, LabelOp, Moment } from './model';
import { TextNumbers } from './textNumbers';

/** By number: what `EventTable.op` gives. */
export const labelOps = ['set', 'keep', 'exclude', 'include', 'undo', 'redo'] as const satisfies LabelOp[];

/** In place of a value: the event has none. A value of null is `none`. */
export const absent = -2;

/** One event in numbers of `ids` and `texts`. `none` for what is not there. */
export interface EventNumbers {
  id: number;
  batch: number;
  /** Milliseconds since 1970. */
  time: number;
  annotator: number;
  isAdjudicator: boolean;
  /** Index into `labelOps`. */
  op: number;
  sample: number;
  finding: number;
  /** `absent`, `none` for null, or a text. */
  value: number;
  previous: number;
  /** The id of the batch that is undone or redone. */
  target: number;
  reason: number;
  run: number;
}

/** Where an event stands: a file's number and its line, 1-based; 0 for events that stand in no file. */
export interface EventPlace {
  readonly file: number;
  readonly line: number;
}

const nowhere: EventPlace = { file: none, line: 0 };

/** Bits of a row's `kinds`: the op in the lowest three. */
const adjudicatorBit = 8;
/** Another event has the same id, and is the one that counts. */
const supersededBit = 16;

export class EventTable {
  readonly ids = new EventIds();
  readonly texts = new TextNumbers();
  readonly batches = new Batches(this.ids);
  /** Rows that do not count because another event has their id, in the order in which that was seen. */
  readonly superseded: number[] = [];
  /** Of those, the ones whose content differs from the event that counts. */
  readonly conflicting: number[] = [];

  private size = 0;
  private idOf = new Int32Array(0);
  private rowOfId = new Int32Array(0);
  private batchOf = new Int32Array(0);
  private targetOf = new Int32Array(0);
  private times = new Float64Array(0);
  private kinds = new Uint8Array(0);
  private annotatorOf = new Int32Array(0);
  private sampleOf = new Int32Array(0);
  private findingOf = new Int32Array(0);
  private valueOf = new Int32Array(0);
  private previousOf = new Int32Array(0);
  private reasonOf = new Int32Array(0);
  private runOf = new Int32Array(0);
  private fileOf = new Int32Array(0);
  private lineOf = new Int32Array(0);
  /** Times that are not written as `Date` writes them: kept as they are, for a person to read. */
  private readonly timeTexts = new Map<number, string>();
  /** Per batch: its latest undo or redo. */
  private reversal = new Int32Array(0);
  private latestOfText = new Float64Array(0);

  /** The latest time of any event, ms since 1970; -Infinity without events. */
  latest = -Infinity;

  /** Number of rows; superseded ones included. */
  get count(): number {
    return this.size;
  }

  /** Makes room for so many events at once, which saves copying. */
  reserve(events: number): void {
    this.ids.reserve(Math.ceil(events * 1.5));
    this.batches.reserve(events);
    if (events > this.idOf.length) this.growTo(events);
  }

  /** Takes in an event that is an object. @returns its row */
  addEvent(event: LabelEvent, place = nowhere): number {
    const text = (value: string | null | undefined): number =>
      value === undefined ? absent : value === null ? none : this.texts.number(value);
    const time = eventTime(event.time);
    if (new Date(time).toISOString() !== event.time) this.timeTexts.set(this.size, event.time);
    return this.add(
      {
        id: this.ids.number(event.id),
        batch: this.ids.number(event.batch),
        time,
        annotator: this.texts.number(event.annotator),
        isAdjudicator: event.role === 'adjudicator',
        op: labelOps.indexOf(event.op),
        sample: this.texts.number(event.sample),
        finding: event.finding === undefined ? none : this.texts.number(event.finding),
        value: text(event.value),
        previous: text(event.previous),
        target: event.target === undefined ? none : this.ids.number(event.target),
        reason: event.reason === undefined ? none : this.texts.number(event.reason),
        run: event.run === undefined ? none : this.texts.number(event.run),
      },
      place,
    );
  }

  /** Takes in an event. @returns its row */
  add(event: EventNumbers, place: EventPlace): number {
    const row = this.size++;
    if (this.size > this.idOf.length) this.growTo(this.size);
    this.idOf[row] = event.id;
    this.times[row] = event.time;
    this.annotatorOf[row] = event.annotator;
    this.kinds[row] = event.op | (event.isAdjudicator ? adjudicatorBit : 0);
    this.sampleOf[row] = event.sample;
    this.findingOf[row] = event.finding;
    this.valueOf[row] = event.value;
    this.previousOf[row] = event.previous;
    this.reasonOf[row] = event.reason;
    this.runOf[row] = event.run;
    this.fileOf[row] = place.file;
    this.lineOf[row] = place.line;
    this.batchOf[row] = this.batches.number(event.annotator, event.batch);
    this.targetOf[row] = event.target === none ? none : this.batches.number(event.annotator, event.target);
    this.link(row);
    this.noteTimes(row);
    this.settleId(row);
    return row;
  }

  id(row: number): string {
    return this.ids.text(this.idOf[row]!);
  }
  batch(row: number): number {
    return this.batchOf[row]!;
  }
  /** The batch that an undo or redo acts on; `none` for edits. */
  target(row: number): number {
    return this.isReversal(row) ? this.targetOf[row]! : none;
  }
  time(row: number): number {
    return this.times[row]!;
  }
  /** As it was written. */
  timeText(row: number): string {
    return this.timeTexts.get(row) ?? new Date(this.times[row]!).toISOString();
  }
  op(row: number): LabelOp {
    return present(labelOps[this.kinds[row]! & 7], 'the kind of an event');
  }
  isReversal(row: number): boolean {
    return (this.kinds[row]! & 7) >= 4;
  }
  isAdjudicator(row: number): boolean {
    return (this.kinds[row]! & adjudicatorBit) !== 0;
  }
  isSuperseded(row: number): boolean {
    return (this.kinds[row]! & supersededBit) !== 0;
  }
  /** A text number, as the next three are. */
  annotator(row: number): number {
    return this.annotatorOf[row]!;
  }
  sample(row: number): number {
    return this.sampleOf[row]!;
  }
  finding(row: number): number {
    return this.findingOf[row]!;
  }
  /** `absent`, `none` for null, or a text number. */
  value(row: number): number {
    return this.valueOf[row]!;
  }
  previous(row: number): number {
    return this.previousOf[row]!;
  }
  reason(row: number): string | undefined {
    const reason = this.reasonOf[row]!;
    return reason === none ? undefined : this.texts.text(reason);
  }
  place(row: number): EventPlace {
    return { file: this.fileOf[row]!, line: this.lineOf[row]! };
  }

  /** The latest time of anybody's event on a sample, or of an annotator's, ms since 1970; by the name. */
  latestOf(name: string): number {
    const text = this.texts.find(name);
    return text === undefined || text >= this.latestOfText.length ? -Infinity : this.latestOfText[text]!;
  }

  /** An event as an object, without what only its file keeps (`shown`, `ms`, fields of later versions). */
  event(row: number): LabelEvent {
    const { texts } = this;
    const value = this.valueOf[row]!;
    const previous = this.previousOf[row]!;
    const reason = this.reason(row);
    const run = this.runOf[row]!;
    return {
      v: 1,
      id: this.id(row),
      batch: this.batches.id(this.batchOf[row]!),
      time: this.timeText(row),
      annotator: texts.text(this.annotatorOf[row]!),
      role: this.isAdjudicator(row) ? 'adjudicator' : 'reader',
      op: this.op(row),
      sample: texts.text(this.sampleOf[row]!),
      ...(this.findingOf[row] === none ? {} : { finding: texts.text(this.findingOf[row]!) }),
      ...(value === absent ? {} : { value: value === none ? null : texts.text(value) }),
      ...(previous === absent ? {} : { previous: previous === none ? null : texts.text(previous) }),
      ...(this.targetOf[row] === none ? {} : { target: this.batches.id(this.targetOf[row]!) }),
      ...(reason === undefined ? {} : { reason }),
      ...(run === none ? {} : { run: texts.text(run) }),
    };
  }

  /** What was said of a sample, in order, undo and redo included. Cost: a glance at every row, a millisecond a million. */
  historyOf(sample: string): LabelEvent[] {
    const text = this.texts.find(sample);
    const rows: number[] = [];
    for (let row = 0; row < this.size; row++) if (this.sampleOf[row] === text) rows.push(row);
    return rows.sort((a, b) => this.compare(a, b)).map((row) => this.event(row));
  }

  /** Every event as an object: for small tables. */
  events(): LabelEvent[] {
    return Array.from({ length: this.size }, (_, row) => this.event(row));
  }

  /**
   * The order of events: by time, then id. Equal (time, id) with different content (somebody edited a line by
   * hand) are ordered by content, so that every reader drops the same one.
   */
  compare(a: number, b: number): number {
    const difference = this.times[a]! - this.times[b]!;
    if (difference !== 0) return difference;
    if (this.idOf[a] !== this.idOf[b]) return this.ids.compare(this.idOf[a]!, this.idOf[b]!);
    if (a === b || this.isSame(a, b)) return 0;
    return canonicalJson(this.event(a)) < canonicalJson(this.event(b)) ? -1 : 1;
  }

  /** Whether an event is of up to and including a moment. */
  isUntil(row: number, moment: Moment): boolean {
    const time = this.times[row]!;
    return time < moment.time || (time === moment.time && this.id(row) <= moment.id);
  }

  /** Whether a batch is undone now: its latest undo or redo decides. */
  isUndone(batch: number): boolean {
    const latest = batch < this.reversal.length ? this.reversal[batch]! : none;
    return latest !== none && this.op(latest) === 'undo';
  }

  /** Whether a batch was ever undone. */
  hasReversals(batch: number): boolean {
    return batch < this.reversal.length && this.reversal[batch] !== none;
  }

  private isSame(a: number, b: number): boolean {
    const columns = [this.batchOf, this.targetOf, this.sampleOf, this.findingOf, this.annotatorOf];
    const others = [this.valueOf, this.previousOf, this.reasonOf, this.runOf];
    const kindA = this.kinds[a]! & ~supersededBit;
    const kindB = this.kinds[b]! & ~supersededBit;
    if (this.timeTexts.get(a) !== this.timeTexts.get(b)) return false;
    return kindA === kindB && [...columns, ...others].every((column) => column[a] === column[b]);
  }

  private link(row: number): void {
    if (!this.isReversal(row)) {
      this.batches.addEdit(this.batchOf[row]!, row);
      return;
    }
    const target = this.targetOf[row]!;
    this.batches.addReversal(target, row);
    this.reversal = grown(this.reversal, target + 1, none);
    const latest = this.reversal[target]!;
    if (latest === none || this.compare(latest, row) < 0) this.reversal[target] = row;
  }

  private noteTimes(row: number): void {
    const time = this.times[row]!;
    if (time > this.latest) this.latest = time;
    if (this.texts.count > this.latestOfText.length) {
      this.latestOfText = grown(this.latestOfText, this.texts.count, -Infinity);
    }
    const sample = this.sampleOf[row]!;
    const annotator = this.annotatorOf[row]!;
    if (time > this.latestOfText[sample]!) this.latestOfText[sample] = time;
    if (time > this.latestOfText[annotator]!) this.latestOfText[annotator] = time;
  }

  /** Of several events with one id the first in order counts, whichever came into the table first. */
  private settleId(row: number): void {
    const id = this.idOf[row]!;
    if (this.ids.count > this.rowOfId.length) this.rowOfId = grown(this.rowOfId, this.ids.count, none);
    const known = this.rowOfId[id]!;
    if (known === none) {
      this.rowOfId[id] = row;
      return;
    }
    const loser = this.compare(row, known) >= 0 ? row : known;
    if (loser === known) this.rowOfId[id] = row;
    if (this.times[row] !== this.times[known] || !this.isSame(row, known)) this.conflicting.push(loser);
    this.kinds[loser]! |= supersededBit;
    this.superseded.push(loser);
    if (this.isReversal(loser)) this.findReversal(this.targetOf[loser]!);
  }

  private findReversal(batch: number): void {
    const rows = this.batches.reversals(batch).filter((row) => !this.isSuperseded(row));
    let latest = none;
    for (const row of rows) if (latest === none || this.compare(latest, row) < 0) latest = row;
    this.reversal[batch] = latest;
  }

  private growTo(rows: number): void {
    this.idOf = grown(this.idOf, rows);
    this.batchOf = grown(this.batchOf, rows);
    this.targetOf = grown(this.targetOf, rows);
    this.times = grown(this.times, rows);
    this.kinds = grown(this.kinds, rows);
    this.annotatorOf = grown(this.annotatorOf, rows);
    this.sampleOf = grown(this.sampleOf, rows);
    this.findingOf = grown(this.findingOf, rows);
    this.valueOf = grown(this.valueOf, rows);
    this.previousOf = grown(this.previousOf, rows);
    this.reasonOf = grown(this.reasonOf, rows);
    this.runOf = grown(this.runOf, rows);
    this.fileOf = grown(this.fileOf, rows);
    this.lineOf = grown(this.lineOf, rows);
  }
}

/** A table of events that are objects already. */
export function tableOf(events: Iterable<LabelEvent>): EventTable {
  const table = new EventTable();
  for (const event of events) table.addEvent(event);
  return table;
}
