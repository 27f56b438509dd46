/**
 * A fit that follows the labels: after every answer it goes on from the last solution instead of beginning again. Labels
 * are all that changes; features, folds and the strength of the penalty stay, so the optimum is that of `fitHead` with
 * this C, and the way to it is a few steps: the Hessian of the cross entropy does not depend on the labels, so what the
 * last search learnt of it (the pairs of L-BFGS) still holds.
 */
import { present } from '../base/present';
import type { Targets } from '../labels/model';
import { checkLabels, checkTrainable, finishFit, type FitProblem } from './fitHead';
import { planFit, type FitPlan, type Weighting } from './fitPlan';
import { LastLayer } from './lastLayer';
import type { LinearSolution } from './linearProblem';
import type { HeadFit } from './model';

export interface LiveProblem extends Omit<FitProblem, 'settings' | 'onProgress' | 'log'> {
  readonly settings: Omit<FitProblem['settings'], 'C'> & {
    /** One for softmax, one per finding for sigmoid. */
    readonly C: readonly number[];
  };
}

/** The predictions by the labels as they are now. */
export type LivePredictions = Pick<HeadFit, 'head' | 'logits' | 'probabilities' | 'outOfFold'> & {
  /** Problems that were solved anew: folds that hold a changed image in training, and the whole. */
  readonly solved: number;
  /** The objective of each problem at its solution, in the order of the plan. */
  readonly objectives: readonly number[];
};

export class LiveFit {
  private constructor(
    private readonly problem: LiveProblem,
    private readonly lastLayer: LastLayer,
    private plan: FitPlan,
    private targets: Targets,
    private solutions: readonly LinearSolution[],
  ) {}

  /**
   * Fits once from nothing; `close` lets go of it.
   * @throws as `fitHead`
   */
  static async open(
    problem: LiveProblem,
  ): Promise<{ readonly live: LiveFit; readonly predictions: LivePredictions }> {
    const { settings, targets } = problem;
    const plan = planFit({ ...problem, classWeights: settings.classWeights });
    checkTrainable(plan, problem);
    const { device, seed } = settings;
    const lastLayer = await LastLayer.open(plan, { device, seed, signal: problem.signal });
    const live = new LiveFit(
      problem,
      lastLayer,
      plan,
      targets,
      plan.weightings.map(nothingLearnt(problem.dim)),
    );
    return { live, predictions: await live.solve(() => true) };
  }

  /**
   * The fit by other labels of the same images. Only problems that a changed label has a part in are solved.
   * @param targets as the first ones, but for `y`
   * @throws as `fitHead`; then the fit before still stands
   */
  async refit(targets: Targets): Promise<LivePredictions> {
    const changed = this.changedBy(targets);
    const { problem, plan: before, solutions } = this;
    const fresh = planFit({ ...problem, targets, classWeights: problem.settings.classWeights, before });
    checkLabels(fresh, targets);
    const plan = {
      ...fresh,
      weightings: fresh.weightings.map((own, i) => inVariablesOf(own, before.weightings[i])),
    };
    this.solutions = plan.weightings.map((own, i) => {
      const known = before.weightings[i];
      const isNear = known !== undefined && sameClasses(own, known);
      return isNear ? present(solutions[i], 'the solution') : nothingLearnt(problem.dim)(own);
    });
    this.lastLayer.relabel(plan);
    try {
      this.plan = plan;
      this.targets = targets;
      return await this.solve(changed);
    } catch (error) {
      this.plan = before;
      this.solutions = solutions;
      this.lastLayer.relabel(before);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.lastLayer.close();
  }

  private async solve(isWanted: (weighting: Weighting) => boolean): Promise<LivePredictions> {
    const { lastLayer, plan, problem, targets } = this;
    const { C } = problem.settings;
    this.solutions = await lastLayer.solveNear(C, this.solutions, isWanted);
    const ofFolds = this.solutions.filter(
      (_, i) => present(plan.weightings[i], 'the problem').partition < plan.folds,
    );
    const ofWhole = this.solutions.slice(ofFolds.length);
    const [foldLogits] = await lastLayer.outOfFold([{ solutions: ofFolds }], problem.fold);
    const full = await lastLayer.fullOf(ofWhole, C);
    return {
      ...finishFit(plan, { ...problem, targets }, full, present(foldLogits, 'the logits')),
      solved: plan.weightings.filter(isWanted).length,
      objectives: this.solutions.map(({ value }) => value),
    };
  }

  /**
   * Which problems the change of labels has a part in: of each finding with a changed label the whole, and every fold that
   * holds one of the images in training.
   */
  private changedBy(targets: Targets): (weighting: Weighting) => boolean {
    const { problem, plan } = this;
    const stride = targets.y.length / problem.fold.length;
    const touched = new Set<string>();
    targets.y.forEach((y, at) => {
      if (y === this.targets.y[at]) return;
      const row = Math.floor(at / stride);
      const own = problem.fold[row]!;
      if (own < 0 || problem.present[row] !== 1) return;
      const output = plan.data.classes > 0 ? 0 : at % stride;
      for (let partition = 0; partition <= plan.folds; partition++) {
        if (partition !== own) touched.add(`${partition} ${output}`);
      }
    });
    // An image that is the first or the last of a row's labels moves the standardisation of every finding.
    const isMoved = this.movesRows(targets);
    return ({ partition, output }) => isMoved(partition) || touched.has(`${partition} ${output}`);
  }

  /** Whether a partition has other rows by these labels: a row without any label is none. */
  private movesRows(targets: Targets): (partition: number) => boolean {
    const { problem, plan } = this;
    const stride = targets.y.length / problem.fold.length;
    const moved = new Set<number>();
    problem.fold.forEach((fold, row) => {
      if (fold < 0 || problem.present[row] !== 1) return;
      const isLabelled = targets.y.subarray(row * stride, (row + 1) * stride).some((y) => y >= 0);
      if (isLabelled !== plan.trainingFold[row]! >= 0) moved.add(fold);
    });
    return (partition) => moved.size > 1 || (moved.size === 1 && !moved.has(partition));
  }
}

/** The model without features: where a search begins that knows nothing. */
function nothingLearnt(dim: number): (weighting: Weighting) => LinearSolution {
  return ({ intercepts }) => ({
    weights: new Float32Array(intercepts.length * dim),
    intercepts: Float64Array.from(intercepts),
    value: Number.NaN,
    iterations: 0,
  });
}

/** Keeps the change of variables, in which the pairs of the last search are. It changes the way, not the optimum. */
function inVariablesOf(own: Weighting, known: Weighting | undefined): Weighting {
  return known && sameClasses(own, known) ? { ...own, curvature: known.curvature } : own;
}

function sameClasses(a: Weighting, b: Weighting): boolean {
  return a.solvable === b.solvable && a.counts.every((count, k) => count > 0 === (b.counts[k] ?? 0) > 0);
}
