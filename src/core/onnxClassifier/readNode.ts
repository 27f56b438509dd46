/** One node with its attributes, and what its subgraphs read. */
import { attributeFields, graphFields, nodeFields, tensorFields, valueFields } from './fields';
import type { OnnxAttribute, OnnxNode } from './model';
import {
  contentOf,
  ExternalDataError,
  numberOf,
  numbersOf,
  readFields,
  textOf,
  WireError,
  type Budget,
} from './wire';

/** Deeper nesting of subgraphs is refused; models have one or two. */
const maxDepth = 8;

interface NodeParts {
  name: string;
  opType: string;
  domain: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: Map<string, OnnxAttribute>;
  readonly subgraphs: Uint8Array[];
}

/**
 * @param names takes every name of a value that the node or a subgraph makes
 * @throws WireError
 */
export function readNode(bytes: Uint8Array, names: Set<string>, budget: Budget): OnnxNode {
  const { subgraphs, ...node } = readParts(bytes, budget);
  for (const name of node.outputs) names.add(name);
  if (subgraphs.length === 0) return { bytes, ...node, captured: [], hasSubgraphs: false };
  const captured = new Set<string>();
  for (const graph of subgraphs) readSubgraph(graph, { captured, names, budget }, 1);
  return { bytes, ...node, captured: [...captured], hasSubgraphs: true };
}

function readParts(bytes: Uint8Array, budget: Budget): NodeParts {
  const node: NodeParts = {
    name: '',
    opType: '',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: new Map(),
    subgraphs: [],
  };
  for (const field of readFields(bytes, budget)) {
    if (field.id === nodeFields.input) node.inputs.push(textOf(field));
    else if (field.id === nodeFields.output) node.outputs.push(textOf(field));
    else if (field.id === nodeFields.name) node.name = textOf(field);
    else if (field.id === nodeFields.opType) node.opType = textOf(field);
    else if (field.id === nodeFields.domain) node.domain = textOf(field);
    else if (field.id === nodeFields.attribute) readAttribute(contentOf(field), node, budget);
  }
  if (node.domain === 'ai.onnx') node.domain = '';
  return node;
}

function readAttribute(bytes: Uint8Array, { attributes, subgraphs }: NodeParts, budget: Budget): void {
  let name = '';
  let i: number | undefined;
  const ints: number[] = [];
  for (const field of readFields(bytes, budget)) {
    if (field.id === attributeFields.name) name = textOf(field);
    else if (field.id === attributeFields.i) i = numberOf(field);
    else if (field.id === attributeFields.ints) ints.push(...numbersOf(field));
    else if (field.id === attributeFields.graph || field.id === attributeFields.graphs)
      subgraphs.push(contentOf(field));
    else if (field.id === attributeFields.tensor || field.id === attributeFields.tensors)
      refuseExternal(contentOf(field), budget);
  }
  attributes.set(name, { ...(i === undefined ? {} : { i }), ...(ints.length > 0 ? { ints } : {}) });
}

interface Context {
  readonly captured: Set<string>;
  readonly names: Set<string>;
  readonly budget: Budget;
}

function readSubgraph(bytes: Uint8Array, context: Context, depth: number): void {
  const { captured, names, budget } = context;
  if (depth > maxDepth) throw new WireError(`its subgraphs are nested deeper than ${maxDepth}`);
  for (const field of readFields(bytes, budget)) {
    if (field.id === graphFields.node) {
      const { inputs, outputs, subgraphs } = readParts(contentOf(field), budget);
      for (const name of inputs) captured.add(name);
      for (const name of outputs) names.add(name);
      for (const graph of subgraphs) readSubgraph(graph, context, depth + 1);
    } else if (field.id === graphFields.output) {
      // A branch may hand on a value from around it without a node.
      for (const part of readFields(contentOf(field), budget)) {
        if (part.id === valueFields.name) captured.add(textOf(part));
      }
    } else if (field.id === graphFields.input || field.id === graphFields.initialiser) {
      const id = field.id === graphFields.input ? valueFields.name : tensorFields.name;
      if (field.id === graphFields.initialiser) refuseExternal(contentOf(field), budget);
      for (const part of readFields(contentOf(field), budget)) if (part.id === id) names.add(textOf(part));
    }
  }
}

/** Numbers in another file are brought in for the graph's own initialisers only, where exporters put them. */
export function refuseExternal(tensor: Uint8Array, budget: Budget): void {
  for (const field of readFields(tensor, budget)) {
    if (field.id === tensorFields.dataLocation && numberOf(field) !== 0) {
      throw new ExternalDataError('numbers of a tensor lie in another file');
    }
  }
}
