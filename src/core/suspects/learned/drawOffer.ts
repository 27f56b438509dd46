/** Draws what is looked at next: by the reader's models where they know enough, else half by confident learning. */
import { SplitMix32 } from '../../base/random';
import {
  batchByModel,
  drawUniformly,
  firstBatch,
  modelFrom,
  type Candidate,
  type Drawn,
  type DrawnBy,
} from './batch';
import type { Look } from './looks';
import type { ReaderModels } from './readerModel';

/** How a reader begins: as the design says, or with ten drawn uniformly and the model from then on. */
export type Start = 'confident' | 'random';

export interface OfferInput {
  /** Labels that nobody has looked at. */
  readonly candidates: readonly Candidate[];
  readonly findings: number;
  readonly models: ReaderModels;
  /** By item, high is suspect, NaN for none. */
  readonly suspicion: (item: number) => number;
  readonly looks: readonly Look[];
  readonly size: number;
  readonly seed: number;
  readonly start: Start;
  /** The share of a batch by a model that is drawn uniformly; a fifth unless a measurement asks for none. */
  readonly uniform?: number;
}

export interface DrawnOffer extends Drawn {
  /** By each of the strengths, before the look; empty without a model. */
  readonly p: readonly number[];
}

/** With `random`: labels that are looked at before there is a model. */
const randomFirst = 10;
/** Answers that have to lie between two looks at one label, so that the first is forgotten. */
const repeatAfter = 50;
const repeatShare = 0.05;

/** At most `size` labels, mixed; the same for a seed and the same answers. */
export function drawOffer(input: OfferInput): DrawnOffer[] {
  const { candidates, findings, models, size, seed, start } = input;
  const random = new SplitMix32(seed >>> 0);
  const repeat = drawRepeat(input, random);
  const wanted = size - (repeat ? 1 : 0);
  const known = candidates.filter(({ item }) => isReady(models, item % findings, start));
  const unknown = candidates.filter(({ item }) => !isReady(models, item % findings, start));
  const ofKnown = shareOf(known, unknown, findings, wanted);
  const items = known.map(({ item }) => item);
  const p = models.probabilities(items);
  const score = new Map(items.map((item, n) => [item, p[n] ?? NaN]));
  const first =
    start === 'random'
      ? drawUniformly(unknown, wanted - ofKnown, random, 'uniform')
      : firstBatch(unknown, input.suspicion, wanted - ofKnown, random);
  const byModel = batchByModel(known, (item) => score.get(item) ?? NaN, ofKnown, random, input.uniform);
  const drawn = random.shuffle([...byModel, ...first, ...(repeat ? [repeat] : [])]);
  const before = models.allProbabilities(drawn.map(({ item }) => item));
  return drawn.map((one, n) => ({ ...one, p: before[n] ?? [] }));
}

function isReady(models: ReaderModels, finding: number, start: Start): boolean {
  const { changed, kept } = models.countsOf(finding);
  if (start === 'random') return changed + kept >= randomFirst && changed > 0 && kept > 0;
  return changed >= modelFrom && kept >= modelFrom;
}

/** How many of a batch go to findings with a model: as many as they are among the findings that have candidates. */
function shareOf(
  known: readonly Candidate[],
  unknown: readonly Candidate[],
  findings: number,
  wanted: number,
): number {
  const count = (candidates: readonly Candidate[]): number =>
    new Set(candidates.map(({ item }) => item % findings)).size;
  const [ready, others] = [count(known), count(unknown)];
  if (ready === 0) return 0;
  if (others === 0) return wanted;
  return Math.min(wanted - 1, Math.max(1, Math.round((wanted * ready) / (ready + others))));
}

/** One label in twenty has been looked at before, long ago: how far the reader agrees with themselves. */
function drawRepeat({ looks, size }: OfferInput, random: SplitMix32): Drawn | undefined {
  const old = looks
    .slice(0, Math.max(0, looks.length - repeatAfter))
    .filter(({ changed, independent, again }) => changed !== null && independent && !again);
  const repeated = new Set(looks.filter(({ again }) => again).map(({ item }) => item));
  const open = old.filter(({ item }) => !repeated.has(item));
  if (open.length === 0 || random.uniform() >= size * repeatShare) return undefined;
  const by: DrawnBy = 'repeat';
  return drawUniformly(
    open.map(({ item }) => ({ item, stratum: 0 })),
    1,
    random,
    by,
  )[0];
}
