/**
 * Weights drawn instead of learnt: what a network starts from when nothing is transferred. A network of any
 * seed is the same on every machine, because each tensor has a generator of its own, seeded by its name.
 */
import { mix32, seedFromText, SplitMix32 } from '../../base/random';
import type { Architecture, Initialisation } from '../architectures/architecture';
import { expectedTensors } from '../architectures/build';
import type { ExpectedTensor } from '../architectures/parameters';
import type { StateDict, Tensor } from '../model';

/** All tensors of the architecture, drawn with `seed`, an unsigned 32-bit integer. */
export function drawWeights(architecture: Architecture, seed: number): StateDict {
  const state = new Map<string, Tensor>();
  for (const expected of expectedTensors(architecture)) {
    state.set(expected.name, {
      shape: expected.shape,
      data: drawTensor(expected, architecture.initialisation, seed),
    });
  }
  return state;
}

/** The generator of one tensor: the draws of one do not depend on the tensors before it. */
export function tensorGenerator(name: string, seed: number): SplitMix32 {
  return new SplitMix32(mix32((seed ^ seedFromText(name)) >>> 0));
}

/**
 * As timm initialises its models. Convolutions are normal with variance 2 / fan, where fan is the number of
 * inputs (DenseNet; He et al. 2015) or of outputs per group (EfficientNet, after TensorFlow's code). BatchNorm
 * is the identity. The final layer's weights are uniform, ±1 / √inputs (PyTorch's default for Linear) or
 * ±1 / √outputs (TensorFlow's); biases are zero.
 */
function drawTensor(expected: ExpectedTensor, rule: Initialisation, seed: number): Float32Array {
  const { name, shape, role, groups } = expected;
  const [out = 1, perGroup = 1, height = 1, width = 1] = shape;
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (role === 'normWeight' || role === 'normVariance') return data.fill(1);
  if (role !== 'weight') return data;
  const random = tensorGenerator(name, seed);
  if (shape.length === 2) {
    const limit = 1 / Math.sqrt(rule === 'tensorflow-fan-out' ? out : perGroup);
    for (let i = 0; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * limit;
    return data;
  }
  const fan = height * width * (rule === 'tensorflow-fan-out' ? out / groups : perGroup);
  const deviation = Math.sqrt(2 / fan);
  for (let i = 0; i < data.length; i++) data[i] = random.normal() * deviation;
  return data;
}
