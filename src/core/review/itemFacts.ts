/** What queues ask of a review item: a few facts, kept as bits. */

/** The facts, by bit. */
const factNames = [
  /** The prediction contradicts the effective label; never of what is masked or unlabelled. */
  'wrong',
  /** Somebody kept the label that stands. */
  'kept',
  /** The item, or its whole sample, is excluded. */
  'excluded',
  /** Readers disagree and nobody adjudicated. */
  'disputed',
  /** The effective label is `uncertain`. */
  'uncertain',
  /** There is no label where one is missing: an unmentioned finding that counts as negative is labelled by that rule. */
  'unlabelled',
  /** The label changed after the run was made; without a run, whenever it changed. */
  'editedSinceRun',
  /** Its finding has too few positive patients for any verdict (`evaluation/outcomes`). */
  'tooRare',
  /** The model was trained on its sample: what it says of it does not count. */
  'seen',
  /** The run that this one is compared with, and this one, have a prediction that counts. */
  'compared',
  /** The prediction of the run that this one is compared with contradicts the effective label as it is now. */
  'wrongBefore',
  /** Confident learning calls the label that stands wrong. */
  'suspected',
  /** `overread check` found something of its image, or of its label, that is not settled. */
  'checked',
] as const;

export type ItemFact = (typeof factNames)[number];
export type ItemFacts = Readonly<Record<ItemFact, boolean>>;

/** Above every combination of bits. */
export const factsEnd = 1 << factNames.length;

/** The bit of a fact. */
export const factBits = Object.fromEntries(factNames.map((name, bit) => [name, 1 << bit])) as Readonly<
  Record<ItemFact, number>
>;

/** The facts that bits stand for. */
export function factsOf(bits: number): ItemFacts {
  return Object.fromEntries(factNames.map((name) => [name, (bits & factBits[name]) !== 0])) as ItemFacts;
}
