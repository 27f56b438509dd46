/** The suspects of a run as the review asks for them: item by item, while labels change. */
import type { SplitAssignment } from '../dataset/model';
import type { PredictionColumns } from '../evaluation/model';
import type { EffectiveLabels } from '../labels/effectiveLabels';
import { outputsOf } from '../labels/targets';
import { confidentSuspects } from './confidentSuspects';

/** What is suspected of an item whose label is called wrong. */
interface Suspicion {
  /** The code of the label that is suspected: with another one the suspicion is gone. */
  readonly code: number;
  /** The likeliest other value. */
  readonly suggested: string;
  /** 1 less the quality of the label. */
  readonly score: number;
}

export class ItemSuspects {
  private constructor(
    private readonly labels: EffectiveLabels,
    private readonly suspicions: ReadonlyMap<number, Suspicion>,
    /** 1 for each item of the map: most are not in it. */
    private readonly marks: Uint8Array,
  ) {}

  /** Judges the labels as they stand now by the predictions of a run: a few tenths of a second for a million. */
  static of(
    labels: EffectiveLabels,
    assignment: SplitAssignment,
    predictions: PredictionColumns,
  ): ItemSuspects {
    const found = confidentSuspects(labels, assignment, predictions);
    const names = labels.dataset.task === 'multi-class' ? outputsOf(labels.dataset) : ['0', '1'];
    const suspicions = new Map<number, Suspicion>();
    for (let item = 0; item < labels.items; item++) {
      if (found.flagged[item] === 0) continue;
      suspicions.set(item, {
        code: labels.codes[item]!,
        suggested: names[found.suggested[item]!] ?? '',
        score: 1 - found.quality[item]!,
      });
    }
    return new ItemSuspects(labels, suspicions, found.flagged);
  }

  /** Whether the label that stands on an item is suspected to be wrong. */
  isSuspected(item: number): boolean {
    return this.marks[item] === 1 && this.suspicions.get(item)?.code === this.labels.codes[item];
  }

  /** What the label of a suspected item is taken to be instead; undefined of others. */
  suggested(item: number): string | undefined {
    return this.isSuspected(item) ? this.suspicions.get(item)?.suggested : undefined;
  }

  /** 0 to 1, high is suspect; NaN for an item that is not suspected. */
  score(item: number): number {
    return this.isSuspected(item) ? (this.suspicions.get(item)?.score ?? NaN) : NaN;
  }
}
