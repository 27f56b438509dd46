/** Two runs beside each other, both by the labels as they are now. Types only. */
import type { Split } from '../dataset/model';
import type { Estimate } from './model';

/** One of the two runs. */
export interface DifferingRun {
  readonly run: string;
  readonly name: string;
  readonly created: string;
  readonly trainer: string;
  /** null where the project knows no network of it. */
  readonly architecture: string | null;
  readonly weights: string | null;
  readonly random_weights: boolean;
  /** Review items whose label changed after it was made, of all parts. */
  readonly edited_since: number;
}

/** A figure of both, and the later one's less the earlier one's; intervals of 95 % over the same resampled patients. */
export interface FigureDifference {
  readonly before: Estimate;
  readonly after: Estimate;
  readonly difference: Estimate;
}

/** One part of the data, on the images that both runs have a prediction for. */
export interface PartDifference {
  readonly samples: number;
  readonly patients: number;
  readonly macro_over: readonly string[];
  readonly auroc_macro: FigureDifference;
  readonly accuracy: FigureDifference;
  readonly balanced_accuracy: FigureDifference;
  /** Nats: less is better. */
  readonly log_loss: FigureDifference;
  /** One class against the rest, or one finding. */
  readonly outputs: readonly {
    readonly name: string;
    readonly auroc: FigureDifference;
    readonly sensitivity: FigureDifference;
    readonly specificity: FigureDifference;
  }[];
}

/** Review items by what became of them. Only those count that both runs judge and that nobody has settled. */
export interface DifferenceCounts {
  readonly fixed: number;
  readonly newly_wrong: number;
  readonly still_wrong: number;
}

/** A class by the label as it is now, or a finding. */
export interface ClassDifference extends DifferenceCounts {
  readonly name: string;
}

/** A review item that at least one of the two gets wrong. */
export interface DifferingItem {
  readonly sample: string;
  readonly finding: string;
  readonly label: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** What `overread diff --json` prints. */
export interface RunDifference {
  readonly before: DifferingRun;
  readonly after: DifferingRun;
  /** The parts whose items are counted: `review.splits`. */
  readonly splits: readonly Split[];
  readonly out_of_fold: PartDifference;
  readonly validation: PartDifference;
  readonly counts: DifferenceCounts;
  /**
   * The p value of McNemar's exact test on what was fixed against what is newly wrong. It takes items for independent:
   * with several images of a patient the intervals by patient are the ones to go by.
   */
  readonly mcnemar_p: number;
  /** What is left to review in the later one: its queue of errors. */
  readonly errors: number;
  readonly classes: readonly ClassDifference[];
}

/** The items of each count, the largest loss first. */
export interface DifferingItems {
  readonly fixed: readonly DifferingItem[];
  readonly newly_wrong: readonly DifferingItem[];
  readonly still_wrong: readonly DifferingItem[];
}
