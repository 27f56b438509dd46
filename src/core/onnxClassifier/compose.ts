/**
 * Writes a new model around a part of a third-party one: our nodes before it, its own up to the cut, our nodes after.
 * Its nodes and weights are copied byte by byte (names apart), so that nothing that we do not know is lost; what
 * no longer contributes is left out.
 */
import type { GraphBuilder } from '../onnx/graphBuilder';
import {
  annotationFields,
  attributeFields,
  graphFields,
  modelFields,
  nodeFields,
  tensorFields,
  valueFields,
} from './fields';
import { readsOf } from './flow';
import type { OnnxGraph, OnnxModel, OnnxNode } from './model';
import { readOnnx } from './read';
import { renameInNode, renameMessage, renameSparse, type Renaming } from './rename';
import { delimited, joinPieces, numberField, readFields, textField, type Pieces } from './wire';

/** A part of a graph as the fields of a GraphProto. */
export interface Part {
  readonly nodes: readonly Pieces[];
  /** Everything else but inputs and outputs. */
  readonly others: readonly Pieces[];
}

/** The names under which our nodes know the third-party values: its old name by the new one. */
export type Boundary = ReadonlyMap<string, string>;

/** Weights have been no inputs, and constants for the runtime, since IR version 4. */
const oldestIr = 4;

/**
 * The third-party nodes that the values at the boundary need.
 * @param boundary new names by the model's own
 * @param taken names that are ours
 */
export function partOf(
  { graph }: OnnxModel,
  boundary: Boundary,
  taken: ReadonlySet<string>,
  keepShapes: boolean,
): Part {
  const nodes = neededNodes(graph, new Set(boundary.keys()));
  const used = new Set(nodes.flatMap((node) => [...readsOf(node), ...node.outputs]));
  const renaming = new Map(boundary);
  for (const name of graph.names) {
    if (taken.has(name) && !renaming.has(name)) renaming.set(name, unused(name, taken, graph.names));
  }
  const others: Pieces[] = graph.rest.map((bytes) => [bytes]);
  for (const { name, bytes, sparse } of graph.initialisers) {
    if (!used.has(name)) continue;
    others.push(
      sparse
        ? delimited(graphFields.sparseInitialiser, renameSparse(bytes, renaming))
        : delimited(graphFields.initialiser, renameMessage(bytes, tensorFields.name, renaming)),
    );
  }
  const kept = <T extends { readonly name: string }>(list: readonly T[]) =>
    list.filter(({ name }) => used.has(name));
  for (const { bytes } of kept(graph.annotations)) {
    const id = annotationFields.tensorName;
    others.push(delimited(graphFields.annotation, renameMessage(bytes, id, renaming)));
  }
  for (const { bytes } of keepShapes ? kept(graph.valueInfo) : []) {
    others.push(delimited(graphFields.valueInfo, renameMessage(bytes, valueFields.name, renaming)));
  }
  return { nodes: nodes.map(({ bytes }) => nodeField(bytes, renaming)), others };
}

function nodeField(bytes: Uint8Array, renaming: Renaming): Pieces {
  return delimited(graphFields.node, renameInNode(bytes, renaming));
}

function neededNodes({ nodes }: OnnxGraph, wanted: Set<string>): readonly OnnxNode[] {
  const needed: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    needed.push(node);
    for (const name of readsOf(node)) wanted.add(name);
  }
  return needed.reverse();
}

function unused(name: string, taken: ReadonlySet<string>, names: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const candidate = `${name}.original${number}`;
    if (!taken.has(candidate) && !names.has(candidate)) return candidate;
  }
}

/** What we built around a third-party part. */
export interface Ours {
  /** Nodes up to the one that feeds the third-party part, and those behind it. */
  readonly before: readonly Pieces[];
  readonly after: readonly Pieces[];
  readonly others: readonly Pieces[];
  readonly inputs: Pieces;
  readonly outputs: Pieces;
  readonly metadata: OnnxModel['metadata'];
  readonly names: ReadonlySet<string>;
}

/**
 * @param feeds the value that the third-party part takes
 * @param given the values that it gives, which the builder knows as inputs
 */
export function oursFrom(builder: GraphBuilder, feeds: string, given: readonly string[]): Ours {
  const { graph, metadata } = readOnnx(builder.toModel(), 'overread');
  const split = 1 + graph.nodes.findIndex(({ outputs }) => outputs.includes(feeds));
  const fields = (id: number, list: readonly { readonly bytes: Uint8Array }[]) =>
    list.map(({ bytes }) => delimited(id, [bytes]));
  // ONNX Runtime refuses two nodes of one name, and a third-party model's may have any: ours have none.
  const nodes = graph.nodes.map(({ bytes }) => delimited(graphFields.node, withoutName(bytes)));
  return {
    before: nodes.slice(0, split),
    after: nodes.slice(split),
    others: fields(graphFields.initialiser, graph.initialisers),
    inputs: fields(
      graphFields.input,
      graph.inputs.filter(({ name }) => !given.includes(name)),
    ).flat(),
    outputs: fields(graphFields.output, graph.outputs).flat(),
    metadata,
    names: graph.names,
  };
}

function withoutName(node: Uint8Array): Pieces {
  return [...readFields(node)].filter(({ id }) => id !== nodeFields.name).map(({ bytes }) => bytes);
}

/** The fields of a GraphProto: ours, with the third-party part in the middle. */
export function graphOf(ours: Ours, middle: Part): Pieces {
  const nodes = [...ours.before, ...middle.nodes, ...ours.after];
  return [...nodes.flat(), ...middle.others.flat(), ...ours.others.flat(), ...ours.inputs, ...ours.outputs];
}

/** The third-party model around a new graph, with our metadata. */
export function modelWith(model: OnnxModel, graph: Pieces, ours: Ours): Uint8Array {
  const keys = new Set(ours.metadata.map(({ key }) => key));
  const metadata = [...model.metadata.filter(({ key }) => !keys.has(key)), ...ours.metadata];
  return joinPieces([
    ...numberField(modelFields.irVersion, Math.max(model.irVersion, oldestIr)),
    ...model.rest,
    ...delimited(modelFields.graph, graph),
    ...metadata.flatMap(({ bytes }) => delimited(modelFields.metadata, [bytes])),
  ]);
}

/** ONNX's AttributeProto.AttributeType. */
const attributeTypes = { int: 2, graph: 5 } as const;

/** A Scan node (opset 9): runs `body`, which takes one image, over the batch of `input`, and stacks its outputs. */
export function scanOver(input: string, outputs: readonly string[], body: Pieces): Part {
  const attribute = (name: string, type: number, value: Pieces) =>
    delimited(nodeFields.attribute, [
      ...textField(attributeFields.name, name),
      ...value,
      ...numberField(attributeFields.type, type),
    ]);
  const node = [
    ...textField(nodeFields.input, input),
    ...outputs.flatMap((name) => textField(nodeFields.output, name)),
    ...textField(nodeFields.opType, 'Scan'),
    ...attribute('body', attributeTypes.graph, delimited(attributeFields.graph, body)),
    ...attribute('num_scan_inputs', attributeTypes.int, numberField(attributeFields.i, 1)),
  ];
  return { nodes: [delimited(graphFields.node, node)], others: [textField(graphFields.name, 'overread')] };
}
