/** Solves many last-layer problems together: each has its own L-BFGS, all share the passes over the rows. */
import { OverreadError, throwIfCancelled } from '../base/errors';
import { present } from '../base/present';
import { minimise, type Evaluation, type Minimum } from './lbfgs';
import {
  concatenate,
  rawModel,
  standardisedGradient,
  type LinearProblem,
  type LinearSolution,
} from './linearProblem';
import { invert, joinStretches, stretchFor, type Stretch, type Stretcher } from './preconditioner';
import type { RowBlocks } from './rowBlocks';
import { Workspace } from './workspace';

export interface SolveOptions {
  /** Estimated distance to the optimum, as a fraction of the objective, at which a problem counts as solved. */
  readonly tolerance: number;
  /** The distance that is still accepted where float32 stops the search earlier. */
  readonly acceptable: number;
  /** Solutions of nearby problems to start from, in the order of the problems. */
  readonly starts?: readonly LinearSolution[];
  /** Gives each solution so many pairs of what its search learnt, for searches that start from it; absent: none. */
  readonly keepPairs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told after every pass how many problems are solved. */
  readonly onPass?: (solved: number) => void;
}

const maxIterations = 500;
/** Absolute rounding error of one row's cross entropy: the logits it is taken from are some units large. */
const rowNoise = 3e-7;

/** How one problem's variables are stretched: weights by `stretch`, intercepts by `interceptScale`. */
interface Variables {
  readonly stretch: Stretch;
  readonly interceptScale: readonly number[];
}

/** A point in stretched variables: outputs × dim weights, then the intercepts. */
interface Located extends Variables {
  readonly point: Float64Array;
}

/** A running search. */
interface Search extends Variables {
  readonly index: number;
  readonly problem: LinearProblem;
  readonly steps: Generator<Float64Array, Minimum, Evaluation>;
  point: Float64Array;
  /** At the point, in the search's own variables. */
  readonly gradient: Float64Array;
}

interface Finished {
  readonly search: Search;
  readonly minimum: Minimum;
}

/** Solves `problems`; the result has their order. Solved in other company, a solution differs by rounding only. */
export async function solve(
  rows: RowBlocks,
  stretcher: Stretcher,
  problems: readonly LinearProblem[],
  options: SolveOptions,
): Promise<LinearSolution[]> {
  let active = await startSearches(stretcher, problems, options);
  const finished: Finished[] = [];
  const space = new Workspace();
  while (active.length > 0) {
    throwIfCancelled(options.signal);
    const evaluations = await evaluate(rows, stretcher, active, space);
    active = active.filter((search, i) => {
      const step = search.steps.next(present(evaluations[i], 'the evaluation'));
      if (step.done === true) {
        finished.push({ search, minimum: accepted(step.value, options.acceptable) });
      } else search.point = step.value;
      return step.done !== true;
    });
    options.onPass?.(finished.length);
  }
  return finished.length === 0 ? [] : collect(stretcher, finished, options.keepPairs !== undefined);
}

/** @throws OVR701 the search ended far from the optimum */
function accepted(minimum: Minimum, acceptable: number): Minimum {
  if (minimum.converged || minimum.decrement <= acceptable * Math.abs(minimum.value)) return minimum;
  throw new OverreadError({
    code: 'OVR701',
    message: `Training of the last layer stopped after ${minimum.iterations} iterations without reaching its optimum (objective ${minimum.value})`,
    expected: 'finite features of moderate size',
    fix: 'Look for broken images or weights, or set a smaller training.C',
  });
}

async function startSearches(
  stretcher: Stretcher,
  problems: readonly LinearProblem[],
  options: SolveOptions,
): Promise<Search[]> {
  const starts = await startPoints(stretcher, problems, options.starts);
  return problems.map((problem, index) => {
    const noise = problem.C * problem.standardisation.rows * rowNoise;
    const pairs = options.starts?.[index]?.pairs;
    const steps = minimise(present(starts[index], 'the start'), {
      tolerance: options.tolerance,
      maxIterations,
      noise,
      ...(pairs ? { pairs } : {}),
      ...(options.keepPairs === undefined ? {} : { memory: options.keepPairs }),
    });
    // The first thing a search does is to ask for its start, so it cannot be done here.
    const point = steps.next().value as Float64Array;
    const gradient = new Float64Array(point.length);
    return { index, problem, ...variables(stretcher, problem), steps, point, gradient };
  });
}

function variables(stretcher: Stretcher, problem: LinearProblem): Variables {
  const strengths = problem.curvature.map((curvature) => problem.C * curvature);
  return {
    stretch: stretchFor(stretcher.spectrum, strengths),
    interceptScale: strengths.map((s) => 1 / Math.sqrt(Math.max(s, 1e-6))),
  };
}

async function startPoints(
  stretcher: Stretcher,
  problems: readonly LinearProblem[],
  starts: readonly LinearSolution[] | undefined,
): Promise<Float64Array[]> {
  const { dim } = stretcher.spectrum;
  const ready = problems.map((problem) => variables(stretcher, problem));
  const weights = starts
    ? await stretcher.apply(
        concatenate(starts.map((start) => start.weights)),
        joinStretches(ready.map(({ stretch }) => invert(stretch))),
      )
    : undefined;
  return problems.map((problem, i) => {
    const { interceptScale } = present(ready[i], 'the variables');
    const width = problem.intercepts.length;
    const point = new Float64Array(width * (dim + 1));
    if (weights) point.set(weights.subarray(i * width * dim, (i + 1) * width * dim));
    const intercepts = Float64Array.from(starts?.[i]?.intercepts ?? problem.intercepts);
    interceptScale.forEach((scale, k) => {
      point[width * dim + k] = intercepts[k]! / scale;
    });
    return point;
  });
}

/** Objective and gradient of every search at its point, in the search's own variables. */
async function evaluate(
  rows: RowBlocks,
  stretcher: Stretcher,
  active: readonly Search[],
  space: Workspace,
): Promise<Evaluation[]> {
  const { dim } = stretcher.spectrum;
  const stretch = joinStretches(active.map((search) => search.stretch));
  const owners = active.map((search) => search.problem);
  const { weights, intercepts } = await unstretched(stretcher, active, stretch, space);
  const size = weights.length;
  const { W, B } = rawModel(owners, weights, intercepts, rows.centre, space.float32('raw', size));
  const { loss, gradW, gradB } = await rows.loss(owners, W, B, space.float64('gradW', size));
  const into = space.float32('gradient', size);
  const gradient = standardisedGradient(owners, weights, gradW, gradB, rows.centre, into);
  const stretchedGradient = await stretcher.apply(gradient, stretch, space.float32('stretched', size));
  return active.map(({ problem, interceptScale, gradient: own }, i) => {
    const width = interceptScale.length;
    const part = (array: Float32Array) => array.subarray(i * width * dim, (i + 1) * width * dim);
    own.set(part(stretchedGradient));
    interceptScale.forEach((scale, k) => {
      own[width * dim + k] = problem.C * gradB[i * width + k]! * scale;
    });
    return { value: problem.C * loss[i]! + halfSquare(part(weights)), gradient: own };
  });
}

/** Standardised weights and intercepts of the points, one after the other. */
async function unstretched(
  stretcher: Stretcher,
  located: readonly Located[],
  stretch: Stretch,
  space: Workspace,
): Promise<{ readonly weights: Float32Array; readonly intercepts: Float64Array }> {
  const { dim } = stretcher.spectrum;
  const columns = stretch.tail.length;
  const points = space.float32('points', columns * dim);
  const intercepts = new Float64Array(columns);
  located.forEach(({ point, interceptScale }, i) => {
    const width = interceptScale.length;
    points.set(point.subarray(0, width * dim), i * width * dim);
    interceptScale.forEach((scale, k) => {
      intercepts[i * width + k] = point[width * dim + k]! * scale;
    });
  });
  const weights = await stretcher.apply(points, stretch, space.float32('weights', points.length));
  return { weights, intercepts };
}

/** The solutions in the order of the problems. */
async function collect(
  stretcher: Stretcher,
  finished: readonly Finished[],
  keepPairs: boolean,
): Promise<LinearSolution[]> {
  const located = finished.map(({ search, minimum }) => ({ ...search, point: minimum.point }));
  const stretch = joinStretches(located.map((item) => item.stretch));
  const { weights, intercepts } = await unstretched(stretcher, located, stretch, new Workspace());
  const size = weights.length / finished.length;
  const width = intercepts.length / finished.length;
  const solutions = finished.map(({ search, minimum }, i) => ({
    index: search.index,
    solution: {
      weights: weights.slice(i * size, (i + 1) * size),
      intercepts: intercepts.slice(i * width, (i + 1) * width),
      value: minimum.value,
      iterations: minimum.iterations,
      ...(keepPairs ? { pairs: minimum.pairs } : {}),
    },
  }));
  return solutions.sort((a, b) => a.index - b.index).map(({ solution }) => solution);
}

function halfSquare(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum / 2;
}
