/** Metrics and errors of a run. Types only. */

/** A figure with its 95 % bootstrap interval by patient; no interval below 10 positive or 10 negative patients, or before it is computed. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Figures of one class (one against the rest) or one finding. */
export interface OutputMetrics {
  readonly name: string;
  readonly positives: number;
  readonly negatives: number;
  readonly positivePatients: number;
  readonly negativePatients: number;
  readonly auroc: Estimate;
  readonly auprc: Estimate;
  readonly sensitivity: Estimate;
  readonly specificity: Estimate;
  readonly f1: Estimate;
  /** multi-label: log loss and Brier of this finding. multi-class: of the one-against-the-rest probability. */
  readonly log_loss: Estimate;
  readonly brier: Estimate;
  readonly threshold: number | null;
}

/** Figures of one part of the data. `null` values: undefined there (one class only, no samples). */
export interface Metrics {
  readonly samples: number;
  readonly patients: number;
  readonly accuracy: Estimate;
  readonly balanced_accuracy: Estimate;
  readonly auroc_macro: Estimate;
  readonly auprc_macro: Estimate;
  readonly f1_macro: Estimate;
  readonly log_loss: Estimate;
  readonly brier: Estimate;
  readonly ece: Estimate;
  /** The outputs over which the macro averages run (those with both classes present). */
  readonly macro_over: readonly string[];
  readonly outputs: readonly OutputMetrics[];
  /** multi-class: [given][predicted] counts over `labels`. multi-label: one 2 × 2 [[tn, fp], [fn, tp]] per output. */
  readonly confusion: {
    readonly labels: readonly string[];
    readonly matrices: readonly {
      readonly output: string;
      readonly counts: readonly (readonly number[])[];
    }[];
  };
}

export interface RunMetrics {
  readonly out_of_fold: Metrics;
  readonly validation: Metrics;
  readonly test: Metrics;
  /** All parts as one, where the model was trained on none of them: the test part is among them, and the look is counted. */
  readonly all?: Metrics;
}

/** Figures as they are shown unless those of the test part are asked for. */
export type ShownMetrics = Omit<RunMetrics, 'test'>;

/** `metrics.json`: the figures, and the seconds that their intervals took (null until they are there). */
export interface MetricsFile extends RunMetrics {
  readonly intervals_s: number | null;
}

/**
 * The model's prediction of every review item in columns, aligned with `Dataset.samples`: what 112,120 × 14 items
 * fit into.
 */
export interface PredictionColumns {
  /** Class names, or finding names: the model's outputs in order. */
  readonly outputs: readonly string[];
  /** Calibrated probabilities, row-major samples × outputs; NaN where the sample has no prediction. */
  readonly probabilities: Float64Array;
  /** 1 where the prediction comes from a fold that did not see the sample's patient. */
  readonly outOfFold: Uint8Array;
  /** One decision threshold per output for multi-label; empty for multi-class. */
  readonly thresholds: readonly number[];
  /**
   * 1 where the model was trained on the sample itself, so that its prediction says little: it counts for no figure
   * and no error. Absent: none.
   */
  readonly seen?: Uint8Array;
}
