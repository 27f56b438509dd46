/** What is checked of every architecture, against the values that the reference implementation computed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getArchitecture } from '../../src/core/networks';
import { buildBackbone } from '../../src/core/backbones/backbone';
import { buildClassifier } from '../../src/core/backbones/classifier';
import type { WeightsIdentity } from '../../src/core/networks/model';
import { decodeModel } from '../../src/core/onnx/schema';
import type { NetworkWeights } from '../../src/core/weights/model';
import {
  decodeFloats,
  drawGoldenImage,
  drawGoldenWeights,
  openModel,
  readArchitectureGolden,
  relativeDifference,
  resolvedFrom,
  runModel,
  type OpenModel,
} from '../core/networks/golden';

/** Equality with the reference, relative to the root mean square. */
const tolerance = 1e-4;

const imageNetMeans = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const equalMeans = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

/** The image as it is: the golden images are drawn normalised. */
const asDrawn = { mean: [0, 0, 0], std: [1, 1, 1] };

/** Declares the tests of one architecture. Weights are drawn inside the tests: VGG's take half a gigabyte. */
export function checkArchitecture(name: string): void {
  describe(name, () => {
    const golden = readArchitectureGolden(name);
    const architecture = getArchitecture(name);
    const second = golden.cases[1]!;
    // Half a gigabyte of weights, nearly all of them after the last cut.
    const huge = architecture.family === 'VGG';
    const resolve = (preprocessing: Partial<WeightsIdentity['preprocessing']>, truncate?: string) => {
      const resolved = resolvedFrom(name, drawGoldenWeights(name, golden.seed), preprocessing);
      return truncate === undefined
        ? resolved
        : { ...resolved, identity: { ...resolved.identity, truncate } };
    };
    const imageOf = (image: string, size: number) => drawGoldenImage(image, size, golden.seed);

    it('has golden values at its own size and at another', () => {
      expect(golden.cases[0]!.size).toBe(architecture.preprocessing.size);
      expect(second.size).not.toBe(architecture.preprocessing.size);
    });

    const differsFrom = (found: Float32Array | undefined, values: string) =>
      relativeDifference(found!, decodeFloats(values));

    // At its own size as the product opens it.
    it.each(golden.cases.filter((one) => one !== second))(
      'equals the reference at $size pixels',
      async ({ image, size, features, logits }) => {
        const classifier = await buildClassifier(resolve({ ...asDrawn, size }), ownHead(name));
        const optimised = size === architecture.preprocessing.size;
        const whole = await runModel(classifier, imageOf(image, size), size, 3, { optimised });
        expect(differsFrom(whole['features'], features)).toBeLessThan(tolerance);
        expect(differsFrom(whole['logits'], logits)).toBeLessThan(tolerance);
      },
    );

    describe(`at ${second.size} pixels`, () => {
      const { size } = second;
      // Built and opened once: most of the time of a big network goes there.
      let whole: OpenModel;
      let norms: readonly (string | undefined)[];
      beforeAll(async () => {
        const classifier = await buildClassifier(resolve({ ...asDrawn, size }), ownHead(name));
        norms = producersOfNorms(classifier);
        whole = await openModel(classifier, { optimised: !huge });
      });
      afterAll(() => whole.close());

      it('equals the reference, and gives every image of a batch its own features', async () => {
        const images = [second.image, 'other'].map((image) => imageOf(image, size));
        const batch = Float32Array.from([...images[0]!, ...images[1]!]);
        const { features, logits } = await whole.run(batch, size);
        const dim = architecture.featureSize;
        expect(differsFrom(features!.slice(0, dim), second.features)).toBeLessThan(tolerance);
        expect(differsFrom(logits!.slice(0, architecture.classes), second.logits)).toBeLessThan(tolerance);
        const alone = (await whole.run(images[1]!, size))['features']!;
        expect(relativeDifference(features!.slice(dim), alone)).toBeLessThan(1e-5);
        expect(differsFrom(alone, second.features)).toBeGreaterThan(1e-2);
      });

      // The huge ones do where they are cut, below.
      if (!huge)
        it('takes a grey image in one channel, with the means of ImageNet', async () => {
          await compareGrey(whole, resolve({ size, ...imageNetMeans }), imageOf('grey', size));
        });

      it('leaves no BatchNorm behind a convolution to the runtime', () => {
        for (const before of norms) expect(['Concat', 'MaxPool', 'AveragePool']).toContain(before);
      });
    });

    it('equals the reference where it is cut, and takes a grey image there', async () => {
      const { size } = second;
      expect(golden.truncations.length).toBeGreaterThanOrEqual(2);
      const image = imageOf(second.image, size);
      for (const [at, { block, features }] of golden.truncations.entries()) {
        const cut = await openModel((await buildBackbone(resolve({ size }, block))).onnx, {
          optimised: false,
        });
        expect(differsFrom((await cut.run(image, size))['features'], features), block).toBeLessThan(
          tolerance,
        );
        // Only the first convolution knows of it, which all cuts have.
        const constants = huge ? [equalMeans, imageNetMeans] : [equalMeans];
        for (const means of at === 0 ? constants : [])
          await compareGrey(cut, resolve({ size, ...means }, block), imageOf('grey', size));
        await cut.close();
      }
    });
  });
}

/** The network's own last layer as a head without calibration. */
function ownHead(name: string) {
  const architecture = getArchitecture(name);
  const state = drawGoldenWeights(name, readArchitectureGolden(name).seed);
  return {
    task: 'multi-class',
    outputs: Array.from({ length: architecture.classes }, (_, i) => `class ${i}`),
    dim: architecture.featureSize,
    weights: state.get(`${architecture.classifier}.weight`)!.data,
    bias: state.get(`${architecture.classifier}.bias`)!.data,
    calibration: { kind: 'temperature', temperature: 1 },
    thresholds: [],
  } as const;
}

/** What runs before each BatchNorm of the graph. */
function producersOfNorms(onnx: Uint8Array): readonly (string | undefined)[] {
  const { graph } = decodeModel(onnx);
  const producers = new Map(graph.node.map((node) => [node.output[0]!, node]));
  const norms = graph.node.filter((node) => node.opType === 'BatchNormalization');
  return norms.map((norm) => producers.get(norm.input[0]!)?.opType);
}

/**
 * One channel of grey through the folded network, and the same image three times through the whole one, which knows
 * nothing of the constants: they are in its input.
 */
async function compareGrey(whole: OpenModel, resolved: NetworkWeights, drawn: Float32Array): Promise<void> {
  const { size, mean, std } = resolved.identity.preprocessing;
  const plane = size * size;
  // Grey levels near [0, 1], as an image has them before it is normalised.
  const grey = drawn.subarray(0, plane).map((value) => 0.5 + 0.2 * value);
  const normalise = (channel: number) => grey.map((value) => (value - mean[channel]!) / std[channel]!);
  const three = new Float32Array(3 * plane);
  for (const channel of [0, 1, 2]) three.set(normalise(channel), channel * plane);
  const reference = (await whole.run(three, size))['features']!;
  const folded = await buildBackbone(resolved, { channels: 1 });
  const found = await runModel(folded.onnx, normalise(0), size, 1, { optimised: false });
  expect(folded.channels).toBe(1);
  expect(folded.featureSize).toBe(reference.length);
  expect(relativeDifference(found['features']!, reference)).toBeLessThan(1e-5);
}
