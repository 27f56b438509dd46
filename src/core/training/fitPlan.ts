/** What is fitted on what: partitions of the training rows, row weights, and the problems that follow. */
import type { Targets } from '../labels/model';
import type { LinearProblem } from './linearProblem';
import type { FitData } from './rowBlocks';
import { standardisations, type Standardisation } from './standardise';
import { present } from '../base/present';

/**
 * How the rows of one partition (one fold left out, or none) count for one problem: for all classes at once
 * under softmax, for one finding under sigmoid. Arrays have one entry per output of the problem.
 */
export interface Weighting {
  readonly partition: number;
  /** The finding; 0 for softmax. */
  readonly output: number;
  /** Rows per output (softmax: per class; sigmoid: the positives). */
  readonly counts: readonly number[];
  /** Rows that count. */
  readonly rows: number;
  /** Logits of the model without features, from weighted counts; `absentLogit` for a class without rows. */
  readonly intercepts: readonly number[];
  /** Σ weight · p(1 - p) of that model. */
  readonly curvature: readonly number[];
  /** Subtracted from the fitted logits to undo what class weights did to the prior; 0 without class weights. */
  readonly priorShift: readonly number[];
  /** False where there is nothing to learn: a single class, or a finding without both positives and negatives. */
  readonly solvable: boolean;
}

/** The data of a fit and its problems. */
export interface FitPlan {
  readonly data: FitData;
  /** Fold of each training row (present, in the training part, with a label), else -1. */
  readonly trainingFold: Int32Array;
  readonly folds: number;
  /** Outputs per problem: the classes, or 1. */
  readonly width: number;
  /** One per fold left out, then that of all training rows. */
  readonly standardisations: readonly Standardisation[];
  /** In the order of `FitData.rowWeights`' columns: by partition, then by output. */
  readonly weightings: readonly Weighting[];
}

/** exp of it is 0 in float32: the class takes no part in the softmax, and its weights stay 0. */
export const absentLogit = -1e4;

export interface PlanInput {
  readonly features: Float32Array;
  readonly dim: number;
  readonly present: Uint8Array;
  readonly targets: Targets;
  readonly fold: Int32Array;
  readonly folds: number;
  readonly classWeights: boolean;
  /** A plan of the same features by other labels: where the same rows train, its standardisations are taken. */
  readonly before?: FitPlan;
}

/** Lays out a fit. Rows that are absent, not for training or without a label get weight 0 everywhere. */
export function planFit(input: PlanInput): FitPlan {
  const { features, dim, targets, folds } = input;
  const outputs = targets.outputs.length;
  const softmax = targets.task === 'multi-class';
  const rows = input.fold.length;
  const problems = softmax ? 1 : outputs;
  const trainingFold = findTrainingRows(input, problems);
  const counts = countClasses(targets, trainingFold, folds, problems, softmax ? outputs : 2);
  const classWeights = counts.map((own) => own.map(balancedWeight(own, input.classWeights)));
  const columns = counts.length;
  const labels = new Float32Array(rows * outputs);
  const rowWeights = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const fold = trainingFold[row]!;
    if (fold < 0) continue;
    for (let o = 0; o < problems; o++) {
      const y = targets.y[row * problems + o]!;
      if (y < 0) continue;
      labels[row * outputs + (softmax ? y : o)] = softmax ? 1 : y;
      for (let partition = 0; partition <= folds; partition++) {
        const column = partition * problems + o;
        if (partition !== fold) rowWeights[row * columns + column] = classWeights[column]![y]!;
      }
    }
  }
  return {
    data: {
      features,
      dim,
      rows,
      classes: softmax ? outputs : 0,
      outputs,
      labels,
      rowWeights,
      weightings: columns,
    },
    trainingFold,
    folds,
    width: softmax ? outputs : 1,
    standardisations:
      input.before && sameRows(input.before.trainingFold, trainingFold)
        ? input.before.standardisations
        : standardisations(features, dim, trainingFold, folds),
    weightings: counts.map((own, column) => ({
      partition: Math.floor(column / problems),
      output: column % problems,
      ...(softmax ? softmaxWeighting : sigmoidWeighting)(own, classWeights[column]!),
    })),
  };
}

function sameRows(a: Int32Array, b: Int32Array): boolean {
  return a.every((fold, row) => fold === b[row]);
}

/** The fold of each row that has features and a label, -1 for the others. */
function findTrainingRows({ present: hasFeatures, targets, fold }: PlanInput, problems: number): Int32Array {
  return fold.map((k, row) => {
    if (hasFeatures[row] !== 1) return -1;
    for (let n = row * problems; n < (row + 1) * problems; n++) if (targets.y[n]! >= 0) return k;
    return -1;
  });
}

/** Rows per class, for every column of the row weights. */
function countClasses(
  targets: Targets,
  trainingFold: Int32Array,
  folds: number,
  problems: number,
  classes: number,
): Float64Array[] {
  const columns = (folds + 1) * problems;
  const counts = Array.from({ length: columns }, () => new Float64Array(classes));
  trainingFold.forEach((fold, row) => {
    if (fold < 0) return;
    for (let o = 0; o < problems; o++) {
      const y = targets.y[row * problems + o]!;
      if (y < 0) continue;
      for (let partition = 0; partition <= folds; partition++) {
        if (partition !== fold) counts[partition * problems + o]![y]!++;
      }
    }
  });
  return counts;
}

/** scikit-learn's `class_weight='balanced'`: rows / (classes · rows of the class), over the classes that occur. */
function balancedWeight(counts: Float64Array, wanted: boolean): (count: number) => number {
  const total = sumOf(counts);
  const classes = counts.filter((count) => count > 0).length;
  return (count) => (wanted && count > 0 ? total / (classes * count) : 1);
}

type Summary = Omit<Weighting, 'partition' | 'output'>;

/** @param counts rows of each class @param classWeights of each class */
function softmaxWeighting(counts: Float64Array, classWeights: Float64Array): Summary {
  const mass = counts.map((count, k) => count * classWeights[k]!);
  const total = sumOf(mass);
  const shares = Array.from(mass, (value) => (total > 0 ? value / total : 0));
  return {
    counts: [...counts],
    rows: sumOf(counts),
    intercepts: shares.map((share) => (share > 0 ? Math.log(share) : absentLogit)),
    curvature: shares.map((share) => total * share * (1 - share)),
    priorShift: Array.from(classWeights, (weight) => Math.log(weight)),
    solvable: isSolvable(counts),
  };
}

/** @param counts rows without and with the finding @param classWeights of the two */
function sigmoidWeighting(counts: Float64Array, classWeights: Float64Array): Summary {
  const [without, having] = [counts[0]!, counts[1]!];
  const [negative, positive] = [without * classWeights[0]!, having * classWeights[1]!];
  const total = negative + positive;
  const solvable = isSolvable(counts);
  return {
    counts: [having],
    rows: without + having,
    // Half a row on each side keeps the logit of a finding without positives or negatives finite.
    intercepts: [solvable ? Math.log(positive / negative) : Math.log((having + 0.5) / (without + 0.5))],
    curvature: [total > 0 ? (positive * negative) / total : 0],
    priorShift: [solvable ? Math.log(classWeights[1]!) - Math.log(classWeights[0]!) : 0],
    solvable,
  };
}

function isSolvable(counts: Float64Array): boolean {
  return counts.filter((count) => count > 0).length >= 2;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** One problem per weighting, with the C that `strengthOf` gives. */
export function problemsOf(
  plan: FitPlan,
  weightings: readonly Weighting[],
  strengthOf: (weighting: Weighting) => number,
): LinearProblem[] {
  return weightings.map((weighting) => ({
    weighting: plan.weightings.indexOf(weighting),
    output: weighting.output,
    C: strengthOf(weighting),
    standardisation: present(plan.standardisations[weighting.partition], 'the standardisation'),
    intercepts: weighting.intercepts,
    curvature: weighting.curvature,
  }));
}
