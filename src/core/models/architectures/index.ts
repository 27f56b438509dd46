/** The architectures that exist, by timm's names. A new one is its file and one line here. */
import { closest } from 'fastest-levenshtein';
import { OverreadError } from '../../base/errors';
import { GraphBuilder } from '../onnx/graphBuilder';
import type { Architecture } from './architecture';
import { densenet121 } from './densenet';
import { efficientnetLite0 } from './efficientnetLite';
import { Network, type Activation } from './network';
import { ParameterList, type ExpectedTensor } from './parameters';

const registry: readonly Architecture[] = [densenet121, efficientnetLite0];

/** What a project without the setting gets. */
export const defaultArchitecture = 'densenet121';

/** Names of all architectures, in the order in which they are offered. */
export const architectureNames: readonly string[] = registry.map((architecture) => architecture.name);

/** The architecture of that name; OVR500 with the nearest name when there is none. */
export function getArchitecture(name: string): Architecture {
  const found = registry.find((architecture) => architecture.name === name);
  if (found) return found;
  throw new OverreadError({
    code: 'OVR500',
    message: `Unknown architecture "${name}"`,
    expected: `one of ${architectureNames.join(', ')}`,
    fix: `Did you mean "${closest(name, architectureNames)}"?`,
  });
}

/** All layers up to the feature vector: the blocks in order, then the pooling. */
export function buildFeatures(architecture: Architecture, network: Network, image: Activation): Activation {
  let x = image;
  for (const block of architecture.blocks) x = block.build(network, x);
  return architecture.pool(network, x);
}

/** Every tensor that the architecture's state dict must have, the final linear layer last. */
export function expectedTensors(architecture: Architecture): readonly ExpectedTensor[] {
  const list = new ParameterList();
  const graph = new GraphBuilder(architecture.name);
  const network = new Network(graph, list);
  const size = architecture.preprocessing.size;
  const image = { value: graph.input('image', 'float32', ['N', 3, size, size]), channels: 3, size };
  network.linear(buildFeatures(architecture, network, image), architecture.classifier, architecture.classes);
  return list.tensors;
}
