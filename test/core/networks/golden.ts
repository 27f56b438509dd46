/** Drawn weights and images as test/golden/models.py draws them, and the values that timm computed from them. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { getArchitecture } from '../../../src/core/networks';
import { expectedTensors } from '../../../src/core/networks/build';
import type { StateDict, Tensor as Weight, WeightsIdentity } from '../../../src/core/networks/model';
import { tensorGenerator } from '../../../src/core/weights/random';
import type { NetworkWeights, ResolvedWeights } from '../../../src/core/weights/model';

export const goldenFolder = path.join(__dirname, '..', '..', 'golden', 'values', 'models');

export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(path.join(goldenFolder, `${name}.json`), 'utf8'));
}

/** float32 numbers from base64. */
export function decodeFloats(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}

/** What test/golden/models.py writes for an architecture. */
export interface ArchitectureGolden {
  readonly seed: number;
  /** Factors of weights drawn with variance 1 / fan-in. */
  readonly gains: Readonly<Record<string, number>>;
  /** Its own size first. */
  readonly cases: readonly {
    image: string;
    size: number;
    features: string;
    logits: string;
  }[];
  /** The global average pool after some blocks, for the image of the second case. */
  readonly truncations: readonly { block: string; features: string }[];
}

export function readArchitectureGolden(architecture: string): ArchitectureGolden {
  return readGolden(architecture) as ArchitectureGolden;
}

let latest: { readonly key: string; readonly state: StateDict } | undefined;

/** Drawn weights, not to be written to; the latest are kept, and no more of them: VGG's take half a gigabyte. */
export function drawGoldenWeights(architecture: string, seed: number): StateDict {
  const key = `${architecture} ${seed}`;
  if (latest?.key !== key) {
    latest = undefined;
    latest = { key, state: draw(architecture, seed) };
  }
  return latest.state;
}

function draw(architecture: string, seed: number): StateDict {
  const { gains } = readArchitectureGolden(architecture);
  const state = new Map<string, Weight>();
  for (const { name, shape, role } of expectedTensors(getArchitecture(architecture))) {
    const random = tensorGenerator(name, seed);
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const fanIn = shape.slice(1).reduce((product, size) => product * size, 1);
    const limit = Math.sqrt(3 / fanIn) * (gains[name] ?? NaN);
    const next = {
      normWeight: () => 0.75 + 0.5 * random.uniform(),
      normVariance: () => 0.75 + 0.5 * random.uniform(),
      normMean: () => 0.2 * random.normal(),
      normBias: () => 0.2 * random.normal(),
      bias: () => 0.2 * random.normal(),
      weight: undefined,
    }[role];
    // Nearly all of the numbers, in a loop of their own: one that calls whatever it is given takes three times as long.
    if (!next) for (let i = 0; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * limit;
    else for (let i = 0; i < data.length; i++) data[i] = next();
    state.set(name, { shape, data });
  }
  return state;
}

/** 3 × size × size. */
export function drawGoldenImage(name: string, size: number, seed: number): Float32Array {
  const coarseDraws = tensorGenerator(`${name}.coarse`, seed);
  const coarse = Array.from({ length: 3 * 64 }, () => coarseDraws.normal());
  const fine = tensorGenerator(`${name}.fine`, seed);
  const image = new Float32Array(3 * size * size);
  const cell = (at: number) => Math.floor((at * 8) / size);
  for (let channel = 0, i = 0; channel < 3; channel++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        image[i++] = coarse[channel * 64 + cell(y) * 8 + cell(x)]! + 0.3 * fine.normal();
      }
    }
  }
  return image;
}

/** Weights that are there already, for images of any size and with any constants. */
export function resolvedFrom(
  architecture: string,
  state: StateDict,
  preprocessing: Partial<WeightsIdentity['preprocessing']> = {},
): NetworkWeights {
  const identity: WeightsIdentity = {
    architecture,
    name: `${architecture}.golden`,
    sha256: '0'.repeat(64),
    preprocessing: {
      ...getArchitecture(architecture).preprocessing,
      ...preprocessing,
    },
    trainedOn: null,
    source: 'random',
    truncate: null,
  };
  return {
    kind: 'network',
    identity,
    notes: [],
    load: () => Promise.resolve(state),
  };
}

/** A model that can be run again and again. */
export interface OpenModel {
  /** Runs it on images of one size, N × channels × size × size; gives every output. */
  run(images: Float32Array, size: number, channels?: 1 | 3): Promise<Record<string, Float32Array>>;
  close(): Promise<void>;
}

/**
 * @param optimised as the product opens it, where the runtime lays out the weights anew, which takes most of the time for a big
 *   network; otherwise the graph is run nearly as it is
 */
export async function openModel(onnx: Uint8Array, { optimised = true } = {}): Promise<OpenModel> {
  const session = await InferenceSession.create(onnx, {
    graphOptimizationLevel: optimised ? 'all' : 'basic',
    // One image or two: more threads than one wait for each other longer than they work.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    ...(optimised ? {} : { extra: { session: { disable_prepacking: '1' } } }),
  });
  return {
    run: async (images, size, channels = 3) => {
      const count = images.length / (channels * size * size);
      const result = await session.run({
        image: new Tensor('float32', images, [count, channels, size, size]),
      });
      const outputs = Object.entries(result).map(
        ([name, tensor]) => [name, tensor.data as Float32Array] as const,
      );
      return Object.fromEntries(outputs);
    },
    close: () => session.release(),
  };
}

/** Runs a model once. */
export async function runModel(
  onnx: Uint8Array,
  images: Float32Array,
  size: number,
  channels: 1 | 3 = 3,
  options: { readonly optimised?: boolean } = {},
): Promise<Record<string, Float32Array>> {
  const model = await openModel(onnx, options);
  const outputs = await model.run(images, size, channels);
  await model.close();
  return outputs;
}

/** The largest difference, relative to the reference's root mean square. NaN when a length or number is off. */
export function relativeDifference(found: Float32Array, reference: Float32Array): number {
  if (found.length !== reference.length) return NaN;
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < reference.length; i++) {
    squares += reference[i]! ** 2;
    const difference = Math.abs(found[i]! - reference[i]!);
    if (Number.isNaN(difference)) return NaN;
    largest = Math.max(largest, difference);
  }
  return largest / Math.sqrt(squares / reference.length);
}

/** The tensors of weights that must be those of an architecture. */
export function loadState(resolved: ResolvedWeights): Promise<StateDict> {
  if (resolved.kind === 'network') return resolved.load();
  throw new Error(`${resolved.identity.name} is an ONNX classifier`);
}
