/**
 * What comes of a prediction beside the label as it is now: the one definition of predicted, probability, loss, wrong,
 * masked and too rare to judge. The fine-tune counts by it, the catalog lists by it, and `predictions.parquet` is
 * tested against it row by row. Columns of all items, kept as labels change.
 */
import { atOnce, ofRanges, type Pieces } from '../base/pieces';
import { present } from '../base/present';
import { unionOf } from '../base/union';
import type { Split, SplitAssignment } from '../dataset/model';
import { type EffectiveLabels, itemFlags } from '../labels/effectiveLabels';
import { targetAt, targetTables } from '../labels/targets';
import type { ItemPredictions } from './itemPredictions';
import { isError } from './outcomeRules';
import { RareFindings } from './rareFindings';

export class Outcomes {
  /** Cross entropy of the effective label now, nats; NaN without a prediction, or for a masked or missing label. */
  readonly loss: Float64Array;
  /** 1 where the prediction contradicts the effective label. Never of what is masked or unlabelled. */
  readonly wrong: Uint8Array;
  /** The same of an earlier run, by the labels as they are now; empty without one. */
  readonly wrongBefore: Uint8Array;

  private readonly findings: number;
  private readonly multiLabel: boolean;
  private known: RareFindings | undefined;
  /** Class index, or 1 and 0; -1 masked or without a label. */
  private readonly targets: Int32Array;

  /** Of no item yet: `judging` judges them. */
  constructor(
    private readonly labels: EffectiveLabels,
    private readonly predictions: ItemPredictions,
    private readonly assignment: SplitAssignment,
    private readonly earlier: ItemPredictions | null = null,
  ) {
    const { findings, task } = labels.dataset;
    this.findings = findings.length;
    this.multiLabel = task === 'multi-label';
    this.loss = new Float64Array(labels.items);
    this.wrong = new Uint8Array(labels.items);
    this.wrongBefore = new Uint8Array(earlier ? labels.items : 0);
    this.targets = new Int32Array(labels.items);
  }

  /** The outcomes of all items as they are now. */
  static of(...sources: ConstructorParameters<typeof Outcomes>): Outcomes {
    const outcomes = new Outcomes(...sources);
    atOnce(outcomes.judging());
    return outcomes;
  }

  /** Takes up and judges all items, in pieces between which their labels stay as they are. Once, before anything is asked. */
  *judging(): Pieces<void> {
    const { labels } = this;
    const rare = yield* RareFindings.of(labels, this.assignment);
    this.known = rare;
    const tables = targetTables(labels);
    yield* ofRanges(labels.items, (from, to) => {
      for (let item = from; item < to; item++) {
        const target = targetAt(labels, tables[item % this.findings]!, item);
        this.targets[item] = target;
        if (this.multiLabel && target === 1) rare.count(item, 1);
      }
    });
    yield* ofRanges(labels.items, (from, to) => {
      for (let item = from; item < to; item++) this.judge(item);
    });
  }

  /** Whether an item's finding is too rare to judge: its outcome stands, and whoever shows it says so. */
  tooRare(item: number): boolean {
    return this.rare.isRare(item % this.findings);
  }

  /** The same of each finding. */
  get rareFindings(): readonly boolean[] {
    return this.labels.dataset.findings.map((_, finding) => this.rare.isRare(finding));
  }

  /** Patients of the training part who have it, by finding; 0 in multi-class, where nobody asks. */
  get positivePatients(): readonly number[] {
    return this.labels.dataset.findings.map((_, finding) => this.rare.patientsWith(finding));
  }

  /**
   * Takes up the labels of items as they are now. @returns the items whose outcome may be another by that: these, and
   * all of a finding that has become too rare or has ceased to be. `judge` brings them in step
   */
  *taking(items: readonly number[]): Pieces<readonly number[]> {
    const tables = targetTables(this.labels);
    const before = this.rareFindings;
    yield* ofRanges(items.length, (from, to) => {
      for (const item of items.slice(from, to)) {
        const target = targetAt(this.labels, tables[item % this.findings]!, item);
        const known = this.targets[item]!;
        this.targets[item] = target;
        if (!this.multiLabel || (known === 1) === (target === 1)) continue;
        this.rare.count(item, target === 1 ? 1 : -1);
      }
    });
    const turned = this.rareFindings.flatMap((isRare, f) => (isRare === before[f] ? [] : [f]));
    if (turned.length === 0) return items;
    yield;
    return yield* unionOf(this.labels.items, [items, this.itemsOf(turned)]);
  }

  /** Brings the columns of an item in step with what was taken up. */
  judge(item: number): void {
    const finding = item % this.findings;
    const target = this.targets[item]!;
    const name = this.nameOf(target, finding);
    this.loss[item] = name === null ? NaN : this.predictions.loss(item, name);
    this.wrong[item] = contradicts(this.predictions, item, finding, name) ? 1 : 0;
    if (this.earlier) this.wrongBefore[item] = contradicts(this.earlier, item, finding, name) ? 1 : 0;
  }

  private get rare(): RareFindings {
    return present(this.known, 'what is rare');
  }

  private nameOf(target: number, finding: number): string | null {
    if (target < 0) return null;
    if (this.multiLabel) return target === 1 ? '1' : '0';
    return this.labels.values[finding]?.[target] ?? null;
  }

  private itemsOf(findings: readonly number[]): number[] {
    const items: number[] = [];
    for (let sample = 0; sample < this.labels.items; sample += this.findings) {
      for (const finding of findings) items.push(sample + finding);
    }
    return items;
  }
}

/** @param name of the label; null where it is masked or missing */
function contradicts(
  predictions: ItemPredictions,
  item: number,
  finding: number,
  name: string | null,
): boolean {
  const predicted = predictions.predicted[item]!;
  return predicted >= 0 && name !== null && predictions.names[finding]?.[predicted] !== name;
}

/** Errors of some parts, in review items: what a run counts, and what the queue of errors holds. */
export function countErrors(
  labels: EffectiveLabels,
  outcomes: Pick<Outcomes, 'wrong' | 'tooRare'>,
  predictions: Pick<ItemPredictions, 'seen'>,
  assignment: SplitAssignment,
  parts: readonly Split[],
): number {
  const findings = labels.dataset.findings.length;
  const reviewed = new Set(parts);
  let errors = 0;
  for (let item = 0; item < labels.items; item++) {
    const wrong = outcomes.wrong[item] === 1;
    const kept = (labels.flags[item]! & itemFlags.kept) !== 0;
    const sample = Math.floor(item / findings);
    const seen = predictions.seen(sample);
    const part = assignment.split[sample];
    if (
      part !== undefined &&
      reviewed.has(part) &&
      isError({ wrong, kept, seen, tooRare: outcomes.tooRare(item) })
    )
      errors++;
  }
  return errors;
}
