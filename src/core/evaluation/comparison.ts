/** A comparison of networks on one project, as `compare.json` has it. Types only. */
import type { ErrorReport, Problem } from '../base/report';
import type { Estimate } from './model';
import type { Preprocessing } from '../images/model';

/** Several architectures side by side, one network cut after several of its blocks, or finished runs. */
export type ComparisonKind = 'architectures' | 'truncations' | 'runs';

/** The two parts that a comparison is made on. The test part is left alone. */
export type ComparedPart = 'out_of_fold' | 'validation';

/** An output that is too rare for intervals: below 10 patients with it, or without it. */
export interface RareOutput {
  readonly name: string;
  readonly positivePatients: number;
  readonly negativePatients: number;
}

/** What all networks were measured on: the same images, patients and labels. */
export interface PartCounts {
  readonly samples: number;
  readonly patients: number;
  /** The outputs that the macro average runs over: those with both classes present. */
  readonly macro_over: readonly string[];
  /** Those of `macro_over` that keep the macro AUROC from having an interval. */
  readonly rare: readonly RareOutput[];
}

/** One network's figures on one part. */
export interface PartFigures {
  readonly auroc_macro: Estimate;
  readonly accuracy: Estimate;
  /** Nats. */
  readonly log_loss: Estimate;
  /** Macro AUROC less that of the best network, over the same resampled patients; the best itself has 0. */
  readonly difference: Estimate;
  /** One against the rest, or one finding. */
  readonly outputs: readonly { readonly name: string; readonly auroc: Estimate }[];
}

/** A network that was measured. */
export interface ComparedModel {
  /** What it is called in tables and charts; says "random" where its weights are. */
  readonly label: string;
  /** The run that it is; only where runs are compared. */
  readonly run?: string;
  /** null where runs are compared and the project knows no network of this one; so are `weights` and `device`. */
  readonly architecture: string | null;
  readonly weights: {
    readonly name: string;
    readonly sha256: string;
    readonly source: string;
    readonly trained_on: string | null;
    /** Absent in runs made before it was recorded. */
    readonly preprocessing?: Preprocessing;
  } | null;
  /** Its weights were drawn, not learnt. */
  readonly random: boolean;
  /** Block after which it was cut; null: whole. */
  readonly truncate: string | null;
  /** Learnt numbers of the network up to the feature vector; null where its graph came from a file. */
  readonly parameters: number | null;
  /** Multiply-accumulates of one image of three channels, in 10⁹; null as above. */
  readonly gmacs: number | null;
  /** null where runs are compared. */
  readonly feature_size: number | null;
  /** Strength of the penalty that was chosen, one per finding for multi-label. */
  readonly C: readonly number[];
  readonly device: string | null;
  readonly timings: {
    /** Weights, decoding and inference. */
    readonly features_s: number;
    /** Images whose features came from the cache. */
    readonly cached: number;
    readonly train_s: number;
  };
  readonly out_of_fold: PartFigures;
  readonly validation: PartFigures;
  /** What the user must be told of its weights. */
  readonly notes: readonly string[];
}

/** A network that could not be measured, and why. */
export interface FailedModel {
  readonly label: string;
  readonly architecture: string;
  readonly truncate: string | null;
  readonly error: ErrorReport;
}

/** `compare.json`, contract 1. */
export interface Comparison {
  readonly contract: 1;
  /** The folder's name: `<UTC time without colons>-<name>`. */
  readonly comparison: string;
  readonly name: string;
  readonly created: string;
  readonly kind: ComparisonKind;
  readonly project: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly data_fingerprint: string;
  readonly labels_as_of: string;
  readonly task: 'multi-class' | 'multi-label';
  readonly outputs: readonly string[];
  readonly folds: number;
  /** Images without features, which no network was measured on. */
  readonly skipped: number;
  readonly parts: Readonly<Record<ComparedPart, PartCounts>>;
  /** Index in `models` of the highest out-of-fold macro AUROC; null where that is not defined. */
  readonly best: number | null;
  /** Best first; a truncation sweep from the first block to the whole network. */
  readonly models: readonly ComparedModel[];
  readonly failed: readonly FailedModel[];
  readonly total_s: number;
  readonly problems: readonly Problem[];
}

/** A comparison as it is listed. */
export interface ComparisonSummary {
  readonly comparison: string;
  readonly name: string;
  readonly created: string;
  readonly kind: ComparisonKind;
  readonly models: number;
  readonly failed: number;
  /** Label and out-of-fold macro AUROC of the best; null where there is none. */
  readonly best: { readonly label: string; readonly auroc: number } | null;
}
