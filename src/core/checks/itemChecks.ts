/** The findings of the last check as the review asks for them: item by item, while labels change. */
import type { ProjectConfig } from '../config/config';
import { itemFlags } from '../labels/effectiveLabels';
import { sha256 } from '../base/files';
import { atOnce, ofRanges, type Pieces } from '../base/pieces';
import { isIgnored } from './ignored';
import { checkKinds, kindOrder } from './kinds';
import type { KeptChecks } from './keptChecks';
import type { Check, ItemFinding } from './model';
import { holds, placed, saidValue, type PlacedCheck, type StandingSources } from './standing';

/** What the findings are looked at beside. */
export interface CheckSources extends StandingSources {
  readonly config: Pick<ProjectConfig, 'check'> & {
    readonly dataset: Pick<ProjectConfig['dataset'], 'table'>;
  };
  /** `tableHash` of the table as it is now; empty: it is not known. */
  readonly table: string;
}

/** A finding that holds, at the row where its first sample is now. */
export interface StandingCheck extends Check {
  /** The same for the same finding. */
  readonly id: string;
  /** Its kind for people. */
  readonly title: string;
  /** Its samples are one image of several patients: they may be kept together. */
  readonly mayJoin: boolean;
}

/** Looked up in one piece. */
const checksAtOnce = 1024;

export class ItemChecks {
  private readonly width: number;
  /** By sample, the findings that name it. */
  private readonly bySample = new Map<number, number[]>();
  /** 1 for each sample of the map: most are in none. */
  private readonly marks: Uint8Array;
  /** By finding: 1 it holds, 0 it does not, -1 not asked since its labels changed. */
  private readonly held: Int8Array;
  /** By finding, once it was asked for. */
  private readonly ids: string[] = [];

  /**
   * @param placed in the order of the queue
   * @param ignored what `check.ignore` lets be
   * @param gone how many findings went with rows of the table that are gone, or may be others now
   */
  private constructor(
    private readonly sources: CheckSources,
    readonly kept: KeptChecks | null,
    private readonly placed: readonly PlacedCheck[],
    readonly ignored: readonly Check[],
    readonly gone: number,
  ) {
    this.width = sources.dataset.findings.length;
    this.held = new Int8Array(placed.length).fill(-1);
    this.marks = new Uint8Array(sources.dataset.samples.length);
  }

  /**
   * @param kept what the last check found; null: there was none
   * @param told findings of the reading of the project, which are always of now
   */
  static of(sources: CheckSources, kept: KeptChecks | null, told: readonly Check[]): ItemChecks {
    return atOnce(ItemChecks.placing(sources, kept, told));
  }

  /** The same in pieces. */
  static *placing(
    sources: CheckSources,
    kept: KeptChecks | null,
    told: readonly Check[],
  ): Pieces<ItemChecks> {
    const { config, table } = sources;
    const isSame = kept?.table === table;
    const [standing, ignored]: [PlacedCheck[], Check[]] = [[], []];
    let gone = 0;
    const all = [...(kept?.checks ?? []), ...told];
    const place = (from: number, to: number): void => {
      for (const [k, check] of all.slice(from, to).entries()) {
        if (isIgnored(config, check)) {
          ignored.push(check);
          continue;
        }
        // What is about the whole table is not known of another.
        const isOfOther = from + k < all.length - told.length && !isSame && check.samples.length === 0;
        const one = isOfOther ? undefined : placed(sources, check);
        if (one) standing.push(one);
        else gone++;
      }
    };
    yield* ofRanges(all.length, place, checksAtOnce);
    const order = standing.toSorted((a, b) => kindOrder(a.check.kind) - kindOrder(b.check.kind));
    const checks = new ItemChecks(sources, kept, order, ignored, gone);
    yield* ofRanges(order.length, (from, to) => checks.mark(from, to), checksAtOnce);
    return checks;
  }

  private mark(from: number, to: number): void {
    for (const [k, { samples }] of this.placed.slice(from, to).entries()) {
      for (const sample of samples) {
        this.marks[sample] = 1;
        const list = this.bySample.get(sample);
        if (list) list.push(from + k);
        else this.bySample.set(sample, [from + k]);
      }
    }
  }

  /** Tables, split or their settings are others than when the last check was made. */
  get isOfOtherTable(): boolean {
    return this.kept !== null && this.kept.table !== this.sources.table;
  }

  /** Labels changed since the last check: it may have missed what contradicts now. */
  get isOfOtherLabels(): boolean {
    return this.kept !== null && this.kept.events !== this.sources.labels.table.count;
  }

  /** Whether a finding that is no mere note is about an item and is not settled. */
  isChecked(item: number): boolean {
    return this.firstOf(item) !== undefined;
  }

  /** The place of an item in the queue: items of one finding beside each other; NaN for an item without one. */
  place(item: number): number {
    return this.firstOf(item) ?? NaN;
  }

  /** What was found of an item, the gravest first, notes last. */
  of(item: number): readonly ItemFinding[] {
    return this.findingsOf(item)
      .map((n) => this.placed[n])
      .filter((one) => one !== undefined)
      .toSorted((a, b) => Number(a.check.severity === 'info') - Number(b.check.severity === 'info'))
      .map(({ check: { code, kind, severity, message } }) => ({
        ...{ code, kind, severity, message },
        title: checkKinds[kind].title,
      }));
  }

  /** An item of the same image with another label, of an item that nobody has answered; undefined where there is none. */
  contradicting(item: number): number | undefined {
    if (
      !this.isMarked(item) ||
      (this.sources.labels.flags[item]! & (itemFlags.edited | itemFlags.masked)) !== 0
    )
      return undefined;
    const own = this.said(item);
    for (const n of this.findingsOf(item)) {
      const one = this.placed[n];
      if (one?.check.kind !== 'contradiction') continue;
      const finding = item % this.width;
      for (const sample of one.samples) {
        const other = sample * this.width + finding;
        const value = this.said(other);
        const { flags } = this.sources.labels;
        if (value !== null && value !== own && (flags[other]! & itemFlags.excluded) === 0) return other;
      }
    }
    return undefined;
  }

  /** The items that may stand otherwise when the labels of these have changed, in no order, in pieces; they are asked anew. */
  *mates(items: ArrayLike<number>): Pieces<number[]> {
    const touched = new Set<number>();
    yield* ofRanges(items.length, (from, to) => {
      for (let i = from; i < to; i++) {
        const item = items[i] ?? 0;
        if (!this.isMarked(item)) continue;
        for (const n of this.bySample.get(Math.floor(item / this.width)) ?? []) touched.add(n);
      }
    });
    const samples = new Set<number>();
    for (const n of touched) {
      this.held[n] = -1;
      for (const sample of this.placed[n]?.samples ?? []) samples.add(sample);
    }
    yield;
    const mates: number[] = [];
    for (const sample of samples) {
      for (let f = 0; f < this.width; f++) mates.push(sample * this.width + f);
    }
    return mates;
  }

  /** How many findings hold, notes left out. */
  get grave(): number {
    return this.placed.filter(({ check }, n) => check.severity !== 'info' && this.holds(n)).length;
  }

  /**
   * Findings that hold, notes too, each at the row of its first sample as the table is now.
   * @param most of them, in the order of the queue
   */
  standing(most = Infinity): StandingCheck[] {
    const { dataset, config } = this.sources;
    let left = most;
    return this.placed.flatMap((one, n): StandingCheck[] => {
      if (left <= 0 || !this.holds(n)) return [];
      left--;
      const { check, samples } = one;
      const [first] = samples;
      const row = first === undefined ? undefined : dataset.samples[first]?.row;
      const patients = new Set(samples.map((sample) => dataset.samples[sample]?.group));
      const atRow =
        check.place === undefined ||
        (check.place.file === config.dataset.table && check.place.row !== undefined);
      return [
        {
          ...check,
          samples: samples.map((sample) => dataset.samples[sample]?.id ?? ''),
          ...(atRow && row !== undefined
            ? { place: { ...check.place, file: config.dataset.table, row } }
            : {}),
          id: (this.ids[n] ??= idOf(check)),
          title: checkKinds[check.kind].title,
          mayJoin: checkKinds[check.kind].oneImage && patients.size > 1,
        },
      ];
    });
  }

  private firstOf(item: number): number | undefined {
    if (!this.isMarked(item)) return undefined;
    return this.findingsOf(item).find((n) => {
      const one = this.placed[n];
      if (!one || one.check.severity === 'info') return false;
      // Whoever kept the label has said which of two contradicting ones is right.
      return !(one.check.kind === 'contradiction' && this.isKept(item));
    });
  }

  /** The findings that hold of an item. */
  private findingsOf(item: number): number[] {
    const all = this.bySample.get(Math.floor(item / this.width)) ?? [];
    return all.filter((n) => {
      const one = this.placed[n];
      if (!one || (one.finding >= 0 && one.finding !== item % this.width)) return false;
      const speaks = checkKinds[one.check.kind].while !== 'labels differ' || this.said(item) !== null;
      return speaks && this.holds(n);
    });
  }

  private holds(n: number): boolean {
    const one = this.placed[n];
    if (!one) return false;
    if (this.held[n]! < 0) this.held[n] = holds(this.sources, one) ? 1 : 0;
    return this.held[n] === 1;
  }

  private isMarked(item: number): boolean {
    return this.marks[Math.floor(item / this.width)] === 1;
  }

  private isKept(item: number): boolean {
    return (this.sources.labels.flags[item]! & itemFlags.kept) !== 0;
  }

  private said(item: number): string | null {
    return saidValue(this.sources, Math.floor(item / this.width), item % this.width);
  }
}

/** The same for the same finding, whatever its row is. */
function idOf({ code, kind, samples, message, finding = '' }: Check): string {
  const about = samples.length === 0 ? [message] : samples.toSorted();
  return sha256(JSON.stringify([code, kind, finding, ...about])).slice(0, 24);
}
