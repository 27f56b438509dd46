/** Drawn problems for property tests. */
import { SplitMix32 } from '../../../src/core/base/random';
import type { FitProblem } from '../../../src/core/training/fitHead';

/** Classes that can be told apart in part; every third feature says nothing. */
export function drawMultiClass(rows: number, dim: number, classes: number, seed = 1): FitProblem {
  const random = new SplitMix32(seed);
  const y = Int32Array.from({ length: rows }, (_, i) => (i < classes ? i : random.below(classes)));
  const features = Float32Array.from({ length: rows * dim }, (_, n) => {
    const j = n % dim;
    const signal = j % 3 === 0 ? 0 : ((y[Math.floor(n / dim)]! + j) % classes) * 0.8;
    return random.normal() + signal + j;
  });
  return {
    features,
    dim,
    present: new Uint8Array(rows).fill(1),
    targets: { task: 'multi-class', outputs: Array.from({ length: classes }, (_, k) => `class ${k}`), y },
    fold: Int32Array.from({ length: rows }, (_, i) => i % 3),
    folds: 3,
    groups: Array.from({ length: rows }, (_, i) => `p${i}`),
    settings: { C: [0.1], classWeights: false, device: 'cpu', seed: 1 },
  };
}

/** Findings with a tenth of the targets masked. */
export function drawMultiLabel(rows: number, dim: number, findings: number, seed = 1): FitProblem {
  const random = new SplitMix32(seed);
  const y = Int32Array.from({ length: rows * findings }, (_, n) =>
    random.uniform() < 0.1 ? -1 : random.uniform() < 0.5 / (1 + (n % findings)) ? 1 : 0,
  );
  const features = Float32Array.from({ length: rows * dim }, (_, n) => {
    const target = y[Math.floor(n / dim) * findings + ((n % dim) % findings)]!;
    return random.normal() + (target === 1 ? 1 : 0);
  });
  const base = drawMultiClass(rows, dim, 2, seed);
  const outputs = Array.from({ length: findings }, (_, f) => `finding ${f}`);
  return { ...base, features, targets: { task: 'multi-label', outputs, y } };
}

/** The problem with its rows in another order: row i of the result is row order[i]. */
export function reordered(problem: FitProblem, order: readonly number[]): FitProblem {
  const { dim, targets } = problem;
  const stride = targets.y.length / problem.fold.length;
  return {
    ...problem,
    features: Float32Array.from(order.flatMap((i) => [...problem.features.subarray(i * dim, (i + 1) * dim)])),
    present: Uint8Array.from(order, (i) => problem.present[i]!),
    fold: Int32Array.from(order, (i) => problem.fold[i]!),
    groups: order.map((i) => problem.groups[i]!),
    targets: {
      ...targets,
      y: Int32Array.from(order.flatMap((i) => [...targets.y.subarray(i * stride, (i + 1) * stride)])),
    },
  };
}

/** The largest difference between two lists of numbers; NaN equals NaN. */
export function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let gap = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) && Number.isNaN(b[i])) continue;
    const difference = Math.abs(a[i]! - b[i]!);
    gap = Math.max(gap, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return gap;
}
