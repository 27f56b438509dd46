/** The input of a network: normalised numbers, or grey levels that the graph normalises. */
import type { Preprocessing } from '../images/model';
import { normalisations } from '../images/normalisation';
import { dataTypes } from '../onnx/schema';
import type { GraphBuilder, Value } from '../onnx/graphBuilder';

/**
 * Adds the input `image`, N × channels × size × size, and gives its normalised value. Grey levels become
 * (level / 255 − mean) / std in single precision, rounded after each step as torchvision's ToTensor and Normalize are,
 * and as `normalise` is: the order of the operations is that of theirs.
 */
export function addImageInput(
  graph: GraphBuilder,
  preprocessing: Preprocessing,
  channels: 1 | 3,
  bytes: boolean,
): Value {
  const { size } = preprocessing;
  const shape = ['N', channels, size, size];
  if (!bytes) return graph.input('image', 'float32', shape);
  const levels = graph.input('image', 'uint8', shape);
  const all = normalisations(preprocessing).slice(0, channels);
  const perChannel = (values: readonly number[], name: string): Value =>
    graph.constant(Float32Array.from(values), [1, channels, 1, 1], name);
  const mean = perChannel(
    all.map(({ mean }) => mean),
    'overread.mean',
  );
  const std = perChannel(
    all.map(({ std }) => std),
    'overread.std',
  );
  const numbers = graph.node('Cast', [levels], { to: dataTypes.float32 }, 'overread.levels');
  const scaled = graph.div(numbers, graph.scalar(255, 'overread.white'), 'overread.scaled');
  return graph.div(graph.sub(scaled, mean, 'overread.centred'), std, 'overread.normalised');
}
