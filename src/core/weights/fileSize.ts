/** How large a file of published weights is, before it is there. */
import type { Architecture } from '../networks/architecture';
import { expectedTensors } from '../networks/build';

const sizes = new Map<string, number>();

/**
 * About the length in bytes of `model.safetensors`: float32 numbers, a counter of eight bytes for each BatchNorm,
 * and the header. Files hold a little more where the published network had layers that Overread leaves out.
 */
export function aboutFileSize(architecture: Architecture): number {
  const size = sizes.get(architecture.name) ?? count(architecture);
  sizes.set(architecture.name, size);
  return size;
}

/** What a head of very many classes takes at most, bytes: ImageNet's 21,843 on 1,536 features. */
const largestHead = 2 ** 27;

/** More bytes than any published file of the architecture has: layers that Overread leaves out, and larger heads. */
export function mostFileSize(architecture: Architecture): number {
  return 2 * aboutFileSize(architecture) + largestHead;
}

function count(architecture: Architecture): number {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  const add = (name: string, dtype: string, shape: readonly number[], bytes: number) => {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  };
  for (const { name, shape, role } of expectedTensors(architecture)) {
    add(name, 'F32', shape, 4 * shape.reduce((product, extent) => product * extent, 1));
    if (role === 'normVariance') add(name.replace(/running_var$/, 'num_batches_tracked'), 'I64', [], 8);
  }
  return 8 + Math.ceil(JSON.stringify(header).length / 8) * 8 + offset;
}
