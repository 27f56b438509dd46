/** Brings a state dict to the names that the architecture expects. */
import { expectedTensors } from '../networks/build';
import type { Architecture } from '../networks/architecture';
import type { ExpectedTensor } from '../networks/parameters';
import type { StateDict, Tensor } from '../networks/model';
import { refuseWeights } from './stateDict/refusal';
import { present } from '../base/present';

/**
 * Gives the backbone's tensors under timm's names, in timm's order. A file under other names (another
 * project's port of the same network) is taken when its tensors match one by one in order, shape and kind.
 * The final layer is not asked for: Overread replaces it, and fine-tuned files have one of their own size.
 * @throws OVR502 naming the first tensor that is missing or has another shape
 */
export function adoptNames(state: StateDict, architecture: Architecture, file: string): StateDict {
  const all = expectedTensors(architecture);
  const wanted = all.filter(({ name }) => !name.startsWith(`${architecture.classifier}.`));
  const missing = wanted.find(({ name }) => !state.has(name));
  if (missing === undefined) {
    for (const expected of wanted) {
      const found = present(state.get(expected.name), 'the tensor');
      if (sameShape(expected, found)) continue;
      throw refuseWeights(
        file,
        `tensor ${expected.name} has shape [${found.shape.join(', ')}], so these are no weights of ${architecture.name}`,
        `shape [${expected.shape.join(', ')}]`,
      );
    }
    return state;
  }
  const entries = [...state];
  const fits = wanted.every((expected, i) => {
    const entry = entries[i];
    return entry !== undefined && sameKind(expected.name, entry[0]) && sameShape(expected, entry[1]);
  });
  if (!fits) {
    throw refuseWeights(
      file,
      `tensor ${missing.name} is missing, so these are no weights of ${architecture.name}`,
      `timm's names, or the same tensors in the same order`,
    );
  }
  const renamed = new Map<string, Tensor>();
  for (const [i, expected] of all.entries()) {
    const tensor = entries[i]?.[1];
    if (tensor && sameShape(expected, tensor)) renamed.set(expected.name, tensor);
  }
  return renamed;
}

function sameShape(expected: ExpectedTensor, tensor: Tensor): boolean {
  return (
    tensor.shape.length === expected.shape.length &&
    tensor.shape.every((size, i) => size === expected.shape[i])
  );
}

/** `bn1.running_mean` and `_bn0.running_mean` are of one kind; tensors of one shape are told apart by it. */
function sameKind(a: string, b: string): boolean {
  return a.split('.').at(-1) === b.split('.').at(-1);
}
