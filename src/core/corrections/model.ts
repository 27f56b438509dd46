/** Whether corrected labels help: two models and two versions of the labels. Types only. */
import type { PartDifference } from '../evaluation/runDifference';
import type { MetricPart } from './parts';

/** What the labels were before. */
export interface LabelsBefore {
  /** `given`: before any event. `commit`: as `labels/` stands in it. `time`: as they were then. */
  readonly kind: 'given' | 'commit' | 'time';
  /** The whole hash of the commit, or the time; empty for given. */
  readonly at: string;
}

/**
 * How the labels of a part came to be read again. `unchanged`: none of them changed. `all`: every one was read again, blind.
 * `sample`: a random sample was, drawn before anybody read there. `chosen`: some were, and a model or a person chose which.
 */
export type ReadAgain = 'unchanged' | 'all' | 'sample' | 'chosen';

/** One part: the images labelled in both versions. */
export interface PartCorrections {
  readonly part: MetricPart;
  readonly images: number;
  readonly patients: number;
  /** Labels of it that are others now, and those that somebody answered blind since. */
  readonly changed: number;
  readonly read_blind: number;
  readonly read_again: ReadAgain;
  /**
   * The model of the labels before (`before`) and that of the labels now (`after`), both scored by the labels before, and by
   * those now: the two rows of the 2 × 2.
   */
  readonly by_labels_before: PartDifference;
  readonly by_labels_now: PartDifference;
  /** Scored by the labels now on the random sample alone; null where there is none. */
  readonly on_sample: PartDifference | null;
  /** Which of the three answers the question; the others are shown and decide nothing. */
  readonly counts: 'by_labels_before' | 'by_labels_now' | 'on_sample';
  /** Why, in a sentence. */
  readonly sentence: string;
}

/** What `overread corrections --json` prints. */
export interface CorrectionReport {
  readonly before: LabelsBefore;
  /** Labels that changed, of all parts; and those of the training part, which is what the second model learnt from. */
  readonly changed: number;
  readonly changed_in_training: number;
  /** What the weights are called, and the strength of the penalty that the same rule chose for each. */
  readonly weights: string;
  readonly C: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly parts: readonly PartCorrections[];
  /** The answer by the validation part, or by the test part where that was asked for. */
  readonly answer: string;
}
