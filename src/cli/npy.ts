/** NumPy's files (numpy.lib.format, version 1.0): a header, then raw little-endian numbers in C order. */
import type { ArraySamples } from '../core/images/imageArray';

/** Bytes of the header: enough for a table of any size. */
export const npyHeaderBytes = 128;

/** NumPy's names of the types that typed arrays have. */
const types = [
  [Uint8Array, '|u1'],
  [Int8Array, '|i1'],
  [Uint16Array, '<u2'],
  [Int16Array, '<i2'],
  [Uint32Array, '<u4'],
  [Int32Array, '<i4'],
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
] as const;

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
  const found = types.find(([kind]) => data instanceof kind);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([npyHeader(shape, found?.[1]), raw]);
}
