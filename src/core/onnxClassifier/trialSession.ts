/** A third-party network opened for a trial: shapes, vectors and maps of drawn images. */
import { Tensor, type InferenceSession } from '../onnx/nativeRuntime';
import { OverreadError } from '../base/errors';
import type { GraphBuilder } from '../onnx/graphBuilder';
import { openSession } from '../onnx/runtime';
import { unsuitableModel } from './refusal';
import { border, feed, flat, splice, type Classifier, type OneByOne } from './splice';

/** Dimensions that are asked for. */
const maxRank = 8;

export interface Runner {
  /** Of one image's vector and map; the map's is empty where there is none. */
  shapes(
    image: Float32Array,
  ): Promise<{ readonly vector: readonly number[]; readonly map: readonly number[] }>;
  /** count × dim */
  features(images: Float32Array, count: number, dim: number): Promise<Float32Array>;
  map(image: Float32Array, shape: readonly [number, number, number]): Promise<Float32Array>;
}

/**
 * Opens the network with what the trial asks for, and closes it again.
 * @throws OVR506 ONNX Runtime does not open or run it
 */
export async function withModel<T>(
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
    const into = { [name]: new Tensor('float32', data, [count, length]) };
    await session.run(feeds(images, count), into).catch((error: unknown) => {
      throw cannotRun(classifier, error);
    });
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
      return {
        vector: sides(found['vectorShape']),
        map: sides(found['mapShape']),
      };
    },
    features: (images, count, dim) => floats(images, count, 'vector', dim),
    map: (image, shape) => floats(image, 1, 'map', shape[0] * shape[1] * shape[2]),
  };
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

/** ONNX Runtime's message in one line. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof OverreadError ? error.cause : error;
  const text = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
