/**
 * Runs a third-party network on two drawn images before anything is built on it. A graph says little for certain:
 * whether the vector is one vector, whether the batch is really free, whether the map's mean is the vector. The
 * numbers do.
 */
import { SplitMix32 } from '../base/random';
import { present } from '../base/present';
import type { Preprocessing } from '../images/model';
import { normalisations } from '../images/normalisation';
import { describe } from './lastLinear';
import { unsuitableModel } from './refusal';
import type { Classifier, OneByOne } from './splice';
import { reasonOf, withModel, type Runner } from './trialSession';

/** What the trial has shown. */
export interface Trial {
  readonly featureSize: number;
  /** channels × height × width of the map whose mean over the pixels is the vector; null: there is none. */
  readonly map: readonly [number, number, number] | null;
  /** Set when images must go through one by one. */
  readonly oneByOne: OneByOne | null;
}

/** Differences of one feature, relative to the root mean square of all, that count as rounding. */
const tolerance = 1e-4;

/**
 * @throws OVR506 ONNX Runtime does not run it; it gives no vector for an image, or another one each time; images
 * can be run neither together nor one by one
 */
export async function tryOut(classifier: Classifier, preprocessing: Preprocessing): Promise<Trial> {
  const { channels, size } = preprocessing;
  const first = drawImage(preprocessing, 1);
  const second = drawImage(preprocessing, 2);
  const withOne = <T>(oneByOne: OneByOne | null, work: (run: Runner) => Promise<T>) =>
    withModel(classifier, oneByOne, channels, size, work);
  const together = await withOne(null, async (run) => {
    const shapes = await run.shapes(first);
    const sides = shapes.vector.slice(1).filter((side) => side !== 1);
    if (shapes.vector[0] !== 1 || sides.length > 1) throw noVector(classifier, shapes.vector);
    const featureSize = sides[0] ?? 1;
    const map = mapShapeOf(shapes.map, featureSize);
    return { featureSize, map, ...(await compare(classifier, run, first, second, featureSize, map)) };
  });
  const { featureSize } = together;
  const map = together.pooled ? together.map : null;
  if (together.batch) return { featureSize, map, oneByOne: null };
  const oneByOne = { channels, size, map };
  const each = await withOne(oneByOne, (run) => compare(classifier, run, first, second, featureSize, null));
  if (each.batch) return { featureSize, map, oneByOne };
  throw unsuitableModel(
    classifier.model.file,
    `images give other features together than alone (${each.reason})`,
    'features of an image that do not depend on the images beside it',
    'Export it in evaluation mode and with a free batch (torch.onnx.export: dynamic_axes, dynamic_shapes)',
  );
}

interface Compared {
  /** Whether images give the same features together as alone. */
  readonly batch: boolean;
  /** Why not. */
  readonly reason: string;
  /** Whether the vector is the mean of the map's pixels. */
  readonly pooled: boolean;
}

async function compare(
  { model }: Classifier,
  run: Runner,
  first: Float32Array,
  second: Float32Array,
  dim: number,
  map: Trial['map'],
): Promise<Compared> {
  const alone = [await run.features(first, 1, dim), await run.features(second, 1, dim)] as const;
  const again = await run.features(first, 1, dim);
  if (!alone.every((features) => features.every(Number.isFinite))) {
    throw unsuitableModel(
      model.file,
      'its features of a drawn image are not finite numbers',
      'finite numbers',
      'Check model.input in overread.yaml: range, mean and std as the network was trained with',
    );
  }
  if (!alike(alone[0], again)) {
    throw unsuitableModel(
      model.file,
      'it gives other features each time for the same image, as dropout in training mode does',
      'a network in evaluation mode',
      'Export it after model.eval()',
    );
  }
  const pooled = map !== null && (await isMean(run, first, alone[0], map));
  try {
    const both = await run.features(join(first, second), 2, dim);
    const batch = alike(join(...alone), both);
    return { batch, reason: batch ? '' : 'the numbers differ', pooled };
  } catch (error) {
    return { batch: false, reason: reasonOf(error), pooled };
  }
}

async function isMean(
  run: Runner,
  image: Float32Array,
  features: Float32Array,
  map: readonly [number, number, number],
): Promise<boolean> {
  const [channels, height, width] = map;
  const pixels = await run.map(image, map);
  const area = height * width;
  const means = Float32Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (const pixel of pixels.subarray(channel * area, (channel + 1) * area)) sum += pixel;
    return sum / area;
  });
  return alike(features, means);
}

/** A map of as many channels as the vector has numbers. */
function mapShapeOf(shape: readonly number[], featureSize: number): Trial['map'] {
  const [batch, channels, height, width] = shape;
  if (shape.length !== 4 || batch !== 1 || channels !== featureSize) return null;
  return height === undefined || width === undefined ? null : [channels, height, width];
}

/** Grey levels of noise over large squares, normalised: every channel of the network sees something. */
function drawImage(preprocessing: Preprocessing, seed: number): Float32Array {
  const { channels, size } = preprocessing;
  const random = new SplitMix32(seed);
  const squares = 4;
  const coarse = Float64Array.from({ length: channels * squares ** 2 }, () => random.uniform());
  const image = new Float32Array(channels * size * size);
  const normalised = normalisations(preprocessing);
  for (let i = 0; i < image.length; i++) {
    const channel = Math.floor(i / size ** 2);
    const row = Math.floor((Math.floor(i / size) % size) * (squares / size));
    const column = Math.floor((i % size) * (squares / size));
    const square = present(coarse[(channel * squares + row) * squares + column], 'the square');
    const { mean, std } = present(normalised[channel], 'the channel');
    image[i] = (0.7 * square + 0.3 * random.uniform() - mean) / std;
  }
  return image;
}

function alike(expected: Float32Array, found: Float32Array): boolean {
  const square = expected.reduce((sum, value) => sum + value * value, 0) / expected.length;
  // All zero: nothing to be relative to.
  const allowed = tolerance * Math.max(Math.sqrt(square), 1e-20);
  return expected.every((value, i) => Math.abs(value - (found[i] ?? NaN)) <= allowed);
}

function join(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function noVector({ model, cut }: Classifier, shape: readonly number[]) {
  return unsuitableModel(
    model.file,
    `its last linear layer, ${describe(cut.layer)}, takes ${shape.join(' × ')} for one image, which is no vector`,
    'one vector of features for an image, as classifiers have; segmentation networks have one for every pixel',
    'Take a classifier',
  );
}
