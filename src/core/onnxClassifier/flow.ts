/** What depends on the image in a graph, and what is constant. */
import type { OnnxGraph, OnnxNode } from './model';

export interface Flow {
  /** The node that gives a value, by its place in the graph. */
  readonly producer: ReadonlyMap<string, number>;
  /** Values computed from the image's pixels; shapes of such values are none. */
  readonly fromImage: ReadonlySet<string>;
  /** Weights, and what is computed from nothing else (8-bit weights brought to float, transposed ones). */
  readonly constant: ReadonlySet<string>;
}

const random = new Set(['RandomNormal', 'RandomUniform', 'Bernoulli', 'Multinomial']);
const shapeOnly = new Set(['Shape', 'Size']);

/** Follows the image through the graph, in one pass. */
export function followImage(graph: OnnxGraph, image: string): Flow {
  const producer = new Map<string, number>();
  const fromImage = new Set([image]);
  const constant = new Set(graph.initialisers.map(({ name }) => name));
  for (const [i, node] of graph.nodes.entries()) {
    const reads = readsOf(node);
    const ofPixels = !shapeOnly.has(node.opType) && reads.some((name) => fromImage.has(name));
    const ofWeights =
      !random.has(node.opType) &&
      node.inputs.every((name) => name === '' || constant.has(name)) &&
      // A subgraph's own names are unknown here; a value from around it counts.
      node.captured.every((name) => constant.has(name) || !(producer.has(name) || name === image));
    for (const name of node.outputs) {
      if (name === '') continue;
      producer.set(name, i);
      if (ofPixels) fromImage.add(name);
      if (ofWeights) constant.add(name);
    }
  }
  return { producer, fromImage, constant };
}

/** All values that a node reads, those of its subgraphs too. */
export function readsOf(node: OnnxNode): readonly string[] {
  return node.captured.length === 0 ? node.inputs : [...node.inputs, ...node.captured];
}
