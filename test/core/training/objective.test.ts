/** The ONNX loss and gradient against the definition in float64. */
import { afterAll, describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { RowBlocks, type FitData } from '../../../src/core/training/rowBlocks';
import { largestGap } from './drawProblem';
import { referenceObjective, type ReferenceProblem } from './referenceObjective';

const random = new SplitMix32(11);
const [rows, dim] = [150, 7];
const features = Float32Array.from({ length: rows * dim }, () => random.normal());
/** What the graphs take off every row; the reference sees the difference. */
const centre = Float32Array.from({ length: dim }, (_, j) => j - 3.5);
const asRows = Array.from({ length: rows }, (_, i) =>
  Array.from(centre, (c, j) => Math.fround(features[i * dim + j]! - c)),
);
const opened: RowBlocks[] = [];
afterAll(() => Promise.all(opened.map((blocks) => blocks.close())));

async function open(data: Omit<FitData, 'features' | 'dim' | 'rows'>): Promise<RowBlocks> {
  const blocks = await RowBlocks.open({ features, dim, rows, ...data }, centre, 'cpu');
  opened.push(blocks);
  return blocks;
}

/** The reference's gradient without the penalty. */
function reference(problem: ReferenceProblem, point: Float64Array) {
  const { value, gradient } = referenceObjective(problem, point);
  const weights = point.subarray(0, problem.width * dim);
  const penalty = weights.reduce((sum, w) => sum + (w * w) / 2, 0);
  return {
    loss: value - penalty,
    gradient: gradient.map((g, n) => (n < problem.width * dim ? g - point[n]! : g)),
  };
}

describe('the reference', () => {
  it('has the gradient of its own value (central differences)', () => {
    for (const width of [1, 3]) {
      const labels = asRows.map((_, i) => i % Math.max(2, width));
      const problem = { rows: asRows, labels, weights: labels.map((l) => 1 + l), C: 0.7, width };
      const point = Float64Array.from({ length: width * (dim + 1) }, () => random.normal() * 0.5);
      const { gradient } = referenceObjective(problem, point);
      const numeric = point.map((_, n) => {
        const at = (step: number) =>
          referenceObjective(
            problem,
            point.map((value, m) => (m === n ? value + step : value)),
          ).value;
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      });
      expect(largestGap(gradient, numeric)).toBeLessThan(1e-5);
    }
  });
});

describe('loss and gradient', () => {
  it('are those of weighted softmax problems, several at once', async () => {
    const y = asRows.map((_, i) => (i * 7) % 3);
    const labels = Float32Array.from({ length: rows * 3 }, (_, n) =>
      y[Math.floor(n / 3)] === n % 3 ? 1 : 0,
    );
    const rowWeights = Float32Array.from({ length: rows * 2 }, (_, n) =>
      n % 2 === 0 ? n % 5 : (n + 1) % 3 === 0 ? 0 : 1,
    );
    const blocks = await open({ classes: 3, outputs: 3, labels, rowWeights, weightings: 2 });
    const W = Float32Array.from({ length: 6 * dim }, () => random.normal());
    const B = Float32Array.from({ length: 6 }, () => random.normal());
    // In the order 1, 0: the columns of the weights must be picked, not counted.
    const columns = [1, 0].map((weighting) => ({ weighting, output: 0 }));
    const { loss, gradW, gradB } = await blocks.loss(columns, W, B, new Float64Array(W.length));
    columns.forEach(({ weighting }, q) => {
      const point = Float64Array.from([
        ...W.subarray(q * 3 * dim, (q + 1) * 3 * dim),
        ...B.subarray(q * 3, q * 3 + 3),
      ]);
      const weights = asRows.map((_, i) => rowWeights[i * 2 + weighting]!);
      const expected = reference({ rows: asRows, labels: y, weights, C: 1, width: 3 }, point);
      expect(loss[q]! / expected.loss).toBeCloseTo(1, 5);
      const got = [...gradW.subarray(q * 3 * dim, (q + 1) * 3 * dim), ...gradB.subarray(q * 3, q * 3 + 3)];
      expect(largestGap(got, expected.gradient)).toBeLessThan(1e-3);
    });
  });

  it('are those of sigmoid problems with masks, finite for any logit', async () => {
    const y = asRows.map((_, i) => [i % 2, (i * 3) % 5 === 0 ? 1 : 0]);
    const masks = asRows.map((_, i) => [i % 4 === 0 ? 0 : 1, 1]);
    const data = { classes: 0, outputs: 2, weightings: 2 };
    const labels = Float32Array.from(y.flat());
    const blocks = await open({ ...data, labels, rowWeights: Float32Array.from(masks.flat()) });
    const W = Float32Array.from({ length: 2 * dim }, () => random.normal() * 40);
    const B = Float32Array.from([3, -200]);
    const columns = [1, 0].map((output) => ({ weighting: output, output }));
    const { loss, gradW, gradB } = await blocks.loss(columns, W, B, new Float64Array(W.length));
    columns.forEach(({ output }, q) => {
      const point = Float64Array.from([...W.subarray(q * dim, (q + 1) * dim), B[q]!]);
      const expected = reference(
        {
          rows: asRows,
          labels: y.map((labelsOf) => labelsOf[output]!),
          weights: masks.map((mask) => mask[output]!),
          C: 1,
          width: 1,
        },
        point,
      );
      expect(loss[q]! / expected.loss).toBeCloseTo(1, 5);
      const got = [...gradW.subarray(q * dim, (q + 1) * dim), gradB[q]!];
      expect(largestGap(got, expected.gradient)).toBeLessThan(1e-3);
    });
  });
});
