import { describe, expect, it } from 'vitest';
import {
  architectureNames,
  defaultArchitecture,
  getArchitecture,
} from '../../../src/core/models/architectures';
import { expectedTensors } from '../../../src/core/models/architectures/build';
import { buildBackbone } from '../../../src/core/models/backbone';
import { buildClassifier } from '../../../src/core/models/classifier';
import { decodeModel } from '../../../src/core/models/onnx/schema';
import {
  decodeFloats,
  drawGoldenImage,
  drawGoldenWeights,
  readGolden,
  relativeDifference,
  resolvedFrom,
  runModel,
} from './golden';

interface Golden {
  readonly seed: number;
  readonly cases: readonly { image: string; size: number; features: string; logits: string }[];
}

describe.each(architectureNames)('%s', (name) => {
  const golden = readGolden(name) as Golden;
  const state = drawGoldenWeights(name, golden.seed);
  const architecture = getArchitecture(name);

  it.each(golden.cases)('equals timm at $size pixels', async ({ image, size, features, logits }) => {
    const reference = decodeFloats(features);
    const input = drawGoldenImage(image, size, golden.seed);
    const resolved = resolvedFrom(name, state, { size, mean: [0, 0, 0], std: [1, 1, 1] });
    const backbone = await buildBackbone(resolved);
    expect(backbone.featureSize).toBe(reference.length);
    const found = await runModel(backbone.onnx, input, size);
    expect(relativeDifference(found['features']!, reference)).toBeLessThan(1e-4);

    const outputs = Array.from({ length: architecture.classes }, (_, i) => `class ${i}`);
    const classifier = await buildClassifier(resolved, {
      task: 'multi-class',
      outputs,
      dim: architecture.featureSize,
      weights: state.get(`${architecture.classifier}.weight`)!.data,
      bias: state.get(`${architecture.classifier}.bias`)!.data,
      calibration: { kind: 'temperature', temperature: 1 },
      thresholds: [],
    });
    const whole = await runModel(classifier, input, size);
    expect(relativeDifference(whole['logits']!, decodeFloats(logits))).toBeLessThan(1e-4);
    expect(relativeDifference(whole['features']!, reference)).toBeLessThan(1e-4);
  });

  it('gives every image of a batch its own features', async () => {
    const size = golden.cases[1]!.size;
    const images = ['image1', 'other'].map((image) => drawGoldenImage(image, size, golden.seed));
    const backbone = await buildBackbone(resolvedFrom(name, state, { size }));
    const batch = Float32Array.from([...images[0]!, ...images[1]!]);
    const together = (await runModel(backbone.onnx, batch, size))['features']!;
    const reference = decodeFloats(golden.cases[1]!.features);
    const dim = reference.length;
    expect(relativeDifference(together.slice(0, dim), reference)).toBeLessThan(1e-4);
    const second = (await runModel(backbone.onnx, images[1]!, size))['features']!;
    expect(relativeDifference(together.slice(dim), second)).toBeLessThan(1e-5);
    expect(relativeDifference(second, reference)).toBeGreaterThan(1e-2);
  });

  it('names what is missing or misshapen in the weights', async () => {
    const first = expectedTensors(architecture)[0]!;
    const without = new Map([...state].filter(([key]) => key !== first.name));
    await expect(buildBackbone(resolvedFrom(name, without))).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringContaining(first.name) as string,
    });
    const misshapen = new Map(state).set(first.name, { shape: [1], data: new Float32Array(1) });
    await expect(buildBackbone(resolvedFrom(name, misshapen))).rejects.toMatchObject({
      code: 'OVR502',
      expected: expect.stringContaining(first.shape.join(', ')) as string,
    });
  });

  it('leaves no BatchNorm behind a convolution to the runtime', async () => {
    const { graph } = decodeModel((await buildBackbone(resolvedFrom(name, state))).onnx);
    const producers = new Map(graph.node.map((node) => [node.output[0]!, node]));
    const norms = graph.node.filter((node) => node.opType === 'BatchNormalization');
    for (const norm of norms) {
      const before = producers.get(norm.input[0]!);
      expect(['Concat', 'MaxPool', 'AveragePool']).toContain(before?.opType);
    }
  });
});

describe('registry', () => {
  it('has the default and suggests the nearest name', () => {
    expect(architectureNames).toContain(defaultArchitecture);
    expect(() => getArchitecture('densnet121')).toThrow(
      expect.objectContaining({ code: 'OVR500', fix: 'Did you mean "densenet121"?' }) as Error,
    );
  });

  it('has as many parameters as timm says', () => {
    const count = (name: string) =>
      expectedTensors(getArchitecture(name))
        .filter(({ role }) => role !== 'normMean' && role !== 'normVariance')
        .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count('densenet121')).toBe(7_978_856);
    expect(count('tf_efficientnet_lite0')).toBe(4_652_008);
  });
});
