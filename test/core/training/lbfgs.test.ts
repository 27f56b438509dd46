import { expect, it } from 'vitest';
import { minimise, type Evaluation, type Minimum } from '../../../src/core/training/lbfgs';

function run(
  start: readonly number[],
  evaluate: (x: Float64Array) => Evaluation,
  options = { tolerance: 1e-12, maxIterations: 200 },
): Minimum & { readonly evaluations: number } {
  const search = minimise(Float64Array.from(start), options);
  let evaluations = 0;
  let step = search.next();
  while (step.done !== true) {
    evaluations++;
    step = search.next(evaluate(step.value));
  }
  return { ...step.value, evaluations };
}

/** ½ Σ c (x - 1)² + 1. */
const bowl = (curvatures: readonly number[]) => (x: Float64Array) => ({
  value: 1 + x.reduce((sum, xi, i) => sum + (curvatures[i]! * (xi - 1) ** 2) / 2, 0),
  gradient: x.map((xi, i) => curvatures[i]! * (xi - 1)),
});

it('finds the minimum of badly scaled bowls', () => {
  const end = run([5, -3, 0, 40], bowl([1e4, 1, 30, 0.01]));
  expect(end.converged).toBe(true);
  expect(end.value).toBeCloseTo(1, 10);
  expect(end.evaluations).toBeLessThan(60);
});

it('ends at once where it starts at the minimum', () => {
  expect(run([1, 1], bowl([2, 3]))).toMatchObject({ iterations: 0, evaluations: 1, converged: true });
});

it('comes back from steps that are far too long, into infinity too', () => {
  // log-barrier: not finite beyond 1.
  const end = run([0], ([x]) => ({
    value: x! >= 1 ? Number.POSITIVE_INFINITY : -Math.log(1 - x!) - 50 * x! + 1000,
    gradient: Float64Array.of(x! >= 1 ? Number.NaN : 1 / (1 - x!) - 50),
  }));
  expect(end.converged).toBe(true);
  expect(end.point[0]).toBeCloseTo(0.98, 6);
});

it('lets the slopes decide where the values are noise', () => {
  let sign = 1;
  const end = run(
    [3, -2],
    (x) => {
      const { value, gradient } = bowl([1, 20])(x);
      sign = -sign;
      return { value: value * (1 + sign * 1e-7), gradient };
    },
    { tolerance: 1e-10, maxIterations: 100 },
  );
  expect(end.converged).toBe(true);
  expect(end.point[0]).toBeCloseTo(1, 4);
});

it('says so when the iterations run out', () => {
  const end = run([5, -3, 0], bowl([1e6, 1, 30]), { tolerance: 1e-30, maxIterations: 2 });
  expect(end).toMatchObject({ converged: false, iterations: 2 });
});
