/**
 * A third-party classifier, understood: where its image goes in, where it is cut, and whether it takes a batch. From
 * it models are made with nodes of ours before and after.
 */
import { GraphBuilder, type Value } from '../onnx/graphBuilder';
import { graphOf, modelWith, oursFrom, partOf, scanOver, type Ours, type Part } from './compose';
import { followImage } from './flow';
import { findImageInput, type ImageInput } from './imageInput';
import { findLastLinear, type Cut } from './lastLinear';
import type { OnnxModel } from './model';
import { readOnnx } from './read';
import { unsuitableModel } from './refusal';

/** Names at the border between our nodes and the third-party. */
export const border = { image: 'overread.image', vector: 'overread.vector', map: 'overread.map' } as const;
/** The same inside the part that runs once for every image. */
const inner = {
  image: 'overread.each.image',
  vector: 'overread.each.vector',
  map: 'overread.each.map',
} as const;

/** The oldest operators whose meaning our nodes have; Scan for one image at a time came with 9. */
const oldestOpset = 7;
const oldestScan = 9;

/** ONNX's float32. */
const float32 = 1;

/** A classifier that was read and found to have a last linear layer. */
export interface Classifier {
  readonly model: OnnxModel;
  readonly input: ImageInput;
  readonly cut: Cut;
}

/** Runs the network once for every image; shapes are those of one image, which must be known then. */
export interface OneByOne {
  readonly channels: number;
  readonly size: number;
  readonly map: readonly [number, number, number] | null;
}

/**
 * Reads a classifier and finds its last linear layer. Nothing is run.
 * @throws OVR502 damaged; OVR506 it cannot be a backbone, as far as the graph tells
 */
export function readClassifier(bytes: Uint8Array, file: string): Classifier {
  const model = readOnnx(bytes, file);
  if (model.opset < oldestOpset) {
    throw unsuitableModel(
      file,
      model.opset === 0
        ? "it names no version of ONNX's operators"
        : `its operators are of opset ${model.opset}`,
      `opset ${oldestOpset} or newer`,
      'Export it again, or onnx.version_converter.convert_version(model, 17)',
    );
  }
  const input = findImageInput(model);
  const cut = findLastLinear(model, followImage(model.graph, input.name));
  if (cut.vector === input.name) {
    throw unsuitableModel(
      file,
      'its linear layer takes the image itself',
      'a network before the last linear layer',
      'Take another model',
    );
  }
  return { model, input, cut };
}

/**
 * Feeds the third-party part.
 * @param image N × channels × size × size, as the network was trained with it
 */
export function feed(
  graph: GraphBuilder,
  { input }: Classifier,
  image: Value,
  name: string = border.image,
): void {
  if (input.elementType === float32) graph.node('Identity', [image], {}, name);
  else graph.node('Cast', [image], { to: input.elementType }, name);
}

/** A value of the third-party as float32, N × everything else. */
export function flat(graph: GraphBuilder, value: Value, name: string): Value {
  return graph.node('Cast', [graph.node('Flatten', [value], { axis: 1 })], { to: float32 }, name);
}

/**
 * The whole model: `build` adds our nodes, calling `feed` once before it reads the borders `vector` and `map`.
 * @param oneByOne null: the network takes a batch
 */
export function splice(
  classifier: Classifier,
  withMap: boolean,
  oneByOne: OneByOne | null,
  build: (graph: GraphBuilder) => void,
): Uint8Array {
  const { model } = classifier;
  const given = withMap ? [border.vector, border.map] : [border.vector];
  const graph = new GraphBuilder('overread');
  for (const name of given) graph.input(name, 'float32', ['N']);
  build(graph);
  const ours = oursFrom(graph, border.image, given);
  const part =
    oneByOne === null ? batchPart(classifier, withMap, ours) : eachPart(classifier, oneByOne, ours);
  return modelWith(model, graphOf(ours, part), ours);
}

function batchPart({ model, input, cut }: Classifier, withMap: boolean, ours: Ours): Part {
  return partOf(model, boundaryOf(input, cut, withMap, border), ours.names, input.batch === null);
}

/** The third-party part inside a Scan: what it takes and gives has no batch there. */
function eachPart(classifier: Classifier, { channels, size, map }: OneByOne, outer: Ours): Part {
  const { model, input, cut } = classifier;
  if (model.opset < oldestScan) {
    throw unsuitableModel(
      model.file,
      `it takes one image at a time, and its operators are of opset ${model.opset}`,
      `a free batch, or opset ${oldestScan} or newer`,
      'Export it again with a free batch (torch.onnx.export: dynamic_axes, dynamic_shapes)',
    );
  }
  const graph = new GraphBuilder('overread.each');
  const given = map === null ? [inner.vector] : [inner.vector, inner.map];
  const slice = graph.input('overread.each.slice', 'float32', [channels, size, size]);
  for (const name of given) graph.input(name, 'float32', ['N']);
  const shaped = (value: Value, shape: readonly number[], name: string) =>
    graph.node('Reshape', [value, graph.int64s(shape, `${name}.shape`)], {}, name);
  feed(graph, classifier, shaped(slice, [1, channels, size, size], 'overread.each.batch'), inner.image);
  const asFloat = (value: Value) => graph.node('Cast', [value], { to: float32 }, `${value}.float`);
  graph.output(shaped(asFloat(inner.vector), [-1], 'overread.each.features'), 'float32', ['features']);
  if (map !== null) graph.output(shaped(asFloat(inner.map), map, 'overread.each.pixels'), 'float32', map);
  const ours = oursFrom(graph, inner.image, given);
  const taken = new Set([...outer.names, ...ours.names]);
  const part = partOf(model, boundaryOf(input, cut, map !== null, inner), taken, false);
  const outputs = map === null ? [border.vector] : [border.vector, border.map];
  return scanOver(border.image, outputs, graphOf(ours, part));
}

function boundaryOf(
  input: ImageInput,
  cut: Cut,
  withMap: boolean,
  names: { readonly image: string; readonly vector: string; readonly map: string },
): ReadonlyMap<string, string> {
  const boundary = new Map([
    [input.name, names.image],
    [cut.vector, names.vector],
  ]);
  if (withMap && cut.map !== null) boundary.set(cut.map, names.map);
  return boundary;
}
