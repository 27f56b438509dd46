import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { buildClassifier, type ClassifierHead } from '../../../src/core/backbones/classifier';
import { decodeModel } from '../../../src/core/onnx/schema';
import { drawGoldenWeights, resolvedFrom, runModel } from '../networks/golden';

const architecture = 'tf_efficientnet_lite0';
const size = 64;
const resolved = resolvedFrom(architecture, drawGoldenWeights(architecture, 9), {
  size,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
});
const random = new SplitMix32(1);
const head = {
  outputs: ['normal', 'Pneumonie', 'Erguß'],
  dim: 1280,
  weights: Float32Array.from({ length: 3 * 1280 }, () => 0.05 * random.normal()),
  bias: Float32Array.of(0.1, -0.2, 0.3),
};
const image = Float32Array.from({ length: 2 * 3 * size * size }, () => random.uniform());

/** The same by hand: normalise, features, matrix product. */
async function logitsByHand(): Promise<number[][]> {
  const { mean, std } = resolved.identity.preprocessing;
  const plane = size * size;
  const normalised = image.map((value, i) => {
    const channel = Math.floor(i / plane) % 3;
    return (value - mean[channel]!) / std[channel]!;
  });
  const { onnx } = await buildBackbone(resolved);
  const features = (await runModel(onnx, normalised, size))['features']!;
  return [0, 1].map((row) =>
    head.outputs.map((_, k) => {
      let sum = head.bias[k]!;
      for (let i = 0; i < 1280; i++) sum += features[row * 1280 + i]! * head.weights[k * 1280 + i]!;
      return sum;
    }),
  );
}

async function run(more: Pick<ClassifierHead, 'task' | 'calibration' | 'thresholds'>) {
  const onnx = await buildClassifier(resolved, { ...head, ...more });
  return { onnx, out: await runModel(onnx, image, size) };
}

describe('the exported classifier', () => {
  it('normalises, and calibrates classes by temperature', async () => {
    const { out } = await run({
      task: 'multi-class',
      calibration: { kind: 'temperature', temperature: 2.5 },
      thresholds: [],
    });
    const logits = await logitsByHand();
    for (const [row, values] of logits.entries()) {
      const exponents = values.map((value) => Math.exp(value / 2.5));
      const sum = exponents.reduce((a, b) => a + b);
      for (let k = 0; k < 3; k++) {
        expect(out['logits']![row * 3 + k]).toBeCloseTo(values[k]!, 3);
        expect(out['probabilities']![row * 3 + k]).toBeCloseTo(exponents[k]! / sum, 4);
      }
    }
    expect(out['features']!.length).toBe(2 * 1280);
  });

  it('calibrates findings by slope and intercept', async () => {
    const slope = [0.5, 1, 2];
    const intercept = [0.1, -1, 0];
    const { out } = await run({
      task: 'multi-label',
      calibration: { kind: 'platt', slope, intercept },
      thresholds: [0.3, 0.5, 0.7],
    });
    const logits = await logitsByHand();
    for (const [row, values] of logits.entries()) {
      for (let k = 0; k < 3; k++) {
        const expected = 1 / (1 + Math.exp(-(slope[k]! * values[k]! + intercept[k]!)));
        expect(out['probabilities']![row * 3 + k]).toBeCloseTo(expected, 4);
      }
    }
  });

  it('says what it is in its metadata', async () => {
    const { onnx } = await run({
      task: 'multi-label',
      calibration: { kind: 'platt', slope: [1, 1, 1], intercept: [0, 0, 0] },
      thresholds: [0.3, 0.5, 0.7],
    });
    const model = decodeModel(onnx);
    const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
    expect(JSON.parse(metadata['classes']!)).toEqual(head.outputs);
    expect(JSON.parse(metadata['thresholds']!)).toEqual([0.3, 0.5, 0.7]);
    expect(JSON.parse(metadata['preprocessing']!)).toEqual(resolved.identity.preprocessing);
    expect(metadata).toMatchObject({
      task: 'multi-label',
      weights: resolved.identity.name,
      weights_sha256: resolved.identity.sha256,
    });
    expect(model.graph.output.map(({ name }) => name)).toEqual(['features', 'logits', 'probabilities']);
  });

  it('refuses a last layer of another network', async () => {
    const other = { ...head, dim: 1024, weights: new Float32Array(3 * 1024) };
    const calibration = { kind: 'temperature', temperature: 1 } as const;
    const work = buildClassifier(resolved, { ...other, task: 'multi-class', calibration, thresholds: [] });
    await expect(work).rejects.toThrow(/1024 features/);
  });
});
