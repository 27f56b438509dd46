/** A whole classifier as one ONNX model: what `overread export` writes and any ONNX runtime can use alone. */
import { getArchitecture } from '../networks';
import { buildFeatures } from '../networks/build';
import { Network } from '../networks/network';
import { parametersOf } from '../networks/parameters';
import type { WeightsIdentity } from '../networks/model';
import { GraphBuilder, type Value } from '../onnx/graphBuilder';
import { openClassifier } from './onnxBackbone';
import { border, feed, flat, splice } from '../onnxClassifier/splice';
import type { NetworkWeights, OnnxWeights, ResolvedWeights } from '../weights/model';

/** The last layer with its calibration, as training yields it (`Head` in core/training). */
export interface ClassifierHead {
  readonly task: 'multi-class' | 'multi-label';
  readonly outputs: readonly string[];
  readonly dim: number;
  /** Row-major outputs × dim. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** softmax(logits / temperature), or sigmoid(slope · logit + intercept) per output. */
  readonly calibration:
    | { readonly kind: 'temperature'; readonly temperature: number }
    | { readonly kind: 'platt'; readonly slope: readonly number[]; readonly intercept: readonly number[] };
  readonly thresholds: readonly number[];
}

/** Entries of the metadata beside those that describe the model itself. */
type Described = Readonly<Record<string, string>>;

/**
 * Builds `model.onnx`. Input `image`: float32, N × 3 × size × size, RGB in [0, 1] (grey repeated), resized and
 * cropped as the metadata entry `preprocessing` says; mean and standard deviation are in the graph. Where the
 * backbone is an ONNX classifier of one channel it is N × 1 × size × size, grey in [0, 1]: colour turns grey before
 * the resize, which rounds, so it is no part of the graph. Outputs: `features` (N × dim), `logits` (N × outputs,
 * before calibration) and `probabilities` (calibrated).
 * Where the features of the run are of half precision, so is the network between them.
 * Metadata: `task`, `classes`, `thresholds`, `preprocessing`, `weights`, `weights_sha256`, `input`, and `operating_points` where
 * the project has targets.
 * @param described further entries
 * @throws OVR502 when the weights do not fit the architecture; OVR506 an ONNX classifier cannot be a backbone
 */
export async function buildClassifier(
  resolved: ResolvedWeights,
  head: ClassifierHead,
  described: Described = {},
): Promise<Uint8Array> {
  return resolved.kind === 'onnx'
    ? buildFromOnnx(resolved, head, described)
    : buildFromNetwork(resolved, head, described);
}

async function buildFromNetwork(
  resolved: NetworkWeights,
  head: ClassifierHead,
  described: Described,
): Promise<Uint8Array> {
  const { identity } = resolved;
  const architecture = getArchitecture(identity.architecture);
  const { size } = identity.preprocessing;
  const graph = new GraphBuilder(identity.name);
  const network = new Network(graph, parametersOf(await resolved.load(), identity.name));
  const image = graph.input('image', 'float32', ['N', 3, size, size]);
  const half = identity.precision === 'fp16';
  const normalised = normalise(graph, image, identity);
  const input = { value: half ? graph.toHalf(normalised) : normalised, channels: 3, size };
  const { vector } = buildFeatures(architecture, network, input, identity.truncate);
  addHead(graph, half ? graph.toSingle(vector.value) : vector.value, vector.channels, identity, head);
  describeAlso(graph, described);
  return graph.toModel();
}

/** The third-party network between our preprocessing and our last layer. Images go through as the network allows. */
async function buildFromOnnx(
  resolved: OnnxWeights,
  head: ClassifierHead,
  described: Described,
): Promise<Uint8Array> {
  const { identity } = resolved;
  const { channels, size } = identity.preprocessing;
  const { classifier, trial } = await openClassifier(resolved);
  return splice(classifier, false, trial.oneByOne && { ...trial.oneByOne, map: null }, (graph) => {
    const image = graph.input('image', 'float32', ['N', channels, size, size]);
    feed(graph, classifier, normalise(graph, image, identity));
    addHead(graph, flat(graph, border.vector, 'vector'), trial.featureSize, identity, head);
    describeAlso(graph, described);
  });
}

/** Features, the last layer and its calibration, and what describes them. */
function addHead(
  graph: GraphBuilder,
  vector: Value,
  featureSize: number,
  identity: WeightsIdentity,
  head: ClassifierHead,
): void {
  if (head.dim !== featureSize) {
    throw new Error(`The last layer takes ${head.dim} features, ${identity.name} gives ${featureSize}`);
  }
  graph.node('Identity', [vector], {}, 'features');
  const outputs = head.outputs.length;
  const weights = graph.constant(head.weights, [outputs, head.dim], 'head.weight');
  const bias = graph.constant(head.bias, [outputs], 'head.bias');
  const logits = graph.linear('features', weights, bias, 'logits');
  calibrate(graph, logits, head);
  graph.output('features', 'float32', ['N', head.dim]);
  graph.output('logits', 'float32', ['N', outputs]);
  graph.output('probabilities', 'float32', ['N', outputs]);
  describe(graph, identity, head);
}

/** (image − mean) / std per channel. */
export function normalise(graph: GraphBuilder, image: Value, { preprocessing }: WeightsIdentity): Value {
  const { mean, std, channels } = preprocessing;
  const mean4 = graph.constant(Float32Array.from(mean), [1, channels, 1, 1], 'preprocessing.mean');
  const std4 = graph.constant(Float32Array.from(std), [1, channels, 1, 1], 'preprocessing.std');
  return graph.div(graph.sub(image, mean4), std4, 'normalised');
}

function calibrate(graph: GraphBuilder, logits: Value, { calibration, outputs }: ClassifierHead): void {
  if (calibration.kind === 'temperature') {
    const scaled = graph.div(logits, graph.scalar(calibration.temperature, 'calibration.temperature'));
    graph.softmax(scaled, 1, 'probabilities');
    return;
  }
  const perOutput = (values: readonly number[], name: string) =>
    graph.constant(Float32Array.from(values), [1, outputs.length], `calibration.${name}`);
  const scaled = graph.mul(logits, perOutput(calibration.slope, 'slope'));
  graph.sigmoid(graph.add(scaled, perOutput(calibration.intercept, 'intercept')), 'probabilities');
}

const inputContract = {
  1: "image: float32 N x 1 x size x size, grey in [0, 1]; colour is made grey by Pillow's convert('L') before resizing",
  3: 'image: float32 N x 3 x size x size, RGB in [0, 1]',
} as const;

function describe(graph: GraphBuilder, identity: WeightsIdentity, head: ClassifierHead): void {
  graph.describe('task', head.task);
  graph.describe('classes', JSON.stringify(head.outputs));
  graph.describe('thresholds', JSON.stringify(head.thresholds));
  graph.describe('preprocessing', JSON.stringify(identity.preprocessing));
  graph.describe('input', inputContract[identity.preprocessing.channels]);
  graph.describe('weights', identity.name);
  graph.describe('weights_sha256', identity.sha256);
}

function describeAlso(graph: GraphBuilder, described: Described): void {
  for (const [key, value] of Object.entries(described)) graph.describe(key, value);
}
