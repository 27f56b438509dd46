/**
 * Effective labels: the given labels and everybody's events folded into one answer per review item. Any
 * order, any duplication and any splitting of the events into calls of `apply` gives the same result.
 *
 * Rules beyond the design's: an exclude or include without a finding acts on all findings of its sample; for
 * each item the latest such event of anybody decides. With study-level labels an event on one image acts on
 * every image of the same study of the same patient.
 */
import type { Moment } from './asOf';
import { type Batch, type Entry, everyFinding, isNews, isUndone, touches } from './entries';
import { batchKey, compareEvents } from './events';
import { inOrder, type Resolution, resolveItem } from './resolve';
import type { DisputedPolicy, EffectiveLabel, LabelEvent } from './model';
import { classFinding, type Dataset, type LabelValue } from '../dataset/model';

export interface FoldOptions {
  readonly disputed: DisputedPolicy;
  /** `labels.unit` of overread.yaml: what one edit applies to. Default: the image. */
  readonly unit?: 'image' | 'study';
}

/** Bits of `EffectiveLabels.flags`. */
export const itemFlags = {
  kept: 1,
  excluded: 2,
  masked: 4,
  disputed: 8,
  /** Standing events exist: somebody answered, excluded or included. */
  edited: 16,
} as const;

export class EffectiveLabels {
  /** Number of review items: samples × findings. Item n is finding n % findings of sample ⌊n / findings⌋. */
  readonly items: number;
  /** Effective value of each item as an index into `values[finding]`; -1 is null. */
  readonly codes: Int16Array;
  /** The same of the given labels. */
  readonly givenCodes: Int16Array;
  /** `itemFlags` of each item. */
  readonly flags: Uint8Array;
  /** Values per finding: those of the dataset first, then whatever else events brought. */
  readonly values: readonly string[][];
  /** Events on samples or findings that the dataset does not have (any more). They stay in the log. */
  get unmatched(): number {
    return this.strays.size;
  }

  private readonly findings: number;
  private readonly indexOfSample = new Map<string, number>();
  private readonly indexOfFinding = new Map<string, number>();
  private readonly codeOf: Map<string, number>[];
  private readonly unitOfSample: Int32Array | undefined;
  private readonly samplesOfUnit = new Map<number, number[]>();
  private readonly entriesOfUnit = new Map<number, Entry[]>();
  private readonly seen = new Map<string, LabelEvent>();
  private readonly batches = new Map<string, Batch>();
  private readonly resolutions = new Map<number, Resolution>();
  private readonly strays = new Set<string>();

  constructor(
    readonly dataset: Dataset,
    private readonly options: FoldOptions,
  ) {
    this.findings = dataset.findings.length;
    this.items = dataset.samples.length * this.findings;
    dataset.samples.forEach((sample, i) => this.indexOfSample.set(sample.id, i));
    dataset.findings.forEach((finding, f) => this.indexOfFinding.set(finding.name, f));
    this.values = dataset.findings.map((finding) => [...finding.values]);
    this.codeOf = this.values.map((values) => new Map(values.map((value, code) => [value, code])));
    this.givenCodes = new Int16Array(this.items);
    let item = 0;
    for (const sample of dataset.samples) {
      for (let f = 0; f < this.findings; f++) this.givenCodes[item++] = this.code(f, sample.given[f] ?? null);
    }
    this.codes = this.givenCodes.slice();
    this.flags = new Uint8Array(this.items);
    this.unitOfSample = options.unit === 'study' ? this.groupByStudy() : undefined;
  }

  /** The row of a sample, or undefined. */
  index(sampleId: string): number | undefined {
    return this.indexOfSample.get(sampleId);
  }

  /** The samples that an edit on this one acts on: itself, or every image of its study. */
  samplesWith(sampleIndex: number): readonly number[] {
    return this.samplesOf(this.unitOf(sampleIndex));
  }

  /** The value of one item; cheap, nothing is allocated. */
  valueAt(item: number): LabelValue {
    const code = this.codes[item]!;
    return code < 0 ? null : this.values[item % this.findings]![code]!;
  }

  /** Everything about one item. */
  at(sampleIndex: number, findingIndex: number): EffectiveLabel {
    const item = sampleIndex * this.findings + findingIndex;
    const given = this.dataset.samples[sampleIndex]?.given[findingIndex] ?? null;
    const resolution = this.resolutions.get(item);
    if (!resolution) {
      const untouched = { kept: false, excluded: false, masked: false, readings: [] };
      return { value: given, given, source: 'given', ...untouched };
    }
    const { source, kept, excluded, readings, last } = resolution;
    return {
      value: this.valueAt(item),
      given,
      source,
      kept,
      excluded,
      masked: (this.flags[item]! & itemFlags.masked) !== 0,
      readings,
      ...(last ? { last: lastOf(last) } : {}),
    };
  }

  /** Whether events stand on an item: somebody answered, excluded or included. */
  touched(sampleIndex: number, findingIndex: number): boolean {
    return (this.flags[sampleIndex * this.findings + findingIndex]! & itemFlags.edited) !== 0;
  }

  /** The items that have events, undone ones included, in no particular order. */
  historyItems(): number[] {
    const items: number[] = [];
    for (const [unit, entries] of this.entriesOfUnit) {
      for (const finding of this.findingsOf(entries)) {
        for (const sample of this.samplesOf(unit)) items.push(sample * this.findings + finding);
      }
    }
    return items;
  }

  /** Batches of edits that stand now and did not at a moment, or the other way round. */
  batchesSince(moment: Moment): number {
    const changed = new Set<Batch>();
    for (const entries of this.entriesOfUnit.values()) {
      for (const entry of entries) if (isNews(entry, moment)) changed.add(entry.batch);
    }
    return changed.size;
  }

  /**
   * Takes in events, known ones included, and returns the items whose events changed, ascending. Cost: the
   * events of the units that are touched.
   */
  apply(events: Iterable<LabelEvent>): number[] {
    const dirty = new Set<number>();
    for (const event of events) this.take(event, dirty);
    const touched: number[] = [];
    for (const unit of dirty) this.resolveUnit(unit, touched);
    return touched.sort((a, b) => a - b);
  }

  /** Whether the standing events of an item now are others than as of a moment (by the events' times). */
  isChangedSince(item: number, moment: Moment): boolean {
    const finding = item % this.findings;
    const entries = this.entriesOfUnit.get(this.unitOf(Math.floor(item / this.findings))) ?? [];
    return entries.some((entry) => touches(entry, finding) && isNews(entry, moment));
  }

  private groupByStudy(): Int32Array {
    const unitOfStudy = new Map<string, number>();
    return Int32Array.from(this.dataset.samples, (sample, i) => {
      if (sample.study === null) return i;
      // Study names need not be unique beyond the patient (CheXpert's "study1").
      const key = JSON.stringify([sample.group, sample.study]);
      const unit = unitOfStudy.get(key);
      if (unit === undefined) {
        unitOfStudy.set(key, i);
        this.samplesOfUnit.set(i, [i]);
        return i;
      }
      this.samplesOfUnit.get(unit)!.push(i);
      return unit;
    });
  }

  private unitOf(sampleIndex: number): number {
    return this.unitOfSample ? this.unitOfSample[sampleIndex]! : sampleIndex;
  }

  private code(finding: number, value: LabelValue): number {
    if (value === null) return -1;
    const known = this.codeOf[finding]!.get(value);
    if (known !== undefined) return known;
    // A value that the configuration no longer lists: kept and shown, but no target (buildTargets masks it).
    const code = this.values[finding]!.push(value) - 1;
    this.codeOf[finding]!.set(value, code);
    return code;
  }

  private take(event: LabelEvent, dirty: Set<number>): void {
    const known = this.seen.get(event.id);
    if (known) {
      if (compareEvents(event, known) >= 0) return;
      this.drop(known, dirty);
    }
    this.seen.set(event.id, event);
    if (event.op === 'undo' || event.op === 'redo') {
      const batch = this.batchOf(event.annotator, event.target ?? '');
      batch.reversals.push(event);
      for (const unit of batch.units) dirty.add(unit);
      return;
    }
    const sample = this.indexOfSample.get(event.sample);
    const finding = this.findingOf(event);
    if (sample === undefined || finding === undefined) {
      this.strays.add(event.id);
      return;
    }
    const unit = this.unitOf(sample);
    const entry = { event, finding, batch: this.batchOf(event.annotator, event.batch) };
    const entries = this.entriesOfUnit.get(unit);
    if (entries) entries.push(entry);
    else this.entriesOfUnit.set(unit, [entry]);
    entry.batch.units.add(unit);
    dirty.add(unit);
  }

  /** Forgets an event in favour of another with the same id (a line that was edited by hand). */
  private drop(event: LabelEvent, dirty: Set<number>): void {
    const batch = this.batchOf(event.annotator, event.target ?? '');
    batch.reversals = batch.reversals.filter((other) => other !== event);
    for (const unit of batch.units) dirty.add(unit);
    this.strays.delete(event.id);
    const sample = this.indexOfSample.get(event.sample);
    if (sample === undefined) return;
    const unit = this.unitOf(sample);
    const entries = this.entriesOfUnit.get(unit) ?? [];
    // Its items are emptied here; the unit is resolved again from the rest.
    for (const finding of this.findingsOf(entries)) {
      for (const of of this.samplesOf(unit)) this.clear(of * this.findings + finding);
    }
    this.entriesOfUnit.set(
      unit,
      entries.filter((other) => other.event !== event),
    );
    dirty.add(unit);
  }

  private batchOf(annotator: string, id: string): Batch {
    const key = batchKey(annotator, id);
    let batch = this.batches.get(key);
    if (!batch) {
      batch = { reversals: [], units: new Set() };
      this.batches.set(key, batch);
    }
    return batch;
  }

  /** The finding's index; undefined for none that is known. */
  private findingOf(event: LabelEvent): number | undefined {
    if (event.finding !== undefined) return this.indexOfFinding.get(event.finding);
    if (event.op === 'exclude' || event.op === 'include') return everyFinding;
    return this.dataset.task === 'multi-class' ? this.indexOfFinding.get(classFinding) : undefined;
  }

  private samplesOf(unit: number): readonly number[] {
    return this.samplesOfUnit.get(unit) ?? [unit];
  }

  /** The findings that some entries are about. */
  private findingsOf(entries: readonly Entry[]): readonly number[] {
    const findings = new Set(entries.map((entry) => entry.finding));
    return findings.has(everyFinding) ? this.dataset.findings.map((_, f) => f) : [...findings];
  }

  private resolveUnit(unit: number, touched: number[]): void {
    const entries = this.entriesOfUnit.get(unit) ?? [];
    const standing = entries.filter((entry) => !isUndone(entry.batch));
    for (const finding of this.findingsOf(entries)) {
      const own = standing.filter((entry) => touches(entry, finding));
      const events = inOrder(own.map((entry) => entry.event));
      for (const sample of this.samplesOf(unit)) {
        const item = sample * this.findings + finding;
        touched.push(item);
        if (events.length === 0) this.clear(item);
        else {
          const given = this.dataset.samples[sample]!.given[finding] ?? null;
          this.store(item, resolveItem(events, given, this.options.disputed));
        }
      }
    }
  }

  private clear(item: number): void {
    this.resolutions.delete(item);
    this.codes[item] = this.givenCodes[item]!;
    this.flags[item] = 0;
  }

  private store(item: number, resolution: Resolution): void {
    this.resolutions.set(item, resolution);
    const { value, kept, excluded, masked, source } = resolution;
    this.codes[item] = value === undefined ? this.givenCodes[item]! : this.code(item % this.findings, value);
    this.flags[item] =
      itemFlags.edited |
      (kept ? itemFlags.kept : 0) |
      (excluded ? itemFlags.excluded : 0) |
      (masked || excluded ? itemFlags.masked : 0) |
      (source === 'disputed' ? itemFlags.disputed : 0);
  }
}

function lastOf(reading: NonNullable<Resolution['last']>): NonNullable<EffectiveLabel['last']> {
  const { annotator, time, reason, event } = reading;
  return { annotator, time, event, ...(reason === undefined ? {} : { reason }) };
}

/** Folds a dataset and its events. Cost: the dataset's size once, and each event once. */
export function foldLabels(
  dataset: Dataset,
  events: Iterable<LabelEvent>,
  options: FoldOptions,
): EffectiveLabels {
  const labels = new EffectiveLabels(dataset, options);
  labels.apply(events);
  return labels;
}
