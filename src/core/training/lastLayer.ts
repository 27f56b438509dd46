/** Fits the problems of a plan and turns their solutions into logits and a head. */
import type { Device } from '../onnx/model';
import { logSumExp } from './calibrate';
import { problemsOf, type FitPlan, type Weighting } from './fitPlan';
import {
  concatenate,
  rawModel,
  withoutCentre,
  type LinearProblem,
  type LinearSolution,
  type RawModel,
} from './linearProblem';
import { sketchSpectrum, Stretcher } from './preconditioner';
import { RowBlocks } from './rowBlocks';
import { solve } from './solve';
import { present } from '../base/present';

/**
 * A problem is solved when its objective is within about this fraction of the minimum. Probabilities then lie
 * within about 3e-5 of those at the minimum (690 × 1,280, C up to 0.1; docs/last-layer.md).
 */
export const defaultTolerance = 1e-11;
/** The same while strengths of the penalty are compared: it moves log losses by about 1e-4. */
const trialTolerance = 1e-6;
/**
 * What is still accepted when float32 runs out first, as it does with a handful of images of a class or without
 * any overlap of classes: 1e-3 of the objective moves no decision. Beyond it something is wrong with the features.
 */
const acceptable = 1e-3;

/** What a search that follows another is given of its curvature: half the steps of the usual ten pairs on 690 × 1,280. */
const pairsNearby = 20;

export interface LastLayerOptions {
  readonly device: Device;
  readonly seed: number;
  /** Default: `defaultTolerance`. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The models that leave one fold out each, in the order of `FitPlan.weightings`. */
export interface FoldFits {
  readonly solutions: readonly LinearSolution[];
}

/** The fit on all training rows. */
export interface FullFit extends RawModel {
  /** Row-major rows × outputs, float32, for every row. */
  readonly logits: Float32Array;
  readonly iterations: number;
}

/** Open sessions over the data of a plan; `close` it. */
export class LastLayer {
  private foldWeightings: readonly Weighting[];
  private readonly tolerance: number;

  private constructor(
    private plan: FitPlan,
    private readonly rows: RowBlocks,
    private readonly stretcher: Stretcher,
    private readonly options: LastLayerOptions,
  ) {
    this.foldWeightings = plan.weightings.filter(({ partition }) => partition < plan.folds);
    this.tolerance = options.tolerance ?? defaultTolerance;
  }

  static async open(plan: FitPlan, options: LastLayerOptions): Promise<LastLayer> {
    const { features, dim } = plan.data;
    const trainingRows = Int32Array.from(
      [...plan.trainingFold.keys()].filter((row) => plan.trainingFold[row]! >= 0),
    );
    const whole = present(plan.standardisations[plan.folds], 'the standardisation of all rows');
    const rows = await RowBlocks.open(plan.data, Float32Array.from(whole.mean), options.device);
    try {
      const { device } = rows;
      const spectrum = await sketchSpectrum(features, dim, trainingRows, whole, { ...options, device });
      return new LastLayer(plan, rows, await Stretcher.open(spectrum, device), options);
    } catch (error) {
      await rows.close();
      throw error;
    }
  }

  /** Fits every fold at every C in one batch, as closely as a comparison needs. */
  async tryStrengths(strengths: readonly number[]): Promise<FoldFits[]> {
    const perC = strengths.map((C) => problemsOf(this.plan, this.foldWeightings, () => C));
    const solutions = await this.solve(perC.flat(), trialTolerance);
    const size = this.foldWeightings.length;
    return perC.map((_, c) => ({ solutions: solutions.slice(c * size, (c + 1) * size) }));
  }

  /**
   * Fits every fold at one C, as closely as a comparison needs.
   * @param near fits at a C nearby, from which the search starts; absent: from nothing
   */
  async tryNear(C: number, near?: FoldFits): Promise<FoldFits> {
    const problems = problemsOf(this.plan, this.foldWeightings, () => C);
    return { solutions: await this.solve(problems, trialTolerance, near?.solutions) };
  }

  /**
   * Fits every fold to the optimum; `strengths` has the C of the softmax, or of each finding.
   * @param near trial fits of each of those, to start from; absent: from nothing
   */
  async fitFolds(strengths: readonly number[], near?: readonly FoldFits[]): Promise<FoldFits> {
    const problems = problemsOf(this.plan, this.foldWeightings, strengthIn(strengths));
    const starts =
      near &&
      this.foldWeightings.map(({ output }, i) =>
        present(near[output]?.solutions[i], 'the trial fit of a fold'),
      );
    return { solutions: await this.solve(problems, this.tolerance, starts) };
  }

  /**
   * Logits of each row from the model that left its fold out, float32, prior corrected: row-major rows × outputs
   * for each of `fits`; NaN where `fold` is -1.
   */
  async outOfFold(fits: readonly FoldFits[], fold: Int32Array): Promise<Float32Array[]> {
    const { width, data, standardisations } = this.plan;
    const weightings = this.foldWeightings;
    const owners = fits.flatMap(() =>
      weightings.map(({ partition }) => ({
        standardisation: present(standardisations[partition], 'the standardisation'),
      })),
    );
    const columns = weightings.map((weighting, i) => ({ weighting, first: i * width }));
    const { W, B } = rawModel(
      owners,
      ...joined(fits.flatMap(({ solutions }) => solutions)),
      this.rows.centre,
    );
    const logits = fits.map(() => new Float32Array(data.rows * data.outputs).fill(Number.NaN));
    await this.rows.logits(W, B, (from, count, Z) => {
      for (let row = 0; row < count; row++) {
        for (const { weighting, first } of columns) {
          if (fold[from + row] !== weighting.partition) continue;
          let at = row * B.length + first;
          for (const own of logits) {
            const z = corrected(Z.subarray(at, at + width), weighting);
            own.set(z, (from + row) * data.outputs + weighting.output);
            at += weightings.length * width;
          }
        }
      }
    });
    return logits;
  }

  /**
   * Fits all training rows; `strengths` has the C of the softmax, or of each finding.
   * @param near fits of the folds, from whose mean the search starts; absent: from nothing
   */
  async full(strengths: readonly number[], near?: FoldFits): Promise<FullFit> {
    const { folds, data } = this.plan;
    const weightings = this.plan.weightings.filter(({ partition }) => partition === folds);
    const problems = problemsOf(this.plan, weightings, strengthIn(strengths));
    const starts = weightings.map(({ output, intercepts }) => {
      const own = (near?.solutions ?? []).filter((_, i) => {
        const weighting = this.foldWeightings[i];
        return weighting?.output === output && weighting.solvable;
      });
      return meanSolution(own, intercepts, data.dim);
    });
    return this.fullOf(await this.solve(problems, this.tolerance, starts), strengths);
  }

  /** Takes a plan of other labels of the same rows and features. */
  relabel(plan: FitPlan): void {
    this.plan = plan;
    this.foldWeightings = plan.weightings.filter(({ partition }) => partition < plan.folds);
    this.rows.relabel(plan.data);
  }

  /**
   * Solves the wanted problems of the plan, folds and whole, from solutions nearby; the others keep theirs.
   * @param near in the order of `FitPlan.weightings`, as are the results, which hold what their searches learnt
   */
  async solveNear(
    strengths: readonly number[],
    near: readonly LinearSolution[],
    isWanted: (weighting: Weighting) => boolean,
  ): Promise<LinearSolution[]> {
    const { weightings } = this.plan;
    const wanted = [...weightings.keys()].filter((i) => isWanted(present(weightings[i], 'the weighting')));
    const problems = problemsOf(
      this.plan,
      wanted.map((i) => present(weightings[i], 'the weighting')),
      strengthIn(strengths),
    );
    const starts = wanted.map((i) => present(near[i], 'the solution'));
    const solved = await this.solve(problems, this.tolerance, starts, pairsNearby);
    const solutions = [...near];
    wanted.forEach((i, n) => (solutions[i] = present(solved[n], 'the solution')));
    return solutions;
  }

  /** The fit on all training rows whose solutions these are. */
  async fullOf(solutions: readonly LinearSolution[], strengths: readonly number[]): Promise<FullFit> {
    const { folds, data } = this.plan;
    const weightings = this.plan.weightings.filter(({ partition }) => partition === folds);
    const problems = problemsOf(this.plan, weightings, strengthIn(strengths));
    const { W, B } = rawModel(problems, ...joined(solutions), this.rows.centre);
    for (const { output, priorShift } of weightings) {
      priorShift.forEach((shift, k) => {
        B[output + k]! -= shift;
      });
    }
    const logits = new Float32Array(data.rows * data.outputs);
    await this.rows.logits(W, B, (from, _count, Z) => {
      logits.set(Z, from * data.outputs);
    });
    const [first] = weightings;
    if (data.classes > 0 && first) this.placeAbsent(first, B, logits);
    const raw = withoutCentre({ W, B }, this.rows.centre);
    return { ...raw, logits, iterations: mostIterations(solutions) };
  }

  async close(): Promise<void> {
    await this.rows.close();
    await this.stretcher.close();
  }

  /** Solutions in the order of the problems; those with nothing to learn keep their intercepts. */
  private async solve(
    problems: readonly LinearProblem[],
    wanted: number,
    starts?: readonly LinearSolution[],
    keepPairs?: number,
  ): Promise<LinearSolution[]> {
    const { dim } = this.plan.data;
    const { signal } = this.options;
    const isSolvable = problems.map(({ weighting }) => this.plan.weightings[weighting]?.solvable === true);
    const solvable = problems.filter((_, i) => isSolvable[i]);
    const solved = await solve(this.rows, this.stretcher, solvable, {
      tolerance: wanted,
      acceptable,
      signal,
      keepPairs,
      ...(starts ? { starts: starts.filter((_, i) => isSolvable[i]) } : {}),
    });
    const bySolvable = new Map(solvable.map((problem, i) => [problem, present(solved[i], 'the solution')]));
    return problems.map(
      (problem) =>
        bySolvable.get(problem) ?? {
          weights: new Float32Array(problem.intercepts.length * dim),
          intercepts: Float64Array.from(problem.intercepts),
          value: 0,
          iterations: 0,
        },
    );
  }

  /**
   * A class without training rows takes no part in the fit. In the head it gets the constant logit at which its
   * probability is about half a row in all, on a row of average certainty.
   */
  private placeAbsent({ counts, rows }: Weighting, B: Float32Array, logits: Float32Array): void {
    const absent = [...counts.keys()].filter((k) => counts[k] === 0);
    if (absent.length === 0) return;
    const classes = counts.length;
    let sum = 0;
    this.plan.trainingFold.forEach((fold, row) => {
      if (fold >= 0) sum += logSumExp(logits.subarray(row * classes, (row + 1) * classes));
    });
    const logit = sum / rows + Math.log(0.5 / (rows + 1));
    for (const k of absent) {
      B[k] = logit;
      for (let n = k; n < logits.length; n += classes) logits[n] = logit;
    }
  }
}

/** The C of a weighting's problem: that of the softmax, or of its finding. */
function strengthIn(strengths: readonly number[]): (weighting: Weighting) => number {
  return ({ output }) => present(strengths[output], 'the strength of the penalty');
}

/** Logits of one row without the shift of class weights; an absent class gets the odds of half a row in all. */
function corrected(z: Float32Array, { counts, rows, priorShift }: Weighting): Float32Array {
  const result = z.map((value, k) => value - (priorShift[k] ?? 0));
  if (z.length === 1) return result;
  const total = logSumExp(result);
  return result.map((value, k) => (counts[k] === 0 ? total + Math.log(0.5 / (rows + 1)) : value));
}

function joined(solutions: readonly LinearSolution[]): [weights: Float32Array, intercepts: Float64Array] {
  const weights = solutions.map((solution) => solution.weights);
  const intercepts = solutions.flatMap((solution) => [...solution.intercepts]);
  return [concatenate(weights), Float64Array.from(intercepts)];
}

/** The mean of solutions; without any, the model without features. */
function meanSolution(
  solutions: readonly LinearSolution[],
  intercepts: readonly number[],
  dim: number,
): LinearSolution {
  const weights = new Float32Array(intercepts.length * dim);
  for (const solution of solutions) {
    for (let n = 0; n < weights.length; n++) weights[n]! += solution.weights[n]! / solutions.length;
  }
  const mean = (k: number) =>
    solutions.reduce((sum, solution) => sum + solution.intercepts[k]! / solutions.length, 0);
  const start = intercepts.map((intercept, k) => (solutions.length > 0 ? mean(k) : intercept));
  return { weights, intercepts: Float64Array.from(start), value: Number.NaN, iterations: 0 };
}

function mostIterations(solutions: readonly LinearSolution[]): number {
  return Math.max(0, ...solutions.map((solution) => solution.iterations));
}
