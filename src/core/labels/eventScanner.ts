/**
 * Label lines as Overread writes them, read from their bytes straight into a table: five times as fast as
 * JSON.parse, of which a million lines take four seconds. Whatever deviates in the least (another order of fields,
 * an escape, a space) is left to `parseEventLine`, which gives the same for every line that this one takes.
 */
import { none } from './batches';
import { idLength } from './eventIds';
import { absent, labelOps, type EventNumbers, type EventPlace, type EventTable } from './eventTable';
import { hashByte, hashStart } from './textNumbers';
import { present } from '../base/present';

const literal = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const beforeId = literal('{"v":1,"id":"');
const beforeBatch = literal('","batch":"');
const beforeTime = literal('","time":"');
const beforeAnnotator = literal('","annotator":"');
const beforeRole = literal('"role":"');
const beforeOp = literal('"op":"');
const beforeSample = literal('"sample":"');
const literalNull = literal('null');
const literalTrue = literal('true');
const literalFalse = literal('false');

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const brace = 0x7d;

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
const timeLength = 24;

/** What may follow the sample, by the bytes before its value, with the bit that says that it was read. */
const optionalFields = (
  ['finding', 'value', 'previous', 'target', 'reason', 'run', 'shown', 'ms'] as const
).map((name, k) => ({ name, before: literal(`,"${name}":`), bit: 1 << k }));

type OptionalField = (typeof optionalFields)[number];

/** A text that is likely to come again in a line to come: compared before it is looked up. */
interface Memo {
  bytes: Uint8Array;
  length: number;
  number: number;
}

const longestMemo = 64;
/** Of a memo that holds nothing: a scanner of a few lines fills few of them. */
const noBytes = new Uint8Array(0);
/** A power of two: texts are told apart by two of their bytes. */
const memoCount = 64;

export class EventScanner {
  private bytes: Buffer = Buffer.alloc(0);
  /** Where the scan is; -1 once the line was found to be none of ours. */
  private at = 0;
  private end = 0;
  private readonly days = new Map<number, number>();
  private readonly opOfText = new Map<number, number>();
  private readonly event: EventNumbers = {
    id: 0,
    batch: 0,
    time: 0,
    annotator: 0,
    isAdjudicator: false,
    op: 0,
    sample: 0,
    finding: none,
    value: absent,
    previous: absent,
    target: none,
    reason: none,
    run: none,
  };

  constructor(private readonly table: EventTable) {
    labelOps.forEach((op, k) => this.opOfText.set(table.texts.number(op), k));
    this.adjudicator = table.texts.number('adjudicator');
  }

  private readonly adjudicator: number;
  private readonly memos: readonly Memo[] = Array.from({ length: memoCount }, () => ({
    bytes: noBytes,
    length: -1,
    number: none,
  }));
  /** The batch of the line before: those of a bulk edit share it. */
  private readonly lastBatch = { bytes: new Uint8Array(idLength), number: none };

  /**
   * Takes a line into the table, if it is one that Overread wrote.
   * @param accepts whether an event of this time counts
   * @returns false when it must be parsed, and nothing was taken
   */
  take(
    bytes: Buffer,
    start: number,
    end: number,
    place: EventPlace,
    accepts: (time: number) => boolean,
  ): boolean {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    if (!this.readHead() || !this.readRest() || !accepts(this.event.time)) return false;
    this.table.add(this.event, place);
    return true;
  }

  private readHead(): boolean {
    const { event } = this;
    this.skip(beforeId);
    event.id = this.readId();
    this.skip(beforeBatch);
    event.batch = this.readBatch();
    this.skip(beforeTime);
    event.time = this.readTime();
    this.skip(beforeAnnotator);
    event.annotator = this.readAgain();
    this.skipByte(comma);
    this.skip(beforeRole);
    event.isAdjudicator = this.readAgain() === this.adjudicator;
    this.skipByte(comma);
    this.skip(beforeOp);
    event.op = this.opOfText.get(this.readAgain()) ?? -1;
    this.skipByte(comma);
    this.skip(beforeSample);
    event.sample = this.readText();
    return this.at >= 0 && event.op >= 0;
  }

  private readRest(): boolean {
    const { event, bytes } = this;
    event.finding = event.target = event.reason = event.run = none;
    event.value = event.previous = absent;
    let read = 0;
    while (this.at >= 0 && bytes[this.at] === comma) {
      const field = this.nextField();
      if (!field || (read & field.bit) !== 0) return false;
      read |= field.bit;
      this.at += field.before.length;
      this.readField(field.name);
    }
    this.skipByte(brace);
    if (this.at !== this.end) return false;
    // What an op cannot do without.
    const op = labelOps[event.op];
    if (op === 'set') return event.value !== absent;
    return (op !== 'undo' && op !== 'redo') || event.target !== none;
  }

  /** The field whose name stands at the scan. */
  private nextField(): OptionalField | undefined {
    const { bytes, at } = this;
    for (const field of optionalFields) {
      const { before } = field;
      // Their first letters differ but for two.
      if (bytes[at + 2] !== before[2]) continue;
      let k = 0;
      while (k < before.length && bytes[at + k] === before[k]) k++;
      if (k === before.length && at + k < this.end) return field;
    }
    return undefined;
  }

  private readField(name: OptionalField['name']): void {
    const { event } = this;
    if (name === 'shown' || name === 'ms') this.skipValue(true);
    else if (name === 'target') {
      this.skipByte(quote);
      event.target = this.readId();
      this.skipByte(quote);
    } else if (name === 'value' || name === 'previous') {
      if (this.bytes[this.at] === quote) {
        this.at++;
        event[name] = this.readAgain(true);
      } else {
        this.skip(literalNull);
        event[name] = none;
      }
    } else {
      this.skipByte(quote);
      event[name] = name === 'reason' ? this.readText(true) : this.readAgain(true);
    }
  }

  private fail(): number {
    this.at = -1;
    return none;
  }

  private skip(expected: Uint8Array): void {
    const { bytes, at } = this;
    if (at < 0 || at + expected.length > this.end) {
      this.fail();
      return;
    }
    for (let k = 0; k < expected.length; k++) {
      if (bytes[at + k] !== expected[k]) {
        this.fail();
        return;
      }
    }
    this.at = at + expected.length;
  }

  private skipByte(expected: number): void {
    if (this.at >= 0 && this.at < this.end && this.bytes[this.at] === expected) this.at++;
    else this.fail();
  }

  private readId(): number {
    if (this.at < 0 || this.at + idLength > this.end) return this.fail();
    const number = this.table.ids.numberOfBytes(this.bytes, this.at);
    if (number < 0) return this.fail();
    this.at += idLength;
    return number;
  }

  /** A text up to and with the quote that ends it; empty only where that is allowed. */
  private readText(mayBeEmpty = false): number {
    const { bytes, end } = this;
    const start = this.at;
    if (start < 0) return none;
    let hash = hashStart;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === quote) break;
      if (byte < 0x20 || byte === 0x5c) return this.fail();
      hash = hashByte(hash, byte);
    }
    if (at >= end || (at === start && !mayBeEmpty)) return this.fail();
    this.at = at + 1;
    return this.table.texts.numberOfBytes(bytes, start, at, hash);
  }

  /** The same for a text of which there are few. */
  private readAgain(mayBeEmpty = false): number {
    const { bytes, at } = this;
    if (at < 0) return none;
    const memo = present(this.memos[(bytes[at]! + bytes[at + 2]! * 5) & (memoCount - 1)], 'the memo');
    const known = memo.bytes;
    const { length } = memo;
    if (length >= 0 && at + length < this.end && bytes[at + length] === quote) {
      let k = 0;
      while (k < length && bytes[at + k] === known[k]) k++;
      if (k === length) {
        this.at = at + length + 1;
        return memo.number;
      }
    }
    const number = this.readText(mayBeEmpty);
    const read = this.at - 1 - at;
    if (number !== none && read > 0 && read <= longestMemo) {
      if (memo.length < 0) memo.bytes = new Uint8Array(longestMemo);
      for (let k = 0; k < read; k++) memo.bytes[k] = bytes[at + k]!;
      memo.length = read;
      memo.number = number;
    }
    return number;
  }

  private readBatch(): number {
    const { bytes, at, lastBatch } = this;
    if (at < 0 || at + idLength > this.end) return this.fail();
    let k = lastBatch.number === none ? idLength + 1 : 0;
    // The last characters differ first.
    for (let c = idLength - 1; k === 0 && c >= 0; c--) if (bytes[at + c] !== lastBatch.bytes[c]) k = 1;
    if (k === 0) {
      this.at = at + idLength;
      return lastBatch.number;
    }
    lastBatch.number = this.readId();
    for (let c = 0; c < idLength; c++) lastBatch.bytes[c] = bytes[at + c]!;
    return lastBatch.number;
  }

  private digits(at: number, count: number): number {
    let value = 0;
    for (let k = at; k < at + count; k++) {
      const digit = this.bytes[k]! - 0x30;
      if (digit < 0 || digit > 9) {
        this.fail();
        return 0;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private readTime(): number {
    const { at, bytes } = this;
    if (at < 0 || at + timeLength > this.end) return this.fail();
    const dash = 0x2d;
    const isTime =
      bytes[at + 4] === dash &&
      bytes[at + 7] === dash &&
      bytes[at + 10] === 0x54 &&
      bytes[at + 13] === colon &&
      bytes[at + 16] === colon &&
      bytes[at + 19] === 0x2e &&
      bytes[at + 23] === 0x5a;
    const day = this.dayOf(this.digits(at, 4), this.digits(at + 5, 2), this.digits(at + 8, 2));
    const hours = this.digits(at + 11, 2);
    const minutes = this.digits(at + 14, 2);
    const seconds = this.digits(at + 17, 2);
    const ms = this.digits(at + 20, 3);
    if (this.at < 0 || !isTime || Number.isNaN(day) || hours > 23 || minutes > 59 || seconds > 59) {
      return this.fail();
    }
    this.at = at + timeLength;
    return day + ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
  }

  /** Midnight of a day, ms since 1970; NaN for one that no calendar has. */
  private dayOf(year: number, month: number, date: number): number {
    const key = (year * 100 + month) * 100 + date;
    let day = this.days.get(key);
    if (day === undefined) {
      const pad = (value: number, width: number): string => String(value).padStart(width, '0');
      const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}T00:00:00.000Z`;
      day = Date.parse(text);
      if (!Number.isNaN(day) && new Date(day).toISOString() !== text) day = NaN;
      this.days.set(key, day);
    }
    return day;
  }

  /** A number, text, true, false, null, or an object of these: what stands in `shown` and `ms`. */
  private skipValue(mayBeObject: boolean): void {
    if (this.at < 0) return;
    const byte = this.bytes[this.at]!;
    if (byte === quote) {
      this.at++;
      this.skipText();
    } else if (byte === 0x6e) this.skip(literalNull);
    else if (byte === 0x74) this.skip(literalTrue);
    else if (byte === 0x66) this.skip(literalFalse);
    else if (byte === 0x7b && mayBeObject) this.skipObject();
    else this.skipNumber();
  }

  private skipObject(): void {
    this.at++;
    if (this.bytes[this.at] === brace) {
      this.at++;
      return;
    }
    while (this.at >= 0) {
      this.skipByte(quote);
      this.skipText();
      this.skipByte(colon);
      this.skipValue(false);
      if (this.at < 0 || this.bytes[this.at] !== comma) break;
      this.at++;
    }
    this.skipByte(brace);
  }

  private skipText(): void {
    const { bytes, end } = this;
    let { at } = this;
    if (at < 0) return;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === quote) break;
      if (byte < 0x20 || byte === 0x5c) {
        this.fail();
        return;
      }
    }
    if (at >= end) this.fail();
    else this.at = at + 1;
  }

  /** As JSON writes numbers: no leading zero, no bare point; exponents are left to the parser. */
  private skipNumber(): void {
    if (this.bytes[this.at] === 0x2d) this.at++;
    const start = this.at;
    const whole = this.skipDigits();
    if (whole === 0 || (whole > 1 && this.bytes[start] === 0x30)) {
      this.fail();
      return;
    }
    if (this.bytes[this.at] !== 0x2e) return;
    this.at++;
    if (this.skipDigits() === 0) this.fail();
  }

  private skipDigits(): number {
    const start = this.at;
    while (this.at < this.end && this.bytes[this.at]! >= 0x30 && this.bytes[this.at]! <= 0x39) this.at++;
    return this.at - start;
  }
}
