/** AUROC over all pairs of a positive and a negative image, and over those of the same group only. */
import { fallingOrder } from '../../training/fallingOrder';

/** Entries by falling probability. */
export interface StratifiedEntries {
  readonly positive: Uint8Array;
  readonly stratum: Int32Array;
  readonly patient: Int32Array;
  /** 1 on the last entry of a run of equal probabilities. */
  readonly tieEnd: Uint8Array;
  readonly strata: number;
}

export interface StratifiedAuroc {
  readonly whole: number;
  /** Pairs inside strata in the right order over all pairs inside strata. NaN without any. */
  readonly within: number;
  readonly ofStratum: Float64Array;
}

/** Sorts entries once; `stratifiedAuroc` then is one pass. */
export function sortEntries(
  probability: Float64Array,
  entries: Pick<StratifiedEntries, 'patient' | 'positive' | 'strata' | 'stratum'>,
): StratifiedEntries {
  const order = fallingOrder(probability);
  return {
    strata: entries.strata,
    positive: Uint8Array.from(order, (i) => entries.positive[i]!),
    stratum: Int32Array.from(order, (i) => entries.stratum[i]!),
    patient: Int32Array.from(order, (i) => entries.patient[i]!),
    tieEnd: Uint8Array.from(order, (i, n) =>
      n + 1 < order.length && probability[order[n + 1]!] === probability[i] ? 0 : 1,
    ),
  };
}

/**
 * Ties count half. The conditional AUROC weighs strata by their pairs, as a stratified Mann-Whitney test does (van Elteren
 * 1960 with weights of one).
 * @param weight how often each patient counts
 */
export function stratifiedAuroc(
  { positive, stratum, patient, tieEnd, strata }: StratifiedEntries,
  weight: Uint16Array,
): StratifiedAuroc {
  // The last place is that of all entries together.
  const width = strata + 1;
  const above = new Float64Array(width);
  const negatives = new Float64Array(width);
  const tiedPositives = new Float64Array(width);
  const tiedNegatives = new Float64Array(width);
  const right = new Float64Array(width);
  for (let n = 0; n < positive.length; n++) {
    const w = weight[patient[n]!]!;
    const own = stratum[n]!;
    const tied = positive[n] === 1 ? tiedPositives : tiedNegatives;
    tied[own]! += w;
    tied[strata]! += w;
    if (tieEnd[n] === 0) continue;
    for (let s = 0; s < width; s++) {
      right[s]! += tiedNegatives[s]! * (above[s]! + tiedPositives[s]! / 2);
      above[s]! += tiedPositives[s]!;
      negatives[s]! += tiedNegatives[s]!;
      tiedPositives[s] = 0;
      tiedNegatives[s] = 0;
    }
  }
  let rightWithin = 0;
  let pairs = 0;
  for (let s = 0; s < strata; s++) {
    rightWithin += right[s]!;
    pairs += above[s]! * negatives[s]!;
  }
  const ofStratum = right.subarray(0, strata).map((value, s) => value / (above[s]! * negatives[s]!));
  return {
    whole: right[strata]! / (above[strata]! * negatives[strata]!),
    within: rightWithin / pairs,
    ofStratum,
  };
}
