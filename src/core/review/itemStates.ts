/** Where each review item stands: loss, wrong or right, and the queues that it is in. Kept as labels change. */
import type { Moment } from '../labels/model';
import { type EffectiveLabels, itemFlags } from '../labels/effectiveLabels';
import { targetAt, targetTables } from '../labels/targets';
import type { Opinions } from './opinions';
import { uncertainValue } from '../config/model';
import type { Queue } from './model';

/** Confidence from which on an error is a confident one. */
export const confidentFrom = 0.8;

/** The bit of each queue in `ItemStates.queues`; every item is in `all`. */
export const queueBits: Readonly<Record<Queue, number>> = {
  errors: 1,
  'confident-errors': 2,
  disputed: 4,
  edited: 8,
  unlabelled: 16,
  all: 32,
  uncertain: 64,
};
/** Above the sum of all bits. */
export const queueBitsEnd = 128;

export class ItemStates {
  /** Cross entropy of the effective label now, nats; NaN without a prediction or target. */
  readonly loss: Float64Array;
  /** 1 where the prediction contradicts the effective label. */
  readonly wrong: Uint8Array;
  /** `queueBits` of each item. */
  readonly queues: Uint8Array;

  private readonly findings: number;

  constructor(
    private readonly labels: EffectiveLabels,
    private readonly opinions: Opinions,
    /** The labels as of which the run was made: what is edited later is in the queue `edited`. */
    private readonly since: Moment,
  ) {
    this.findings = labels.dataset.findings.length;
    this.loss = new Float64Array(labels.items);
    this.wrong = new Uint8Array(labels.items);
    this.queues = new Uint8Array(labels.items);
    const tables = targetTables(labels);
    for (let item = 0; item < labels.items; item++) this.place(item, tables);
    for (const item of labels.historyItems()) this.markEdited(item);
  }

  /** Brings items in step with their labels. */
  updateAll(items: readonly number[]): void {
    const tables = targetTables(this.labels);
    for (const item of items) {
      this.place(item, tables);
      this.markEdited(item);
    }
  }

  /** The bit that needs the item's events: asked only of items that have any. */
  private markEdited(item: number): void {
    if (this.labels.isChangedSince(item, this.since)) this.queues[item]! |= queueBits.edited;
  }

  private place(item: number, tables: readonly Int32Array[]): void {
    const finding = item % this.findings;
    const target = targetAt(this.labels, tables[finding]!, item);
    const flags = this.labels.flags[item]!;
    const predicted = this.opinions.predicted[item]!;
    const name = this.nameOf(target, finding);
    const wrong = predicted >= 0 && name !== null && this.opinions.names[finding]![predicted] !== name;
    this.loss[item] = name === null ? NaN : this.opinions.loss(item, name);
    this.wrong[item] = wrong ? 1 : 0;
    this.queues[item] = queueBits.all | this.queuesOf(item, finding, flags, wrong);
  }

  private queuesOf(item: number, finding: number, flags: number, wrong: boolean): number {
    const { kept, excluded, disputed } = itemFlags;
    let bits = 0;
    // A masked item (excluded, disputed without a decision) has no target, so it is never wrong.
    // Nor does it count what the model says of an image that it was trained on.
    if (wrong && (flags & kept) === 0 && !this.opinions.seen(Math.floor(item / this.findings))) {
      bits |= queueBits.errors;
      if (this.opinions.confidence(item) >= confidentFrom) bits |= queueBits['confident-errors'];
    }
    if ((flags & disputed) !== 0 && (flags & excluded) === 0) bits |= queueBits.disputed;
    if ((flags & excluded) === 0 && this.isUncertain(item, finding)) bits |= queueBits.uncertain;
    if (this.labels.codes[item] === -1 && (flags & (kept | excluded | disputed)) === 0) {
      // An unmentioned finding that counts as negative (or positive) is labelled by that rule.
      const { task, findings } = this.labels.dataset;
      if (task === 'multi-class' || findings[finding]!.unmentioned === 'masked') bits |= queueBits.unlabelled;
    }
    return bits;
  }

  private isUncertain(item: number, finding: number): boolean {
    const code = this.labels.codes[item]!;
    return code >= 0 && this.labels.values[finding]![code] === uncertainValue;
  }

  private nameOf(target: number, finding: number): string | null {
    if (target < 0) return null;
    if (this.labels.dataset.task === 'multi-label') return target === 1 ? '1' : '0';
    return this.labels.values[finding]![target]!;
  }
}
