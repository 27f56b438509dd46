/** Counts of a project. Types only. */

/** What a run saw and what it left out: samples, or review items where it says so. */
export interface RunCounts {
  readonly samples: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly patients: number;
  readonly skipped: number;
  readonly masked: number;
  readonly disputed: number;
  readonly excluded: number;
  /** Items whose effective label differs from the given one. */
  readonly edited: number;
  /** Wrong items of the parts that `review.splits` lists, the training part out of fold. */
  readonly errors: number;
}
