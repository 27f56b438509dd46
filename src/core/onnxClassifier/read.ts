/** Reads a third-party ONNX model: names and shapes, no tensors. Linear in the file's size, whatever it says. */
import {
  annotationFields,
  dimFields,
  entryFields,
  graphFields,
  modelFields,
  opsetFields,
  shapeFields,
  sparseFields,
  tensorFields,
  tensorTypeFields,
  typeFields,
  valueFields,
} from './fields';
import type { OnnxGraph, OnnxInitialiser, OnnxModel, OnnxNode, OnnxValue } from './model';
import { readNode, refuseExternal } from './readNode';
import { damagedModel, externalData } from './refusal';
import {
  contentOf,
  ExternalDataError,
  fileBudget,
  numberOf,
  numbersOf,
  readFields,
  textOf,
  WireError,
  type Budget,
} from './wire';

/** Hundreds of times those of the largest classifiers. */
const maxNodes = 200_000;

/**
 * The model in the bytes of an .onnx file.
 * @param file its name, for messages
 * @throws OVR502 the bytes are no model, or its graph names values twice or before they are there; OVR506 its
 * weights lie in another file
 */
export function readOnnx(bytes: Uint8Array, file: string): OnnxModel {
  try {
    const model = readModel(bytes, file);
    checkNames(model.graph);
    return model;
  } catch (error) {
    if (error instanceof ExternalDataError) throw externalData(file, error.message);
    if (error instanceof WireError) throw damagedModel(file, error.message, error);
    throw error;
  }
}

function readModel(bytes: Uint8Array, file: string): OnnxModel {
  const budget: Budget = { fields: fileBudget };
  let graph: OnnxGraph | undefined;
  let irVersion = 0;
  let opset = 0;
  const metadata: { key: string; bytes: Uint8Array }[] = [];
  const rest: Uint8Array[] = [];
  for (const field of readFields(bytes, budget)) {
    switch (field.id) {
      case modelFields.irVersion:
        irVersion = numberOf(field);
        break;
      case modelFields.graph:
        if (graph) throw new WireError('it holds two graphs');
        graph = readGraph(contentOf(field), budget);
        break;
      case modelFields.metadata:
        metadata.push({ key: readText(contentOf(field), entryFields.key, budget), bytes: contentOf(field) });
        break;
      case modelFields.training:
        // How to train the graph that is cut here: it would name values that are no more.
        break;
      case modelFields.opset: {
        const { domain, version } = readOpset(contentOf(field), budget);
        if (domain === '' || domain === 'ai.onnx') opset = version;
        rest.push(field.bytes);
        break;
      }
      default:
        rest.push(field.bytes);
    }
  }
  if (!graph) throw new WireError('it holds no graph');
  return { file, irVersion, opset, graph, metadata, rest };
}

function readGraph(bytes: Uint8Array, budget: Budget): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initialisers: OnnxInitialiser[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const valueInfo: { name: string; bytes: Uint8Array }[] = [];
  const annotations: { name: string; bytes: Uint8Array }[] = [];
  const rest: Uint8Array[] = [];
  const names = new Set<string>();
  for (const field of readFields(bytes, budget)) {
    switch (field.id) {
      case graphFields.node:
        if (nodes.length === maxNodes) throw new WireError(`it has more than ${maxNodes} nodes`);
        nodes.push(readNode(contentOf(field), names, budget));
        break;
      case graphFields.initialiser:
        initialisers.push(readInitialiser(contentOf(field), false, budget));
        break;
      case graphFields.sparseInitialiser:
        initialisers.push(readInitialiser(contentOf(field), true, budget));
        break;
      case graphFields.input:
        inputs.push(readValue(contentOf(field), budget));
        break;
      case graphFields.output:
        outputs.push(readValue(contentOf(field), budget));
        break;
      case graphFields.valueInfo:
        valueInfo.push({
          name: readText(contentOf(field), valueFields.name, budget),
          bytes: contentOf(field),
        });
        break;
      case graphFields.annotation:
        annotations.push({
          name: readText(contentOf(field), annotationFields.tensorName, budget),
          bytes: contentOf(field),
        });
        break;
      default:
        rest.push(field.bytes);
    }
  }
  for (const { name } of [...initialisers, ...inputs]) names.add(name);
  const weights = new Set(initialisers.map(({ name }) => name));
  const free = inputs.filter(({ name }) => !weights.has(name));
  return { nodes, initialisers, inputs: free, outputs, valueInfo, annotations, rest, names };
}

function readInitialiser(bytes: Uint8Array, sparse: boolean, budget: Budget): OnnxInitialiser {
  let name = '';
  const dims: number[] = [];
  if (!sparse) refuseExternal(bytes, budget);
  for (const field of readFields(bytes, budget)) {
    if (field.id === (sparse ? sparseFields.dims : tensorFields.dims)) dims.push(...numbersOf(field));
    else if (sparse && field.id === sparseFields.values)
      name = readText(contentOf(field), tensorFields.name, budget);
    else if (!sparse && field.id === tensorFields.name) name = textOf(field);
    if (dims.length > 64) throw new WireError(`weight ${name} has too many dimensions`);
  }
  return { bytes, name, sparse, dims };
}

function readValue(bytes: Uint8Array, budget: Budget): OnnxValue {
  let name = '';
  let elementType: number | null = null;
  let shape: (number | null)[] | null = null;
  for (const field of readFields(bytes, budget)) {
    if (field.id === valueFields.name) name = textOf(field);
    if (field.id !== valueFields.type) continue;
    for (const type of readFields(contentOf(field), budget)) {
      if (type.id !== typeFields.tensor) continue;
      for (const part of readFields(contentOf(type), budget)) {
        if (part.id === tensorTypeFields.elementType) elementType = numberOf(part);
        if (part.id === tensorTypeFields.shape) shape = readShape(contentOf(part), budget);
      }
    }
  }
  return { bytes, name, elementType, shape };
}

function readShape(bytes: Uint8Array, budget: Budget): (number | null)[] {
  const shape: (number | null)[] = [];
  for (const field of readFields(bytes, budget)) {
    if (field.id !== shapeFields.dim) continue;
    let size: number | null = null;
    for (const part of readFields(contentOf(field), budget)) {
      // Some exporters write 0 or -1 for "any".
      if (part.id === dimFields.value && numberOf(part) > 0) size = numberOf(part);
    }
    shape.push(size);
  }
  return shape;
}

function readOpset(bytes: Uint8Array, budget: Budget): { readonly domain: string; readonly version: number } {
  let domain = '';
  let version = 0;
  for (const field of readFields(bytes, budget)) {
    if (field.id === opsetFields.domain) domain = textOf(field);
    if (field.id === opsetFields.version) version = numberOf(field);
  }
  return { domain, version };
}

/** The text of a message's field, empty when it has none. */
function readText(message: Uint8Array, id: number, budget: Budget): string {
  let text = '';
  for (const field of readFields(message, budget)) if (field.id === id) text = textOf(field);
  return text;
}

/** Every value is named once, and before it is read: what the standard demands and all that follows rests on. */
function checkNames({ nodes, initialisers, inputs, outputs }: OnnxGraph): void {
  const known = new Set<string>();
  const add = (name: string) => {
    if (known.has(name)) throw new WireError(`it names the value "${name}" twice`);
    known.add(name);
  };
  for (const { name } of [...initialisers, ...inputs]) add(name);
  for (const { opType, inputs: read, outputs: made } of nodes) {
    for (const name of read) {
      if (name !== '' && !known.has(name)) {
        throw new WireError(`a node ${opType} reads "${name}", which nothing before it gives`);
      }
    }
    for (const name of made) if (name !== '') add(name);
  }
  for (const { name } of outputs) {
    if (!known.has(name)) throw new WireError(`nothing gives its output "${name}"`);
  }
}
