/** A whole classifier as one ONNX model: what `overread export` writes and any ONNX runtime can use alone. */
import { getArchitecture } from './architectures';
import { buildFeatures } from './architectures/build';
import { Network } from './architectures/network';
import { parametersOf } from './architectures/parameters';
import type { WeightsIdentity } from './model';
import { GraphBuilder, type Value } from './onnx/graphBuilder';
import type { ResolvedWeights } from './weights/model';

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

/**
 * Builds `model.onnx`. Input `image`: float32, N × 3 × size × size, RGB in [0, 1] (grey repeated), resized and
 * cropped as the metadata entry `preprocessing` says; mean and standard deviation are in the graph. Outputs:
 * `features` (N × dim), `logits` (N × outputs, before calibration) and `probabilities` (calibrated).
 * Metadata: `task`, `classes`, `thresholds`, `preprocessing`, `weights`, `weights_sha256`, `input`.
 * @throws OVR502 when the weights do not fit the architecture
 */
export async function buildClassifier(resolved: ResolvedWeights, head: ClassifierHead): Promise<Uint8Array> {
  if (resolved.kind === 'onnx') throw new Error('ONNX classifiers are not built here yet');
  const { identity } = resolved;
  const architecture = getArchitecture(identity.architecture);
  const { size } = identity.preprocessing;
  const graph = new GraphBuilder(identity.name);
  const network = new Network(graph, parametersOf(await resolved.load(), identity.name));
  const image = graph.input('image', 'float32', ['N', 3, size, size]);
  const normalised = { value: normalise(graph, image, identity), channels: 3, size };
  const { vector } = buildFeatures(architecture, network, normalised, identity.truncate);
  if (head.dim !== vector.channels) {
    throw new Error(`The last layer takes ${head.dim} features, ${identity.name} gives ${vector.channels}`);
  }
  graph.node('Identity', [vector.value], {}, 'features');
  const outputs = head.outputs.length;
  const weights = graph.constant(head.weights, [outputs, head.dim], 'head.weight');
  const logits = graph.linear(
    'features',
    weights,
    graph.constant(head.bias, [outputs], 'head.bias'),
    'logits',
  );
  calibrate(graph, logits, head);
  graph.output('features', 'float32', ['N', head.dim]);
  graph.output('logits', 'float32', ['N', outputs]);
  graph.output('probabilities', 'float32', ['N', outputs]);
  describe(graph, identity, head);
  return graph.toModel();
}

/** (image − mean) / std per channel. */
export function normalise(graph: GraphBuilder, image: Value, { preprocessing }: WeightsIdentity): Value {
  const { mean, std } = preprocessing;
  const shape = [1, mean.length, 1, 1];
  const mean4 = graph.constant(Float32Array.from(mean), shape, 'preprocessing.mean');
  const std4 = graph.constant(Float32Array.from(std), shape, 'preprocessing.std');
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

function describe(graph: GraphBuilder, identity: WeightsIdentity, head: ClassifierHead): void {
  graph.describe('task', head.task);
  graph.describe('classes', JSON.stringify(head.outputs));
  graph.describe('thresholds', JSON.stringify(head.thresholds));
  graph.describe('preprocessing', JSON.stringify(identity.preprocessing));
  graph.describe('input', 'image: float32 N x 3 x size x size, RGB in [0, 1]');
  graph.describe('weights', identity.name);
  graph.describe('weights_sha256', identity.sha256);
}
