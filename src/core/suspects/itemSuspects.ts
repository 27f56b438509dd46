/**
 * The suspects of a run as the review asks for them: item by item, while labels change. Labels of one image that contradict each
 * other come first, whatever the run says.
 */
import { atOnce, ofRanges, type Pieces } from '../base/pieces';
import type { ItemChecks } from '../checks/itemChecks';
import type { SplitAssignment } from '../dataset/model';
import type { PredictionColumns } from '../evaluation/model';
import type { EffectiveLabels } from '../labels/effectiveLabels';
import { outputsOf } from '../labels/targets';
import { confidentSuspects } from './confidentSuspects';
import { labelText } from './labelText';

/** The items whose label is called wrong, ascending, with what is suspected of them: columns of one length. */
export interface FoundSuspects {
  readonly items: Int32Array;
  /** The code of the label that is suspected: with another one the suspicion is gone. */
  readonly codes: Int32Array;
  /** The likeliest other value: its place among the outputs, or 1 and 0. */
  readonly suggested: Int32Array;
  /** 1 less the quality of the label. */
  readonly scores: Float64Array;
}

/** Judges the labels as they stand now by predictions: a few tenths of a second for a million. */
export function findSuspects(
  labels: EffectiveLabels,
  assignment: SplitAssignment,
  predictions: PredictionColumns,
): FoundSuspects {
  const { flagged, suggested, quality } = confidentSuspects(labels, assignment, predictions);
  const items = new Int32Array(flagged.reduce((sum, mark) => sum + mark, 0));
  for (let item = 0, n = 0; item < flagged.length; item++) if (flagged[item] === 1) items[n++] = item;
  return {
    items,
    codes: items.map((item) => labels.codes[item]!),
    suggested: items.map((item) => suggested[item]!),
    scores: Float64Array.from(items, (item) => 1 - quality[item]!),
  };
}

export class ItemSuspects {
  private readonly names: readonly string[];
  /** By item; a score is NaN where nothing is suspected. */
  private readonly codes: Int32Array;
  private readonly places: Int32Array;
  private readonly scores: Float64Array;

  /** Nothing is suspected yet, but by `checks`: their contradictions are suspects too. */
  constructor(
    private readonly labels: EffectiveLabels,
    private readonly checks: ItemChecks | null = null,
  ) {
    this.names = labels.dataset.task === 'multi-class' ? outputsOf(labels.dataset) : ['0', '1'];
    this.codes = new Int32Array(labels.items);
    this.places = new Int32Array(labels.items);
    this.scores = new Float64Array(labels.items).fill(NaN);
  }

  /** Judges the labels as they stand now by the predictions of a run. */
  static of(
    labels: EffectiveLabels,
    assignment: SplitAssignment,
    predictions: PredictionColumns,
    checks: ItemChecks | null = null,
  ): ItemSuspects {
    return ItemSuspects.by(labels, findSuspects(labels, assignment, predictions), checks);
  }

  /** What was found already. */
  static by(labels: EffectiveLabels, found: FoundSuspects, checks: ItemChecks | null = null): ItemSuspects {
    return atOnce(ItemSuspects.taking(labels, found, checks));
  }

  /** The same in pieces. */
  static *taking(
    labels: EffectiveLabels,
    found: FoundSuspects,
    checks: ItemChecks | null = null,
  ): Pieces<ItemSuspects> {
    const suspects = new ItemSuspects(labels, checks);
    yield* ofRanges(labels.items, (from, to) => suspects.take(found, from, to));
    return suspects;
  }

  /**
   * Takes over what was found of the items from one to another, the end left out.
   * @param around is given each item that was suspected or is now, and brings that about when it calls `change`
   */
  take(
    { items, codes, suggested, scores }: FoundSuspects,
    from: number,
    to: number,
    around: (item: number, change: () => void) => void = (_item, change) => change(),
  ): void {
    let n = firstAtLeast(items, from);
    for (let item = from; item < to; item++) {
      const row = items[n] === item ? n++ : -1;
      if (row < 0 && Number.isNaN(this.scores[item]!)) continue;
      around(item, () => {
        this.scores[item] = row < 0 ? NaN : scores[row]!;
        this.codes[item] = row < 0 ? 0 : codes[row]!;
        this.places[item] = row < 0 ? 0 : suggested[row]!;
      });
    }
  }

  /** Whether the label that stands on an item is suspected to be wrong. */
  isSuspected(item: number): boolean {
    return this.isCalledWrong(item) || this.contradicting(item) !== undefined;
  }

  /** What the label of a suspected item is taken to be instead; undefined of others. */
  suggested(item: number): string | undefined {
    const other = this.contradicting(item);
    if (other !== undefined) return labelText(this.labels, other);
    return this.isCalledWrong(item) ? (this.names[this.places[item]!] ?? '') : undefined;
  }

  /** 0 to 1, high is suspect, 1 of contradictions; NaN for an item that is not suspected. */
  score(item: number): number {
    if (this.contradicting(item) !== undefined) return 1;
    return this.isCalledWrong(item) ? this.scores[item]! : NaN;
  }

  private isCalledWrong(item: number): boolean {
    return !Number.isNaN(this.scores[item]!) && this.codes[item] === this.labels.codes[item];
  }

  private contradicting(item: number): number | undefined {
    return this.checks?.contradicting(item);
  }
}

/** The first place of an ascending list with a number of at least this. */
function firstAtLeast(ascending: Int32Array, least: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
