/** NumPy's files (numpy.lib.format, version 1.0): a header, then raw little-endian numbers in C order. */
import { present } from '../core/base/present';
import type { ArraySamples } from '../core/images/imageArray';

/** Bytes of the header: enough for a table of any size. */
export const npyHeaderBytes = 128;

/** NumPy's names of the types that typed arrays have, and how its files write them. */
const types = [
  [Uint8Array, 'uint8', '|u1'],
  [Int8Array, 'int8', '|i1'],
  [Uint16Array, 'uint16', '<u2'],
  [Int16Array, 'int16', '<i2'],
  [Uint32Array, 'uint32', '<u4'],
  [Int32Array, 'int32', '<i4'],
  [Float32Array, 'float32', '<f4'],
  [Float64Array, 'float64', '<f8'],
] as const;

function typeOf(data: ArraySamples): (typeof types)[number] {
  return present(
    types.find(([kind]) => data instanceof kind),
    'the type of the samples',
  );
}

/** The type of samples as NumPy calls it: `uint16`. A Buffer holds `uint8`. */
export function sampleType(data: ArraySamples): string {
  return typeOf(data)[1];
}

/** The head of a file: magic, version, a padded Python dictionary. @param type as NumPy writes it; default float32 */
export function npyHeader(shape: readonly number[], type = '<f4'): Uint8Array {
  const sides = shape.length === 1 ? `${shape.join()},` : shape.join(', ');
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  const prefix = 10;
  const text = dictionary.padEnd(npyHeaderBytes - prefix - 1) + '\n';
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 0xff, text.length >> 8]),
    Buffer.from(text, 'latin1'),
  ]);
}

/** A whole file. */
export function npyFile(data: ArraySamples, shape: readonly number[]): Uint8Array {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([npyHeader(shape, typeOf(data)[2]), raw]);
}
