/**
 * Runs a stranger's network on two drawn images before anything is built on it. A graph says little for certain:
 * whether the vector is one vector, whether the batch is really free, whether the map's mean is the vector. The
 * numbers do.
 */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { OverreadError } from '../../base/errors';
import { SplitMix32 } from '../../base/random';
import type { Preprocessing } from '../../images/model';
import type { GraphBuilder } from '../onnx/graphBuilder';
import { openSession } from '../runtime';
import { describe } from './lastLinear';
import { unsuitableModel } from './refusal';
import { border, feed, flat, splice, type Classifier, type OneByOne } from './splice';

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
/** Dimensions that are asked for. */
const maxRank = 8;

/**
 * @throws OVR506 ONNX Runtime does not run it; it gives no vector for an image, or another one each time; images
 * can be run neither together nor one by one
 */
export async function tryOut(
  classifier: Classifier,
  { channels, size, mean, std }: Preprocessing,
): Promise<Trial> {
  const first = drawImage(channels, size, mean, std, 1);
  const second = drawImage(channels, size, mean, std, 2);
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
    for (let i = channel * area; i < (channel + 1) * area; i++) sum += pixels[i]!;
    return sum / area;
  });
  return alike(features, means);
}

interface Runner {
  shapes(image: Float32Array): Promise<{ readonly vector: readonly number[]; readonly map: readonly number[] }>;
  /** count × dim */
  features(images: Float32Array, count: number, dim: number): Promise<Float32Array>;
  map(image: Float32Array, shape: readonly [number, number, number]): Promise<Float32Array>;
}

/** Opens the network with what the trial asks for, and closes it again. */
async function withModel<T>(
  classifier: Classifier,
  oneByOne: OneByOne | null,
  channels: number,
  size: number,
  work: (run: Runner) => Promise<T>,
): Promise<T> {
  const withMap = oneByOne === null ? classifier.cut.map !== null : oneByOne.map !== null;
  const onnx = splice(classifier, withMap, oneByOne, (graph) => {
    const image = graph.input('image', 'float32', ['N', channels, size, size]);
    feed(graph, classifier, image);
    for (const value of withMap ? (['vector', 'map'] as const) : (['vector'] as const)) {
      flat(graph, border[value], value);
      graph.output(value, 'float32', ['N', `${value}Size`]);
      addShape(graph, border[value], `${value}Shape`);
    }
  });
  let session: InferenceSession;
  try {
    ({ session } = await openSession(onnx, 'cpu', undefined, { trial: true }));
  } catch (error) {
    throw cannotRun(classifier, error);
  }
  try {
    return await work(runner(classifier, session, withMap, channels, size));
  } finally {
    await session.release();
  }
}

/** The shape of a value as 8 numbers, those that it has not got as -1: results of known size only. */
function addShape(graph: GraphBuilder, value: string, name: string): void {
  const none = graph.int64s(new Array<number>(maxRank).fill(-1));
  const long = graph.concat([graph.node('Shape', [value]), none], 0);
  const first = graph.int64s(Array.from({ length: maxRank }, (_, i) => i));
  graph.node('Gather', [long, first], { axis: 0 }, name);
  graph.output(name, 'int64', [maxRank]);
}

function runner(
  classifier: Classifier,
  session: InferenceSession,
  withMap: boolean,
  channels: number,
  size: number,
): Runner {
  const feeds = (images: Float32Array, count: number) => ({
    image: new Tensor('float32', images, [count, channels, size, size]),
  });
  const floats = async (images: Float32Array, count: number, name: string, length: number) => {
    const data = new Float32Array(count * length);
    await session.run(feeds(images, count), { [name]: new Tensor('float32', data, [count, length]) });
    return data;
  };
  return {
    shapes: async (image) => {
      const shape = () => new Tensor('int64', new BigInt64Array(maxRank), [maxRank]);
      const wanted = withMap ? { vectorShape: shape(), mapShape: shape() } : { vectorShape: shape() };
      const found = await session.run(feeds(image, 1), wanted).catch((error: unknown) => {
        throw cannotRun(classifier, error);
      });
      const sides = (tensor: Tensor | undefined) =>
        Array.from((tensor?.data ?? []) as BigInt64Array, Number).filter((side) => side >= 0);
      return { vector: sides(found['vectorShape'] as Tensor), map: sides(found['mapShape'] as Tensor | undefined) };
    },
    features: (images, count, dim) => floats(images, count, 'vector', dim),
    map: (image, shape) => floats(image, 1, 'map', shape[0] * shape[1] * shape[2]),
  };
}

/** A map of as many channels as the vector has numbers. */
function mapShapeOf(shape: readonly number[], featureSize: number): Trial['map'] {
  const [batch, channels, height, width] = shape;
  if (shape.length !== 4 || batch !== 1 || channels !== featureSize) return null;
  return [channels, height!, width!];
}

/** Grey levels of noise over large squares, normalised: every channel of the network sees something. */
function drawImage(
  channels: number,
  size: number,
  mean: readonly number[],
  std: readonly number[],
  seed: number,
): Float32Array {
  const random = new SplitMix32(seed);
  const squares = 4;
  const coarse = Float64Array.from({ length: channels * squares ** 2 }, () => random.uniform());
  const image = new Float32Array(channels * size * size);
  for (let i = 0; i < image.length; i++) {
    const channel = Math.floor(i / size ** 2);
    const row = Math.floor((Math.floor(i / size) % size) * (squares / size));
    const column = Math.floor((i % size) * (squares / size));
    const level = 0.7 * coarse[(channel * squares + row) * squares + column]! + 0.3 * random.uniform();
    image[i] = (level - mean[channel]!) / std[channel]!;
  }
  return image;
}

function alike(expected: Float32Array, found: Float32Array): boolean {
  const square = expected.reduce((sum, value) => sum + value * value, 0) / expected.length;
  // All zero: nothing to be relative to.
  const allowed = tolerance * Math.max(Math.sqrt(square), 1e-20);
  return expected.every((value, i) => Math.abs(value - found[i]!) <= allowed);
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

function cannotRun({ model }: Classifier, error: unknown) {
  return unsuitableModel(
    model.file,
    `ONNX Runtime does not run it (${reasonOf(error)})`,
    'a model that onnxruntime.InferenceSession runs on the CPU',
    'Run it there first; a newer Overread has a newer ONNX Runtime',
    error,
  );
}

function reasonOf(error: unknown): string {
  const cause = error instanceof OverreadError ? error.cause : error;
  const text = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
