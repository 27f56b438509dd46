/** The last layer and what fitting it yields. Types only. */

/** The linear layer that replaces the network's last one, in the space of raw (not standardised) features. */
export interface Head {
  readonly task: 'multi-class' | 'multi-label';
  /** Class names, or finding names. */
  readonly outputs: readonly string[];
  readonly dim: number;
  /** Row-major outputs × dim, as torch.nn.Linear keeps it; standardisation is folded in. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly calibration: Calibration;
  /** One decision threshold per output for multi-label; empty for multi-class (argmax decides). */
  readonly thresholds: readonly number[];
}

/** softmax(logits / temperature), or sigmoid(slope · logit + intercept) per finding. */
export type Calibration =
  | { readonly kind: 'temperature'; readonly temperature: number }
  | { readonly kind: 'platt'; readonly slope: readonly number[]; readonly intercept: readonly number[] };

/** One strength of the penalty that was tried. `C` as scikit-learn defines it: C · Σ loss + ½ ‖w‖². */
export interface PenaltyTrial {
  readonly C: number;
  /** Mean out-of-fold log loss before calibration. */
  readonly logLoss: number;
}

export interface HeadFit {
  readonly head: Head;
  /** Raw logits, row-major N × outputs, float64: out of fold for training samples, from the full fit for the rest. */
  readonly logits: Float64Array;
  /** Calibrated probabilities, same shape and provenance. */
  readonly probabilities: Float64Array;
  /** 1 where the row's prediction comes from a fold that did not see the sample's patient. */
  readonly outOfFold: Uint8Array;
  /** The C that was taken: one for multi-class, one per finding for multi-label. */
  readonly C: readonly number[];
  readonly trials: readonly PenaltyTrial[];
  readonly iterations: number;
}
