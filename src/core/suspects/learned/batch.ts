/** Which labels are looked at next: the design of a batch, and with which probability each label came into it. */
import type { SplitMix32 } from '../../base/random';

/** How a label came into a batch. */
export type DrawnBy = 'uniform' | 'class' | 'score' | 'confident' | 'repeat' | 'audit';

export interface Drawn {
  readonly item: number;
  /** The probability with which it would have come into this batch: 1 where it was chosen by its score. */
  readonly propensity: number;
  readonly by: DrawnBy;
}

/** A label that nobody has looked at. */
export interface Candidate {
  readonly item: number;
  /** Labels of one stratum are drawn alike: a finding and its given label. */
  readonly stratum: number;
}

/** Changed and kept labels from which on the model decides. */
export const modelFrom = 8;
/** The part of a batch that is drawn uniformly, whatever the model says: what is estimated, is estimated on it. */
const uniformShare = 0.2;

/**
 * A batch by a model: a fifth drawn uniformly from all candidates, the others by score, mixed.
 * @param score NaN where nothing can be said: those are drawn, and never chosen
 * @param size of the batch; less where there are fewer candidates
 * @param share that is drawn uniformly; without it nothing can be estimated
 */
export function batchByModel(
  candidates: readonly Candidate[],
  score: (item: number) => number,
  size: number,
  random: SplitMix32,
  share = uniformShare,
): Drawn[] {
  const uniform = drawUniformly(candidates, Math.round(size * share), random, 'uniform');
  const taken = new Set(uniform.map(({ item }) => item));
  const chosen = highest(candidates, score, size - uniform.length, taken, 'score');
  return random.shuffle([...uniform, ...chosen]);
}

/**
 * A batch while too little is known for a model: half by confident learning, half drawn at random, as many of each given label,
 * mixed.
 * @param suspicion of confident learning, high is suspect; NaN for none
 */
export function firstBatch(
  candidates: readonly Candidate[],
  suspicion: (item: number) => number,
  size: number,
  random: SplitMix32,
): Drawn[] {
  const chosen = highest(candidates, suspicion, Math.floor(size / 2), new Set(), 'confident');
  const taken = new Set(chosen.map(({ item }) => item));
  const rest = candidates.filter(({ item }) => !taken.has(item));
  return random.shuffle([...chosen, ...drawByStratum(rest, size - chosen.length, random)]);
}

/** So many of the candidates, each with the same probability. */
export function drawUniformly(
  candidates: readonly Candidate[],
  wanted: number,
  random: SplitMix32,
  by: DrawnBy,
): Drawn[] {
  const drawn = random.shuffle([...candidates]).slice(0, wanted);
  const propensity = drawn.length / Math.max(1, candidates.length);
  return drawn.map(({ item }) => ({ item, propensity, by }));
}

/** The strata in turn, in an order that is drawn; within each every label with the same probability. */
function drawByStratum(candidates: readonly Candidate[], wanted: number, random: SplitMix32): Drawn[] {
  const strata = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    const own = strata.get(candidate.stratum);
    if (own) own.push(candidate);
    else strata.set(candidate.stratum, [candidate]);
  }
  const shares = random.shuffle([...strata.values()]).map((all) => ({ all, wanted: 0 }));
  let left = Math.min(wanted, candidates.length);
  while (left > 0) {
    for (const share of shares) {
      if (left === 0 || share.wanted === share.all.length) continue;
      share.wanted++;
      left--;
    }
  }
  return shares.flatMap((share) => drawUniformly(share.all, share.wanted, random, 'class'));
}

/** The highest scores, of equals the first. */
function highest(
  candidates: readonly Candidate[],
  score: (item: number) => number,
  wanted: number,
  without: ReadonlySet<number>,
  by: DrawnBy,
): Drawn[] {
  return candidates
    .map(({ item }) => ({ item, score: score(item) }))
    .filter(({ item, score: own }) => !without.has(item) && !Number.isNaN(own))
    .sort((a, b) => b.score - a.score || a.item - b.item)
    .slice(0, wanted)
    .map(({ item }) => ({ item, propensity: 1, by }));
}
