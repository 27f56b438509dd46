/** A backbone as an ONNX file for any runtime: what `overread models export` writes. */
import { readFile } from 'node:fs/promises';
import { Tensor } from '../onnx/nativeRuntime';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { replaceFile, writeAndSync } from '../base/files';
import type { WorkOptions } from '../base/ports';
import { SplitMix32 } from '../base/random';
import { present } from '../base/present';
import { normalisations } from '../images/normalisation';
import { getArchitecture } from '../networks';
import { buildFeatures, costOfFeatures } from '../networks/build';
import { Network } from '../networks/network';
import { parametersOf } from '../networks/parameters';
import { buildBackbone } from './backbone';
import { normalise } from './classifier';
import { GraphBuilder } from '../onnx/graphBuilder';
import { openSession } from '../onnx/runtime';
import type { NetworkWeights } from '../weights/model';

export interface ExportedBackbone {
  readonly file: string;
  readonly bytes: number;
  readonly weights: string;
  readonly truncate: string | null;
  /** Side of the square input, px. */
  readonly size: number;
  readonly featureSize: number;
  /** Channels, height and width of the output `map`; null when it was not asked for. */
  readonly map: readonly [number, number, number] | null;
  /** The largest difference of a feature from Overread's own, relative to their root mean square. */
  readonly largestDifference: number;
}

/** Of the images that the file takes. */
const channels = 3;

/** The largest relative difference that counts as the same: rounding stays ten times below, a fault far above. */
const tolerance = 1e-3;

/**
 * Writes the feature extractor of weights, whole or cut as their identity says. Input `image`: float32, N × 3 ×
 * size × size, RGB in [0, 1] (grey repeated), resized and cropped as the metadata entry `preprocessing` says; mean
 * and standard deviation are in the graph, as in the model of a run. Outputs: `features` (N × featureSize) and, with
 * `map`, `map` (the last feature map). The file is read back and compared before it gets its name.
 * @throws OVR001 the image would be too small for the network; OVR502 the weights do not fit; OVR505 there is no
 * block to cut after; OVR802 the file does not give the features that Overread computes
 */
export async function exportBackbone(
  resolved: NetworkWeights,
  file: string,
  options: WorkOptions & { readonly map: boolean },
): Promise<ExportedBackbone> {
  refuseTooSmall(resolved);
  options.onProgress?.({ stage: 'build', done: 0 });
  const { identity } = resolved;
  const { size } = identity.preprocessing;
  const graph = new GraphBuilder(identity.name);
  const network = new Network(graph, parametersOf(await resolved.load(), identity.name));
  const input = graph.input('image', 'float32', ['N', channels, size, size]);
  const image = { value: normalise(graph, input, identity), channels, size };
  const { map, vector } = buildFeatures(
    getArchitecture(identity.architecture),
    network,
    image,
    identity.truncate,
  );
  graph.node('Identity', [vector.value], {}, 'features');
  graph.output('features', 'float32', ['N', vector.channels]);
  if (options.map) {
    graph.node('Identity', [map.value], {}, 'map');
    graph.output('map', 'float32', ['N', map.channels, map.size, map.size]);
  }
  describe(graph, resolved, vector.channels);
  const onnx = graph.toModel();
  let largestDifference = NaN;
  await replaceFile(file, async (temporary) => {
    await writeAndSync(temporary, onnx);
    options.onProgress?.({ stage: 'check', done: 0 });
    throwIfCancelled(options.signal);
    largestDifference = await compare(resolved, await readFile(temporary));
  });
  return {
    file,
    bytes: onnx.byteLength,
    weights: identity.name,
    truncate: identity.truncate,
    size,
    featureSize: vector.channels,
    map: options.map ? [map.channels, map.size, map.size] : null,
    largestDifference,
  };
}

function refuseTooSmall({ identity }: NetworkWeights): void {
  const { size } = identity.preprocessing;
  const { mapSize } = costOfFeatures(getArchitecture(identity.architecture), size, identity.truncate);
  if (mapSize >= 1) return;
  throw new OverreadError({
    code: 'OVR001',
    message: `Images of ${size} × ${size} pixels are too small for ${identity.architecture}: nothing is left of its last map`,
    fix: 'Give a larger --size, or cut the network earlier with --truncate',
  });
}

function describe(graph: GraphBuilder, { identity }: NetworkWeights, featureSize: number): void {
  graph.describe('preprocessing', JSON.stringify(identity.preprocessing));
  graph.describe('input', 'image: float32 N x 3 x size x size, RGB in [0, 1]');
  graph.describe('architecture', identity.architecture);
  graph.describe('truncate', identity.truncate ?? '');
  graph.describe('feature_size', String(featureSize));
  graph.describe('weights', identity.name);
  graph.describe('weights_sha256', identity.sha256);
  graph.describe('trained_on', identity.trainedOn ?? 'nothing: random weights');
}

/** Runs the file and the backbone that features are computed with on one seeded image. */
async function compare(resolved: NetworkWeights, onnx: Uint8Array): Promise<number> {
  const { preprocessing } = resolved.identity;
  const { size } = preprocessing;
  const random = new SplitMix32(0);
  const image = Float32Array.from({ length: channels * size * size }, () => random.uniform());
  const normalised = new Float32Array(image.length);
  for (const [channel, { mean, std }] of normalisations(preprocessing).entries()) {
    const start = channel * size * size;
    normalised.set(
      image.subarray(start, start + size * size).map((value) => (value - mean) / std),
      start,
    );
  }
  const shape = [1, channels, size, size];
  const found = await features(onnx, image, shape);
  const expected = await features((await buildBackbone(resolved, { channels })).onnx, normalised, shape);
  const largestDifference = relativeDifference(found, expected);
  if (largestDifference <= tolerance) return largestDifference;
  throw new OverreadError({
    code: 'OVR802',
    message: `The exported backbone differs from Overread's own by ${largestDifference.toExponential(1)} in a feature`,
    expected: `at most ${tolerance}, relative to the root mean square of the features`,
    fix: 'Report it, with the command',
  });
}

async function features(
  onnx: Uint8Array,
  image: Float32Array,
  shape: readonly number[],
): Promise<Float32Array> {
  const { session } = await openSession(onnx, 'cpu');
  try {
    const result = await session.run({ image: new Tensor('float32', image, shape) });
    return present(result['features'], 'the output features').data as Float32Array;
  } finally {
    await session.release();
  }
}

/** Infinity when a number is none: such a difference must fail. */
function relativeDifference(found: Float32Array, expected: Float32Array): number {
  let squares = 0;
  let largest = found.length === expected.length ? 0 : Infinity;
  for (const [i, value] of expected.entries()) {
    squares += value ** 2;
    const difference = Math.abs((found[i] ?? NaN) - value);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return largest === 0 ? 0 : largest / Math.sqrt(squares / expected.length);
}
