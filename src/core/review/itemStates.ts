/** Where each review item stands: its outcome, the facts that queues ask for, and how many are in each. Kept as labels change. */
import { ofRanges, type Pieces } from '../base/pieces';
import { present } from '../base/present';
import { unionOf } from '../base/union';
import { type Split, type SplitAssignment, splits } from '../dataset/model';
import { uncertainValue } from '../config/model';
import type { ItemPredictions } from '../evaluation/itemPredictions';
import type { Outcomes } from '../evaluation/outcomes';
import { type EffectiveLabels, itemFlags } from '../labels/effectiveLabels';
import type { ItemChecks } from '../checks/itemChecks';
import type { Moment } from '../labels/model';
import type { ItemSuspects } from '../suspects/itemSuspects';
import { factBits, factsEnd, factsOf } from './itemFacts';
import type { RareFinding } from './model';
import type { QueueRow } from './queues';
import { scoreOf, type ScoreRow } from './scores';

/** What an item is beside its outcome; the index of a queue is its place in the table. */
export interface StateSources {
  readonly labels: EffectiveLabels;
  readonly predictions: ItemPredictions;
  /** Of these predictions, and of no item yet. */
  readonly outcomes: Outcomes;
  /** Those of the run that this one is compared with. */
  readonly earlier: ItemPredictions | null;
  readonly suspects: ItemSuspects | null;
  readonly checks: ItemChecks | null;
  readonly assignment: SplitAssignment;
  /** The labels as of which the run was made: what is edited later is edited since the run. */
  readonly since: Moment;
  readonly queues: readonly QueueRow[];
  readonly scores: readonly ScoreRow[];
  readonly pathRank: () => Int32Array;
}

/** A queue as it is asked of an item. */
interface Membership {
  /** By facts: 1 where it holds. Known of the facts of items that were counted: 8,192 are possible, a score of them occur. */
  readonly holds: Uint8Array;
  readonly score: ((item: number) => number) | undefined;
  readonly atLeast: number;
}

/** Looked at in one piece: each is some looks at tables. */
const itemsAtOnce = 4096;

/** Items with events that are looked at in one piece: each is a look at its events. */
const editedAtOnce = 256;

/** Items that are judged again in one piece. */
const updatedAtOnce = 1024;

export class ItemStates {
  /** `factBits` of each item. */
  readonly facts: Uint16Array;

  private readonly outcomes: Outcomes;
  private readonly findings: number;
  /** The part of each sample, as an index into `splits`. */
  private readonly splitOf: Uint8Array;
  private readonly memberships: readonly Membership[];
  /** By facts: the queues that hold. */
  private readonly queuesOf: (readonly number[] | undefined)[] = new Array<undefined>(factsEnd);
  private edited = 0;
  /** Items by queue and split. */
  private readonly counts: Int32Array;

  /** Of no item yet: `counting` counts them. */
  constructor(private readonly sources: StateSources) {
    const { labels, outcomes, assignment, queues } = sources;
    this.findings = labels.dataset.findings.length;
    this.outcomes = outcomes;
    this.facts = new Uint16Array(labels.items);
    this.splitOf = new Uint8Array(assignment.split.length);
    this.memberships = queues.map((queue) => this.membershipOf(queue));
    this.counts = new Int32Array(queues.length * splits.length);
  }

  /** Judges and counts all items, in pieces between which their labels stay as they are. Once, before anything is asked. */
  *counting(): Pieces<void> {
    const { labels, assignment } = this.sources;
    yield* ofRanges(this.splitOf.length, (from, to) => {
      for (let i = from; i < to; i++)
        this.splitOf[i] = splits.indexOf(present(assignment.split[i], 'the part'));
    });
    yield* this.outcomes.judging();
    const take = (from: number, to: number): void => {
      for (let item = from; item < to; item++) this.facts[item] = this.factsNow(item);
    };
    yield* ofRanges(labels.items, take, itemsAtOnce);
    yield* labels.preparingHistory();
    let edited = 0;
    for (const item of labels.historyItems()) {
      this.facts[item] = this.facts[item]! | this.editedBit(item);
      if (++edited % editedAtOnce === 0) yield;
    }
    const count = (from: number, to: number): void => {
      for (let item = from; item < to; item++) this.count(item, 1);
    };
    yield* ofRanges(labels.items, count, itemsAtOnce);
  }

  /** Cross entropy of the effective label now, nats; NaN without a prediction or target. */
  get loss(): Float64Array {
    return this.outcomes.loss;
  }

  /** 1 where the prediction contradicts the effective label. */
  get wrong(): Uint8Array {
    return this.outcomes.wrong;
  }

  /** Whether an item's finding has too few positive patients for a verdict. */
  tooRare(item: number): boolean {
    return this.outcomes.tooRare(item);
  }

  /** The findings that are too rare for a verdict, with the patients that have them. */
  rareFindings(): RareFinding[] {
    const { findings } = this.sources.labels.dataset;
    const { rareFindings, positivePatients } = this.outcomes;
    return findings.flatMap(({ name }, f) =>
      rareFindings[f] === true ? [{ finding: name, positivePatients: positivePatients[f] ?? 0 }] : [],
    );
  }

  /** Brings items in step with their labels, each in one piece. @returns the items that may be another now */
  *updating(items: readonly number[]): Pieces<readonly number[]> {
    const affected = yield* this.affected(items);
    yield;
    const own = new Set(items);
    const update = (item: number): void => {
      // Taken out as it was counted: facts and scores are still the old ones.
      this.count(item, -1);
      this.outcomes.judge(item);
      const edited = own.has(item) ? this.editedBit(item) : this.facts[item]! & factBits.editedSinceRun;
      this.facts[item] = this.factsNow(item) | edited;
      this.count(item, 1);
    };
    yield* ofRanges(
      affected.length,
      (from, to) => {
        for (let n = from; n < to; n++) update(present(affected[n], 'the item'));
      },
      updatedAtOnce,
    );
    return affected;
  }

  /** Has one item judged by what is suspected of it. @param change brings about that this is another */
  suspect(item: number, change: () => void): void {
    this.count(item, -1);
    change();
    this.facts[item] = this.factsNow(item) | (this.facts[item]! & factBits.editedSinceRun);
    this.count(item, 1);
  }

  /** The items that may be another when these have changed: what was found of an image goes by other images too. */
  private *affected(items: readonly number[]): Pieces<readonly number[]> {
    const outcomes = yield* this.outcomes.taking(items);
    const { labels, checks } = this.sources;
    const mates = checks ? yield* checks.mates(items) : [];
    return mates.length === 0 ? outcomes : yield* unionOf(labels.items, [outcomes, mates]);
  }

  /** Whether a queue, by its place in the table, holds an item. */
  isIn(queue: number, item: number): boolean {
    const { holds, score, atLeast } = this.membership(queue);
    return holds[this.facts[item]!] === 1 && (score === undefined || score(item) >= atLeast);
  }

  /** How many items of some parts a queue holds. */
  total(queue: number, wanted: readonly Split[]): number {
    const parts = new Set(wanted);
    return splits.reduce(
      (sum, split, s) => (parts.has(split) ? sum + this.counts[queue * splits.length + s]! : sum),
      0,
    );
  }

  /** Items of every part whose label changed since the run. */
  get editedSinceRun(): number {
    return this.edited;
  }

  private membership(queue: number): Membership {
    return present(this.memberships[queue], 'the queue');
  }

  private membershipOf(queue: QueueRow): Membership {
    const holds = new Uint8Array(factsEnd);
    const { atLeast } = queue;
    if (!atLeast) return { holds, score: undefined, atLeast: -Infinity };
    const { labels, predictions, suspects, checks, scores, pathRank } = this.sources;
    const score = scoreOf(scores, atLeast.score).of({
      labels,
      predictions,
      suspects,
      checks,
      states: this,
      pathRank,
    });
    return { holds, score, atLeast: atLeast.value };
  }

  private count(item: number, by: 1 | -1): void {
    const facts = this.facts[item]!;
    const split = this.splitOf[Math.floor(item / this.findings)]!;
    if ((facts & factBits.editedSinceRun) !== 0) this.edited += by;
    for (const queue of (this.queuesOf[facts] ??= this.queuesThatHold(facts))) {
      const { score, atLeast } = this.membership(queue);
      if (score === undefined || score(item) >= atLeast) this.counts[queue * splits.length + split]! += by;
    }
  }

  /** Asked once of facts: of those that no item has, never. */
  private queuesThatHold(bits: number): readonly number[] {
    const facts = factsOf(bits);
    return this.sources.queues.flatMap(({ holds }, q) => {
      if (!holds(facts)) return [];
      this.membership(q).holds[bits] = 1;
      return [q];
    });
  }

  /** Everything but what needs the item's events. */
  private factsNow(item: number): number {
    const flags = this.sources.labels.flags[item]!;
    let bits = this.wrong[item] === 1 ? factBits.wrong : 0;
    if ((flags & itemFlags.kept) !== 0) bits |= factBits.kept;
    if ((flags & itemFlags.excluded) !== 0) bits |= factBits.excluded;
    if ((flags & itemFlags.disputed) !== 0) bits |= factBits.disputed;
    if (this.outcomes.tooRare(item)) bits |= factBits.tooRare;
    if (this.sources.predictions.seen(Math.floor(item / this.findings))) bits |= factBits.seen;
    if (this.sources.suspects?.isSuspected(item) === true) bits |= factBits.suspected;
    if (this.sources.checks?.isChecked(item) === true) bits |= factBits.checked;
    return bits | this.labelBits(item) | this.earlierBits(item);
  }

  private earlierBits(item: number): number {
    const { predictions, earlier } = this.sources;
    if (!earlier || predictions.predicted[item]! < 0 || earlier.predicted[item]! < 0) return 0;
    const sample = Math.floor(item / this.findings);
    if (predictions.seen(sample) || earlier.seen(sample)) return 0;
    return factBits.compared | (this.outcomes.wrongBefore[item] === 1 ? factBits.wrongBefore : 0);
  }

  private labelBits(item: number): number {
    const { labels } = this.sources;
    const finding = item % this.findings;
    const code = labels.codes[item]!;
    if (code >= 0) return labels.values[finding]?.[code] === uncertainValue ? factBits.uncertain : 0;
    // An unmentioned finding that counts as negative (or positive) is labelled by that rule.
    const { task, findings } = labels.dataset;
    return task === 'multi-class' || findings[finding]?.unmentioned === 'masked' ? factBits.unlabelled : 0;
  }

  /** Asked only of items that have events: it needs all of them. */
  private editedBit(item: number): number {
    const { labels, since } = this.sources;
    return labels.isChangedSince(item, since) ? factBits.editedSinceRun : 0;
  }
}
