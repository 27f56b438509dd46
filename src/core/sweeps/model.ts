/** What a sweep tries, and what it finds. Types only. */
import type { augmentations } from '../config/sweepSettings';
import type { ErrorReport, Problem } from '../base/report';
import type { Estimate, PredictionColumns } from '../evaluation/model';
import type { FigureDifference } from '../evaluation/runDifference';

export type SweptLayers = 'last' | 'last-block' | 'last-two-blocks' | 'all';
export type Augmentation = (typeof augmentations)[number];

/** One combination. What is undefined is as the project has it. */
export interface SweepSetting {
  /** `architecture[:weights]` as it was written. */
  readonly network?: string | undefined;
  /** A block to cut after; null: the whole network. */
  readonly truncate?: string | null | undefined;
  /** Strength of the penalty of the last layer. */
  readonly C?: number | undefined;
  readonly layers?: SweptLayers | undefined;
  readonly learning_rate?: number | undefined;
  readonly augmentation?: Augmentation | undefined;
}

/** A setting that was tried, as `trials.jsonl` keeps it. */
export interface TrialRecord {
  readonly v: 1;
  /** Of the setting and all else that its figures depend on, but for the data. */
  readonly key: string;
  readonly setting: SweepSetting;
  /** The name of the weights. */
  readonly weights: string;
  readonly seconds: number;
  /** Decision thresholds of findings. */
  readonly thresholds: readonly number[];
  /** Epochs until its log loss was best, of what PyTorch trained. */
  readonly epochs?: number;
  /** The study that suggested it, of what PyTorch trained. */
  readonly study?: string;
  /** When, UTC. */
  readonly time: string;
}

export interface Trial {
  readonly record: TrialRecord;
  /** Out of fold; NaN where a fold's model saw the sample, and outside the training part. */
  readonly predictions: PredictionColumns;
}

/** A row of the table. Less log loss is better. */
export interface RankedTrial {
  readonly setting: SweepSetting;
  readonly weights: string;
  readonly label: string;
  readonly seconds: number;
  readonly epochs?: number;
  /** Whether it is what the project says now. */
  readonly is_default: boolean;
  readonly log_loss: Estimate;
  readonly auroc_macro: Estimate;
  readonly accuracy: Estimate;
  /** Log loss less the default's, over the same resampled patients; null where it was not drawn. */
  readonly log_loss_difference: Estimate | null;
}

export interface FailedTrial {
  readonly label: string;
  readonly setting: SweepSetting;
  readonly error: ErrorReport;
}

/** Whether the best is better than the default, on the validation part. */
export type SweepVerdict =
  | 'better'
  | 'worse'
  | 'not-distinguishable'
  | 'too-few-patients'
  | 'default-is-best'
  /** Other workers are at trainings: the last of them compares. */
  | 'others-under-way';

/** The runs that were made of the best and of the default; the same where the default is the best. */
export interface BothRuns {
  readonly best: string;
  readonly default: string;
}

/** The best and the default on the validation part, which no other setting has met. `before` is the default. */
export interface ValidationOutcome {
  readonly samples: number;
  readonly patients: number;
  readonly log_loss: FigureDifference;
  readonly auroc_macro: FigureDifference;
  readonly accuracy: FigureDifference;
}

export interface SweepResult {
  /** The folder of what was tried, below the project. */
  readonly sweep: string;
  readonly folds: number;
  /** Settings with figures, on these labels and folds, of this space. */
  readonly tried: number;
  /** Of them, from an earlier call. */
  readonly known: number;
  /** Settings of other spaces that were tried on the same labels and folds. */
  readonly tried_elsewhere: number;
  /** Settings of the space that the minutes did not suffice for. */
  readonly left: number;
  /** What they were measured on: images and patients that all have a prediction out of fold for. */
  readonly samples: number;
  readonly patients: number;
  /** Lowest log loss first. */
  readonly trials: readonly RankedTrial[];
  readonly failed: readonly FailedTrial[];
  /** Index in `trials`. */
  readonly best: number;
  readonly default: number;
  /** Trainings that other workers are at. */
  readonly under_way: number;
  /** null while other workers are at trainings. */
  readonly runs: BothRuns | null;
  readonly verdict: SweepVerdict;
  readonly validation: ValidationOutcome | null;
  readonly total_s: number;
  readonly problems: readonly Problem[];
}
