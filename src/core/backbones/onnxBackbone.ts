/** A third-party classifier as a backbone: cut before its last linear layer. */
import type { BackboneOptions } from './backbone';
import type { Preprocessing } from '../images/model';
import type { Backbone } from '../networks/model';
import type { GraphBuilder, Value } from '../onnx/graphBuilder';
import { addImageInput } from './imageInput';
import type { OnnxWeights } from '../weights/model';
import { border, feed, flat, readClassifier, splice, type Classifier } from '../onnxClassifier/splice';
import { tryOut, type Trial } from '../onnxClassifier/trial';
import { fromFirstChannel } from '../images/normalisation';

/**
 * Reads the file, tries it out and cuts it.
 * @throws OVR502 damaged; OVR506 it cannot be a backbone
 */
export async function buildOnnxBackbone(
  resolved: OnnxWeights,
  { channels: asked, withMap = false, bytes }: BackboneOptions,
): Promise<Backbone> {
  const { identity } = resolved;
  const { preprocessing } = identity;
  const { classifier, trial } = await openClassifier(resolved);
  // A network of one channel has nothing to fold.
  const channels = preprocessing.channels === 1 ? 1 : (asked ?? 3);
  const map = withMap ? trial.map : null;
  const onnx = splice(classifier, map !== null, trial.oneByOne, (graph) => {
    const image = addImageInput(graph, preprocessing, channels, bytes === true);
    feed(
      graph,
      classifier,
      channels === preprocessing.channels ? image : repeatGrey(graph, image, preprocessing),
    );
    flat(graph, border.vector, 'features');
    graph.output('features', 'float32', ['N', trial.featureSize]);
    if (map === null) return;
    graph.node('Cast', [border.map], { to: 1 }, 'map');
    graph.output('map', 'float32', ['N', ...map]);
  });
  return {
    weights: identity,
    featureSize: trial.featureSize,
    channels,
    ...(bytes === true ? { bytes } : {}),
    map: map === null ? null : { channels: map[0], height: map[1], width: map[2], pooledLinearly: true },
    onnx,
  };
}

/** The classifier with what a trial has shown of it. */
export async function openClassifier(
  resolved: OnnxWeights,
): Promise<{ readonly classifier: Classifier; readonly trial: Trial }> {
  const classifier = readClassifier(await resolved.loadModel(), resolved.file);
  return { classifier, trial: await tryOut(classifier, resolved.identity.preprocessing) };
}

/** A grey image, normalised as the first channel, as three channels: each is an affine function of the first. */
function repeatGrey(graph: GraphBuilder, grey: Value, preprocessing: Preprocessing): Value {
  const { slope, offset } = fromFirstChannel(preprocessing);
  if (slope.every((value) => value === 1) && offset.every((value) => value === 0)) {
    return graph.concat([grey, grey, grey], 1, 'overread.repeated');
  }
  const weight = graph.constant(Float32Array.from(slope), [3, 1, 1, 1], 'overread.slope');
  const bias = graph.constant(Float32Array.from(offset), [3], 'overread.offset');
  return graph.node('Conv', [grey, weight, bias], { kernel_shape: [1, 1] }, 'overread.repeated');
}
