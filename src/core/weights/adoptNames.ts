/** Brings a state dict to the names that the architecture expects. */
import { expectedTensors } from '../networks/build';
import type { Architecture } from '../networks/architecture';
import type { ExpectedTensor } from '../networks/parameters';
import type { StateDict, Tensor } from '../networks/model';
import { refuseWeights } from './stateDict/refusal';

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
    const misshapen = wanted.find((expected) => !sameShape(expected, state.get(expected.name)!));
    if (!misshapen) return state;
    const found = state.get(misshapen.name)!.shape.join(', ');
    throw refuseWeights(
      file,
      `tensor ${misshapen.name} has shape [${found}], so these are no weights of ${architecture.name}`,
      `shape [${misshapen.shape.join(', ')}]`,
    );
  }
  const entries = [...state];
  const fits =
    entries.length >= wanted.length &&
    wanted.every(
      (expected, i) => sameKind(expected.name, entries[i]![0]) && sameShape(expected, entries[i]![1]),
    );
  if (!fits) {
    throw refuseWeights(
      file,
      `tensor ${missing.name} is missing, so these are no weights of ${architecture.name}`,
      `timm's names, or the same tensors in the same order`,
    );
  }
  const renamed = new Map<string, Tensor>();
  for (const [i, [, tensor]] of entries.slice(0, all.length).entries()) {
    const expected = all[i]!;
    if (sameShape(expected, tensor)) renamed.set(expected.name, tensor);
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
