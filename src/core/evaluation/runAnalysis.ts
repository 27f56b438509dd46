/** What a run's page and report are drawn from. Types only. */
import type { OperatingTarget } from '../config/model';
import type { Estimate, Metrics } from './model';

/** Ends of the band at each point of the axis. */
export interface Band {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface OperatingFigures {
  readonly threshold: number;
  readonly true_positives: number;
  readonly false_positives: number;
  readonly false_negatives: number;
  readonly true_negatives: number;
  readonly sensitivity: Estimate;
  readonly specificity: Estimate;
  /** Positive predictive value: at the prevalence of the part, or at the one that was given. */
  readonly ppv: Estimate;
  /** Negative predictive value, likewise. */
  readonly npv: Estimate;
}

export interface DecisionCurve {
  /** Probabilities from which on somebody would act, 0.01 to 0.99. */
  readonly thresholds: readonly number[];
  /** Net benefit of acting on whom the model calls. Acting on nobody has 0. */
  readonly model: readonly number[];
  /** Of acting on everybody. */
  readonly all: readonly number[];
  /** The share of positives that it is computed at: of the part, or the one that was given. */
  readonly prevalence: number;
}

/** The images whose probability lies in one bin (from, to]. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly images: number;
  readonly patients: number;
  /** Mean probability. */
  readonly predicted: number;
  /** Share of positives, with its exact interval (Clopper–Pearson, 95 %), in which a patient counts once. */
  readonly observed: number;
  readonly low: number;
  readonly high: number;
}

export interface Reliability {
  /** Bins that hold images, by rising probability. */
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error over these bins (Guo et al., ICML 2017); null without images. */
  readonly ece: number | null;
}

/** One reader on one output, over the images of a part that others have decided as well. */
export interface ReaderPoint {
  readonly reader: string;
  /** Images that the others call positive, and those among them that the reader does too. */
  readonly positives: number;
  readonly true_positives: number;
  readonly negatives: number;
  readonly false_positives: number;
}

/** The parts of the data on which a run is looked at; `all` where it was trained on none of them. */
export type AnalysedPart = 'out_of_fold' | 'validation' | 'test' | 'all';

/** A curve as it is drawn: a point for each step that can be seen. */
export interface DrawnCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** At 0, 0.01, …, 1 of x; null where there are too few patients, or before it is computed. */
  readonly band: Band | null;
}

/** One class against the rest, or one finding. */
export interface OutputAnalysis {
  readonly name: string;
  /** Sensitivity over 1 - specificity; null without positives or negatives. */
  readonly roc: DrawnCurve | null;
  /** Precision over recall. */
  readonly precision_recall: DrawnCurve | null;
  readonly reliability: Reliability;
  readonly decision: DecisionCurve | null;
  readonly readers: readonly ReaderPoint[];
  /** Patients with and without it: below ten of either there are no bands and no intervals. */
  readonly positivePatients: number;
  readonly negativePatients: number;
  readonly positives: number;
  readonly negatives: number;
}

export interface PartAnalysis {
  readonly part: AnalysedPart;
  /** The run's own figures (`metrics.json`). */
  readonly metrics: Metrics;
  readonly outputs: readonly OutputAnalysis[];
}

/** A target of `operating_points`, the threshold that meets it out of fold, and what that comes to. */
export interface OperatingPoint {
  readonly output: string;
  readonly target: OperatingTarget;
  /** null where there is none; `why` says it. */
  readonly threshold: number | null;
  readonly why: string | null;
  /** On each part that is looked at. */
  readonly figures: readonly { readonly part: AnalysedPart; readonly figures: OperatingFigures }[];
}

export interface RunAnalysis {
  readonly run: string;
  readonly task: 'multi-class' | 'multi-label';
  /** By the labels as they were when the run was made, like its figures. */
  readonly labels_as_of: string;
  readonly parts: readonly PartAnalysis[];
  /** Of multi-label runs, the threshold of each output by which the run calls it; null where the most probable class is called. */
  readonly thresholds: readonly (number | null)[];
  readonly operating_points: readonly OperatingPoint[];
  /** `prevalence` of overread.yaml: what predictive values and decision curves are weighted to. */
  readonly prevalence: Readonly<Record<string, number>>;
  /** The table has changed since the run: the curves are of the images that are there now, the figures of those that were. */
  readonly table_changed: boolean;
  /** Whether the bands are there. */
  readonly bands: boolean;
}
