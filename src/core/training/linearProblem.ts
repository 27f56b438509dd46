/** One problem of the last layer, its solution, and the model in the space of raw features. */
import type { CurvaturePair } from './lbfgs';
import type { ProblemColumns } from './rowBlocks';
import type { Standardisation } from './standardise';
import { present } from '../base/present';

/**
 * One convex problem, C · Σ weight · cross entropy + ½ ‖w‖² over standardised features with free intercepts:
 * scikit-learn's `LogisticRegression(C)` behind a `StandardScaler`.
 */
export interface LinearProblem extends ProblemColumns {
  readonly C: number;
  readonly standardisation: Standardisation;
  /** Per output: the intercept of the model without features, from which the search starts. */
  readonly intercepts: readonly number[];
  /** Per output: Σ weight · p(1 - p) of that model. */
  readonly curvature: readonly number[];
}

/** The optimum, in the space of standardised features. */
export interface LinearSolution {
  /** outputs × dim. */
  readonly weights: Float32Array;
  readonly intercepts: Float64Array;
  /** The objective. */
  readonly value: number;
  readonly iterations: number;
  /** What its search learnt of the curvature; where that is asked for. */
  readonly pairs?: readonly CurvaturePair[];
}

/** A linear model on features as they are, or less a centre: logits = (x - centre) · Wᵀ + B. */
export interface RawModel {
  /** columns × dim. */
  readonly W: Float32Array;
  readonly B: Float32Array;
}

/**
 * Folds the standardisations into the weights: w·(x - mean)/sd + b = (w/sd)·(x - c) + (b - (mean - c)·w/sd).
 * @param centre c, per feature
 * @param owners the problem that each run of columns belongs to, in order
 * @param W takes the weights
 */
export function rawModel(
  owners: readonly Pick<LinearProblem, 'standardisation'>[],
  weights: Float32Array,
  intercepts: Float64Array,
  centre: Float32Array,
  W: Float32Array = new Float32Array(weights.length),
): RawModel {
  const columns = intercepts.length;
  const width = columns / owners.length;
  const dim = weights.length / columns;
  const B = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    const owner = present(owners[Math.floor(column / width)], 'the problem');
    const { mean, inverseScale } = owner.standardisation;
    let offset = 0;
    for (let j = 0, n = column * dim; j < dim; j++, n++) {
      // The offset takes the rounded weight, so that mean · weight cancels exactly in the logits.
      W[n] = weights[n]! * inverseScale[j]!;
      offset += (mean[j]! - centre[j]!) * W[n]!;
    }
    B[column] = intercepts[column]! - offset;
  }
  return { W, B };
}

/**
 * Gradient of C · loss + ½ ‖w‖² by the standardised weights, from the loss's gradient by those of `rawModel`:
 * columns × dim.
 * @param gradient takes it
 */
export function standardisedGradient(
  owners: readonly LinearProblem[],
  weights: Float32Array,
  gradW: Float64Array,
  gradB: Float64Array,
  centre: Float32Array,
  gradient: Float32Array,
): Float32Array {
  const columns = gradB.length;
  const width = columns / owners.length;
  const dim = weights.length / columns;
  for (let column = 0; column < columns; column++) {
    const { C, standardisation } = present(owners[Math.floor(column / width)], 'the problem');
    const { mean, inverseScale } = standardisation;
    const slope = gradB[column]!;
    for (let j = 0, n = column * dim; j < dim; j++, n++) {
      gradient[n] = C * (gradW[n]! - (mean[j]! - centre[j]!) * slope) * inverseScale[j]! + weights[n]!;
    }
  }
  return gradient;
}

/** The same model on features as they are: the centre goes into the intercepts. */
export function withoutCentre({ W, B }: RawModel, centre: Float32Array): RawModel {
  const dim = centre.length;
  return {
    W,
    B: B.map((intercept, column) => {
      let offset = 0;
      for (let j = 0; j < dim; j++) offset += centre[j]! * W[column * dim + j]!;
      return intercept - offset;
    }),
  };
}

/** The arrays one after the other. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
