/**
 * Weights drawn instead of learnt: what a network starts from when nothing is transferred. A network of any
 * seed is the same on every machine, because each tensor has a generator of its own, seeded by its name.
 */
import { present } from '../base/present';
import { mix32, seedFromText, SplitMix32 } from '../base/random';
import type { Architecture, Initialisation } from '../networks/architecture';
import { expectedTensors } from '../networks/build';
import type { ExpectedTensor } from '../networks/parameters';
import type { StateDict, Tensor } from '../networks/model';

/** What was drawn last: a run, its export and its heat maps ask for the same one after the other. */
let latest:
  | { readonly architecture: Architecture; readonly seed: number; readonly weights: WeakRef<StateDict> }
  | undefined;

/**
 * All tensors of the architecture, drawn with `seed`, an unsigned 32-bit integer. Each is drawn when it is first asked for: a
 * network that is cut needs few of them, and none needs the last layer.
 */
export function drawWeights(architecture: Architecture, seed: number): StateDict {
  const isLatest = latest?.architecture === architecture && latest.seed === seed;
  const known = isLatest ? latest?.weights.deref() : undefined;
  if (known) return known;
  const weights = new DrawnWeights(architecture, seed);
  latest = { architecture, seed, weights: new WeakRef(weights) };
  return weights;
}

class DrawnWeights implements StateDict {
  private readonly expected: ReadonlyMap<string, ExpectedTensor>;
  private readonly drawn = new Map<string, Tensor>();

  constructor(
    private readonly architecture: Architecture,
    private readonly seed: number,
  ) {
    this.expected = new Map(expectedTensors(architecture).map((expected) => [expected.name, expected]));
  }

  get size(): number {
    return this.expected.size;
  }

  has(name: string): boolean {
    return this.expected.has(name);
  }

  get(name: string): Tensor | undefined {
    const expected = this.expected.get(name);
    if (!expected) return undefined;
    let tensor = this.drawn.get(name);
    if (!tensor) {
      const data = drawTensor(expected, this.architecture.initialisation, this.seed);
      tensor = { shape: expected.shape, data };
      this.drawn.set(name, tensor);
    }
    return tensor;
  }

  keys(): MapIterator<string> {
    return this.expected.keys();
  }

  *values(): MapIterator<Tensor> {
    for (const [, tensor] of this) yield tensor;
  }

  *entries(): MapIterator<[string, Tensor]> {
    for (const name of this.expected.keys()) yield [name, present(this.get(name), 'the tensor')];
  }

  [Symbol.iterator](): MapIterator<[string, Tensor]> {
    return this.entries();
  }

  forEach(visit: (tensor: Tensor, name: string, weights: StateDict) => void): void {
    for (const [name, tensor] of this) visit(tensor, name, this);
  }
}

/** The generator of one tensor: the draws of one do not depend on the tensors before it. */
export function tensorGenerator(name: string, seed: number): SplitMix32 {
  return new SplitMix32(mix32((seed ^ seedFromText(name)) >>> 0));
}

/**
 * One tensor from the distribution that the reference's constructor draws it from, row-major. BatchNorm is the
 * identity, also the last one of ResNet's residual branches: timm sets its weight to zero there, torchvision does
 * not, and a branch of zero would stay zero in a network whose weights are frozen.
 */
export function drawTensor(expected: ExpectedTensor, rule: Initialisation, seed: number): Float32Array {
  const { role, shape } = expected;
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (role === 'normWeight' || role === 'normVariance') return data.fill(1);
  if (role === 'normBias' || role === 'normMean') return data;
  const { uniform, normal } = distributionOf(expected, rule);
  const random = tensorGenerator(expected.name, seed);
  if (uniform > 0) for (let i = 0; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * uniform;
  if (normal > 0) for (let i = 0; i < data.length; i++) data[i] = random.normal() * normal;
  return data;
}

/** Uniform between ± `uniform`, or normal of deviation `normal`; zero where both are. */
interface Distribution {
  readonly uniform: number;
  readonly normal: number;
}

const zero: Distribution = { uniform: 0, normal: 0 };

function uniform(limit: number): Distribution {
  return { uniform: limit, normal: 0 };
}

function normal(deviation: number): Distribution {
  return { uniform: 0, normal: deviation };
}

/**
 * The rules, as the reference's code has them. PyTorch's own for weights and biases of convolutions and linear
 * layers is uniform within ±1 / √fan-in (Kaiming's uniform rule with a = √5); the others change what they name.
 */
function distributionOf({ shape, role, groups, fanIn }: ExpectedTensor, rule: Initialisation): Distribution {
  const usual = uniform(1 / Math.sqrt(fanIn));
  const linear = shape.length === 2;
  const [out = 1, , height = 1, width = 1] = shape;
  const fanOut = out * height * width;
  if (role === 'bias') {
    // The other references set every bias to zero.
    const keepsBias = rule === 'pytorch' || rule === 'kaiming-normal-fan-out' || rule === 'truncated-normal';
    return keepsBias ? usual : zero;
  }
  switch (rule) {
    case 'pytorch':
      return usual;
    case 'kaiming-normal-fan-in':
      return linear ? usual : normal(Math.sqrt(2 / fanIn));
    case 'kaiming-normal-fan-out':
      return linear ? usual : normal(Math.sqrt(2 / fanOut));
    case 'vgg':
      return normal(linear ? 0.01 : Math.sqrt(2 / fanOut));
    case 'truncated-normal':
      // timm truncates at ±2, twenty deviations: nothing is cut.
      return normal(0.1);
    case 'tensorflow-fan-out':
      return linear ? uniform(1 / Math.sqrt(out)) : normal(Math.sqrt((2 * groups) / fanOut));
    default:
      return rule satisfies never;
  }
}
