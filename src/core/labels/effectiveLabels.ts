/**
 * Effective labels: what the given labels and everybody's events add up to, one answer per review item. Any
 * order, any duplication and any splitting of the events into calls of `apply` gives the same result.
 *
 * Rules beyond the design's: an exclude or include without a finding acts on all findings of its sample; for
 * each item the latest such event of anybody decides. With study-level labels an event on one image acts on
 * every image of the same study of the same patient. Readings in the table are those of their own image.
 */
import { atOnce, ofRanges, type Pieces } from '../base/pieces';
import { none } from './batches';
import { EventScope, unknownFinding } from './eventScope';
import { absent, type EventTable, tableOf } from './eventTable';
import type { EffectiveLabel, LabelEvent, LabelRules, Moment } from './model';
import { lastOf, readingsOf } from './readings';
import { givenStands, type Resolution, resolveItem } from './resolve';
import { TableVoices, type Voice } from './tableVoices';
import { UndoneAt } from './undoneAt';
import { Units } from './units';
import { ValueCodes } from './valueCodes';
import type { Dataset, LabelValue } from '../dataset/model';
import { present } from '../base/present';

/** Bits of `EffectiveLabels.flags`. */
export const itemFlags = {
  kept: 1,
  excluded: 2,
  masked: 4,
  disputed: 8,
  /** Standing events exist: somebody answered, excluded or included. */
  edited: 16,
  /** Somebody's standing answer is a value that the configuration does not list. */
  unlisted: 32,
} as const;

/** Looked at in one piece: images with some findings each, events, and units with some events each. */
const [samplesAtOnce, rowsAtOnce, unitsAtOnce] = [2048, 2048, 512];

export class EffectiveLabels {
  /** Number of review items: samples × findings. Item n is finding n % findings of sample ⌊n / findings⌋. */
  readonly items: number;
  /** Effective value of each item as an index into `values[finding]`; -1 is null. */
  readonly codes: Int32Array;
  /** The same of the given labels. */
  readonly givenCodes: Int32Array;
  /** `itemFlags` of each item. */
  readonly flags: Uint8Array;
  /** Rows of events on samples or findings that the dataset does not have (any more). They stay in the log. */
  readonly strays: number[] = [];

  private readonly findings: number;
  private readonly indexOfSample = new Map<string, number>();
  private readonly scope: EventScope;
  private readonly valueCodes: ValueCodes;
  private readonly units: Units;
  private readonly undoneAt: UndoneAt;
  private voices: TableVoices | undefined;
  /** How far the table was taken in: rows, and superseded ones. */
  private taken = 0;
  private takenSuperseded = 0;

  private constructor(
    readonly dataset: Dataset,
    readonly table: EventTable,
    private readonly options: LabelRules,
  ) {
    this.findings = dataset.findings.length;
    this.items = dataset.samples.length * this.findings;
    this.scope = new EventScope(dataset, table, this.indexOfSample);
    this.valueCodes = new ValueCodes(dataset, table.texts, options.renamed);
    this.undoneAt = new UndoneAt(table);
    this.givenCodes = new Int32Array(this.items);
    this.codes = new Int32Array(this.items);
    this.flags = new Uint8Array(this.items);
    this.units = new Units(dataset.samples, options.unit ?? 'image');
  }

  /**
   * The labels of a dataset and its events, in pieces. Events that come between them are not lost: the next `apply` takes
   * them in.
   */
  static *of(dataset: Dataset, table: EventTable, options: LabelRules): Pieces<EffectiveLabels> {
    const labels = new EffectiveLabels(dataset, table, options);
    yield;
    yield* labels.takeGiven();
    yield* labels.applyAll();
    return labels;
  }

  private *takeGiven(): Pieces<void> {
    const { dataset, findings } = this;
    const take = (from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        const { id, given } = present(dataset.samples[i], 'the sample');
        this.indexOfSample.set(id, i);
        for (let f = 0; f < findings; f++) {
          this.givenCodes[i * findings + f] = this.valueCodes.of(f, given[f] ?? null);
        }
      }
    };
    yield* ofRanges(dataset.samples.length, take, samplesAtOnce);
    this.codes.set(this.givenCodes);
    this.voices = TableVoices.of(dataset, this.table, this.valueCodes);
    yield;
    if (!this.voices) return;
    yield* ofRanges(this.items, (from, to) => {
      for (let item = from; item < to; item++) this.rest(item);
    });
  }

  /** Values per finding: those of the dataset first, then whatever else events brought. */
  get values(): readonly (readonly string[])[] {
    return this.valueCodes.values;
  }

  /** The row of a sample, or undefined. */
  index(sampleId: string): number | undefined {
    return this.indexOfSample.get(sampleId);
  }

  /** The samples that an edit on this one acts on: itself, or every image of its study. */
  samplesWith(sampleIndex: number): readonly number[] {
    return this.units.samples(this.units.of(sampleIndex));
  }

  /** The same by ids; an id that the dataset does not have stands for itself. */
  idsWith(sampleId: string): readonly string[] {
    const sample = this.index(sampleId);
    const { samples } = this.dataset;
    return sample === undefined
      ? [sampleId]
      : this.samplesWith(sample).map((one) => present(samples[one], 'the sample').id);
  }

  /** The id of the sample of an item. */
  sampleId(item: number): string {
    return present(this.dataset.samples[Math.floor(item / this.findings)], 'the sample').id;
  }

  /** The value of one item; cheap, nothing is allocated. */
  valueAt(item: number): LabelValue {
    const code = this.codes[item]!;
    return code < 0 ? null : present(this.values[item % this.findings]?.[code], 'the value');
  }

  /** Everything about one item. Cost: the events of its unit. */
  at(sampleIndex: number, findingIndex: number): EffectiveLabel {
    const item = sampleIndex * this.findings + findingIndex;
    const given = this.dataset.samples[sampleIndex]?.given[findingIndex] ?? null;
    const rows = this.touched(sampleIndex, findingIndex) ? this.standingRows(sampleIndex, findingIndex) : [];
    if (rows.length === 0 && this.voicesAt(item).length === 0) {
      const untouched = { kept: false, excluded: false, masked: false, readings: [] };
      return { value: given, given, source: 'given', ...untouched };
    }
    const resolution = this.resolve(item, rows);
    const { source, kept, excluded } = resolution;
    const readings = readingsOf(this.table, rows, resolution, {
      code: (row) => this.answerCode(item, row),
      names: this.values[findingIndex] ?? [],
    });
    const value = this.valueAt(item);
    const last = lastOf(readings, resolution, value);
    return {
      value,
      given,
      source,
      kept,
      excluded,
      masked: (this.flags[item]! & itemFlags.masked) !== 0,
      readings: readings.map(({ reading }) => reading),
      ...(last ? { last } : {}),
    };
  }

  /** Whether events stand on an item: somebody answered, excluded or included. */
  touched(sampleIndex: number, findingIndex: number): boolean {
    return (this.flags[sampleIndex * this.findings + findingIndex]! & itemFlags.edited) !== 0;
  }

  /**
   * What an annotator has said of an item or its whole sample: nothing yet, only what they took back, or something
   * that stands, be it in the table. Cost: the events of its unit.
   */
  heardFrom(item: number, annotator: string): 'never' | 'before' | 'now' {
    const finding = item % this.findings;
    const name = this.table.texts.find(annotator);
    if (this.voicesAt(item).some((voice) => voice.annotator === name)) return 'now';
    const own = this.units
      .rows(this.units.of((item - finding) / this.findings))
      .filter((row) => this.table.annotator(row) === name && this.scope.acts(row, finding));
    if (own.length === 0) return 'never';
    return this.standingOf(own).length > 0 ? 'now' : 'before';
  }

  /** Has what `isChangedSince` needs of large batches ready, in pieces. */
  preparingHistory(): Pieces<void> {
    return this.undoneAt.preparing();
  }

  /** The items that have events, undone ones included, ascending within each unit. */
  *historyItems(): Generator<number> {
    for (const unit of this.units.withRows()) {
      for (const finding of this.scope.findings(this.units.rows(unit))) {
        for (const sample of this.units.samples(unit)) yield sample * this.findings + finding;
      }
    }
  }

  /** The rows of the events on an item that are somebody's latest answer, or `[]`. */
  answerRows(item: number): readonly number[] {
    const finding = item % this.findings;
    const rows = this.standingRows((item - finding) / this.findings, finding);
    return rows.length === 0 ? rows : this.resolve(item, rows).readings;
  }

  /** Whether a value's code is one that the configuration does not list. */
  isUnlisted(item: number, row: number): boolean {
    return this.valueCodes.isUnlisted(item % this.findings, this.answerCode(item, row));
  }

  /**
   * Takes in what the table got since the last call, and returns the items whose events changed, ascending. Cost:
   * the events of the units that are touched.
   * @param events to be added to the table first
   */
  apply(events: Iterable<LabelEvent> = []): number[] {
    return atOnce(this.applying(events));
  }

  /** The same in pieces, between which a unit's labels are as before or as after, and what the table gets is for the next call. */
  *applying(events: Iterable<LabelEvent> = []): Pieces<number[]> {
    for (const event of events) this.table.addEvent(event);
    if (this.taken === 0) return yield* this.applyAll();
    const [from, count] = [this.taken, this.table.count];
    const [fromSuperseded, superseded] = [this.takenSuperseded, this.table.superseded.length];
    [this.taken, this.takenSuperseded] = [count, superseded];
    const dirty = new Set<number>();
    // An undo has an event for each item of its batch: the batch is looked at once.
    const reversed = new Set<number>();
    for (let row = from; row < count; row++) {
      this.link(row);
      this.touch(row, dirty, reversed);
      if ((row - from) % rowsAtOnce === rowsAtOnce - 1) yield;
    }
    for (let n = fromSuperseded; n < superseded; n++) {
      this.touch(present(this.table.superseded[n], 'the event'), dirty, reversed);
    }
    for (const batch of reversed) {
      yield;
      const rows = this.table.batches.edits(batch);
      yield;
      yield* ofRanges(rows.length, (first, end) => {
        for (const row of rows.slice(first, end)) this.touch(row, dirty, reversed);
      });
    }
    yield;
    const touched: number[] = [];
    let resolved = 0;
    for (const unit of dirty) {
      this.resolveUnit(unit, touched);
      if (++resolved % unitsAtOnce === 0) yield;
    }
    return ascending(touched);
  }

  /** The same for the first time, when everything is new. */
  private *applyAll(): Pieces<number[]> {
    // What the table gets from here on is for the next call.
    this.taken = this.table.count;
    this.takenSuperseded = this.table.superseded.length;
    const link = (from: number, to: number): void => {
      for (let row = from; row < to; row++) this.link(row);
    };
    yield* ofRanges(this.taken, link, rowsAtOnce);
    const touched: number[] = [];
    let resolved = 0;
    for (const unit of this.units.withRows()) {
      this.resolveUnit(unit, touched);
      if (++resolved % unitsAtOnce === 0) yield;
    }
    return ascending(touched);
  }

  /** Whether the standing events of an item now are others than as of a moment (by the events' times). */
  isChangedSince(item: number, moment: Moment): boolean {
    const finding = item % this.findings;
    const rows = this.units.rows(this.units.of((item - finding) / this.findings));
    return rows.some(
      (row) =>
        this.scope.acts(row, finding) && !this.table.isSuperseded(row) && this.undoneAt.isNews(row, moment),
    );
  }

  /** Puts an event to its unit. */
  private link(row: number): void {
    const { asOf } = this.options;
    if (this.table.isReversal(row) || (asOf && !this.table.isUntil(row, asOf))) return;
    const sample = this.scope.sample(row);
    if (sample === none || this.scope.finding(row) === unknownFinding) this.strays.push(row);
    else this.units.add(this.units.of(sample), row);
  }

  /** Notes what has to be looked at again because of an event. */
  private touch(row: number, dirty: Set<number>, reversed: Set<number>): void {
    if (this.table.isReversal(row)) {
      reversed.add(this.table.target(row));
      return;
    }
    const sample = this.scope.sample(row);
    if (sample !== none && this.scope.finding(row) !== unknownFinding) dirty.add(this.units.of(sample));
  }

  private isUndone(batch: number): boolean {
    const { asOf } = this.options;
    return asOf ? this.undoneAt.isUndone(batch, asOf) : this.table.isUndone(batch);
  }

  /** Of a unit's rows those that count, in order. */
  private standingOf(rows: readonly number[]): number[] {
    const standing = rows.filter(
      (row) => !this.table.isSuperseded(row) && !this.isUndone(this.table.batch(row)),
    );
    return standing.sort((a, b) => this.table.compare(a, b));
  }

  private standingRows(sample: number, finding: number): number[] {
    return this.standingOf(
      this.units.rows(this.units.of(sample)).filter((row) => this.scope.acts(row, finding)),
    );
  }

  private resolveUnit(unit: number, touched: number[]): void {
    const rows = this.units.rows(unit);
    const standing = this.standingOf(rows);
    for (const finding of this.scope.findings(rows)) {
      const own = this.findings === 1 ? standing : standing.filter((row) => this.scope.acts(row, finding));
      for (const sample of this.units.samples(unit)) {
        const item = sample * this.findings + finding;
        touched.push(item);
        if (own.length === 0) this.rest(item);
        else this.store(item, this.resolve(item, own), itemFlags.edited);
      }
    }
  }

  /** What stands on an item without any event. */
  private rest(item: number): void {
    if (this.voices) this.store(item, this.resolve(item, []), 0);
    else {
      this.codes[item] = this.givenCodes[item]!;
      this.flags[item] = 0;
    }
  }

  private voicesAt(item: number): readonly Voice[] {
    return this.voices?.at(item) ?? [];
  }

  private resolve(item: number, rows: readonly number[]): Resolution {
    const codeOf = (row: number): number => this.answerCode(item, row);
    return resolveItem(this.table, rows, codeOf, this.options.disputed, this.voicesAt(item));
  }

  /** The code of the value that a `set` or `keep` gives to an item. */
  private answerCode(item: number, row: number): number {
    const value = this.table.value(row);
    if (value !== absent) return this.valueCodes.ofText(item % this.findings, value);
    const previous = this.table.previous(row);
    return previous === absent
      ? this.givenCodes[item]!
      : this.valueCodes.ofText(item % this.findings, previous);
  }

  private store(item: number, resolution: Resolution, edited: number): void {
    const { value, kept, excluded, masked, source, codes } = resolution;
    const finding = item % this.findings;
    this.codes[item] = value === givenStands ? this.givenCodes[item]! : value;
    this.flags[item] =
      edited |
      (kept ? itemFlags.kept : 0) |
      (excluded ? itemFlags.excluded : 0) |
      (masked || excluded ? itemFlags.masked : 0) |
      (source === 'disputed' ? itemFlags.disputed : 0) |
      (codes.some((code) => this.valueCodes.isUnlisted(finding, code)) ? itemFlags.unlisted : 0);
  }
}

/** The effective labels of a dataset and its events. Cost: the dataset's size once, and each event once. */
export function effectiveLabels(
  dataset: Dataset,
  events: EventTable | Iterable<LabelEvent>,
  options: LabelRules,
): EffectiveLabels {
  const table = Symbol.iterator in events ? tableOf(events) : events;
  return atOnce(EffectiveLabels.of(dataset, table, options));
}

/** Numbers in an array of their kind are put in order many times faster. */
function ascending(items: readonly number[]): number[] {
  return [...Int32Array.from(items).sort()];
}
