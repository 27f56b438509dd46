/**
 * Differences of every figure over the same resampled patients: AUROC against scikit-learn (test/golden/compare.py), the
 * others against a plain loop over images.
 */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import type { MetricsInput } from '../../../src/core/evaluation/metrics';
import { differencesOf, drawFigures } from '../../../src/core/evaluation/partDifference';
import type { Estimate } from '../../../src/core/evaluation/model';
import golden from '../../golden/values/evaluation/differences.json';
import { inputsOf, options } from './goldenDifferences';

/** How often each image counts in each resampling of patients. */
function* resamplings(): Generator<number[]> {
  const patients = [...new Set(golden.groups)];
  const random = new SplitMix32(golden.seed);
  for (let n = 0; n < golden.replicates; n++) {
    const times = new Map<string, number>();
    for (let k = 0; k < patients.length; k++) {
      const drawn = patients[random.below(patients.length)]!;
      times.set(drawn, (times.get(drawn) ?? 0) + 1);
    }
    yield golden.groups.map((group) => times.get(group) ?? 0);
  }
}

/** numpy's percentile. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? low) - low);
}

/** A figure that is the mean of something over images, of both models, and its paired interval. */
function meanDifference(of: (model: number, image: number) => number | null): Estimate {
  const images = [...golden.groups.keys()];
  const mean = (model: number, weights: readonly number[]): number => {
    let sum = 0;
    let total = 0;
    for (const image of images) {
      const value = of(model, image);
      if (value === null) continue;
      sum += weights[image]! * value;
      total += weights[image]!;
    }
    return sum / total;
  };
  const once = images.map(() => 1);
  const drawn = [...resamplings()].map((weights) => mean(1, weights) - mean(0, weights));
  return {
    value: mean(1, once) - mean(0, once),
    low: percentile(drawn, 0.025),
    high: percentile(drawn, 0.975),
  };
}

function expectClose(got: Estimate, wanted: Estimate): void {
  expect(got.value).toBeCloseTo(wanted.value!, 9);
  expect(got.low).toBeCloseTo(wanted.low!, 9);
  expect(got.high).toBeCloseTo(wanted.high!, 9);
}

describe('differencesOf', () => {
  it.each(golden.cases)('AUROC is that of scikit-learn: $task', async (one) => {
    const inputs = inputsOf(one);
    const [reference, other] = [inputs[golden.reference]!, inputs[0]!];
    const { auroc_macro } = await differencesOf(reference, other, options);
    const [value, low, high] = one.expected[0]!.difference;
    expectClose(auroc_macro.difference, { value: value!, low: low!, high: high! });
    const [after] = one.expected[0]!.auroc;
    expect(auroc_macro.after.value).toBeCloseTo(after!, 9);
    expect(auroc_macro.before.value).toBeCloseTo(one.expected[golden.reference]!.auroc[0]!, 9);
  });

  it('accuracy, log loss and sensitivity are those of a plain loop over images', async () => {
    const one = golden.cases.find(({ task }) => task === 'multi-class')!;
    const [before, after] = inputsOf(one);
    const got = await differencesOf(before!, after!, options);
    const y = one.y.flat();
    const of = (model: number, image: number): number[] => one.models[model]![image]!;
    const called = (p: number[]): number => p.indexOf(Math.max(...p));
    const isRight = (model: number, image: number): number => (called(of(model, image)) === y[image] ? 1 : 0);
    expectClose(got.accuracy.difference, meanDifference(isRight));
    expectClose(
      got.log_loss.difference,
      meanDifference((model, image) => -Math.log(of(model, image)[y[image]!]!)),
    );
    for (const k of [0, 1, 2]) {
      expectClose(
        got.outputs[k]!.sensitivity.difference,
        meanDifference((model, image) => (y[image] === k ? isRight(model, image) : null)),
      );
      expectClose(
        got.outputs[k]!.specificity.difference,
        meanDifference((model, image) => (y[image] === k ? null : called(of(model, image)) === k ? 0 : 1)),
      );
    }
  });

  it.each(golden.cases)('is the same where the first model was drawn before: $task', async (one) => {
    const inputs = inputsOf(one);
    const [reference, other] = [inputs[golden.reference]!, inputs[0]!];
    const drawn = await drawFigures(reference, options);
    expect(drawn).toHaveLength(options.replicates);
    for (const after of [other, reference]) {
      expect(await differencesOf(reference, after, options, drawn)).toEqual(
        await differencesOf(reference, after, options),
      );
    }
  });

  it('has the same values without intervals, at once', async () => {
    const [before, after] = inputsOf(golden.cases[1]!);
    const whole = await differencesOf(before!, after!, options);
    const plain = await differencesOf(before!, after!, null);
    expect(plain.auroc_macro.difference).toEqual({
      value: whole.auroc_macro.difference.value,
      low: null,
      high: null,
    });
    expect(plain.accuracy.after.low).toBeNull();
    expect(whole.accuracy.after.low).not.toBeNull();
  });

  it('a finding with nine positive patients has a difference and no interval', async () => {
    const n = 40;
    const input = (salt: number): MetricsInput => ({
      targets: {
        task: 'multi-label',
        outputs: ['rare', 'common'],
        y: Int32Array.from({ length: 2 * n }, (_, at) => (at >> 1 < (at % 2 === 0 ? 9 : 20) ? 1 : 0)),
      },
      probabilities: Float64Array.from({ length: 2 * n }, (_, at) => ((at * 7 * salt) % 11) / 11),
      rows: Int32Array.from({ length: n }, (_, row) => row),
      groups: Array.from({ length: n }, (_, row) => `p${row}`),
      thresholds: [0.5, 0.5],
    });
    const { outputs, auroc_macro } = await differencesOf(input(1), input(2), options);
    expect(outputs[0]!.auroc.difference.value).not.toBeNull();
    expect(outputs[0]!.auroc.difference.low).toBeNull();
    expect(outputs[1]!.auroc.difference.low).not.toBeNull();
    expect(auroc_macro.difference.low).toBeNull();
  });

  it('is null where a figure is not defined', async () => {
    const [input] = inputsOf(golden.cases[0]!);
    const empty = { ...input!, rows: new Int32Array(0) };
    const { auroc_macro } = await differencesOf(empty, empty, options);
    expect(auroc_macro.difference).toEqual({ value: null, low: null, high: null });
  });
});
