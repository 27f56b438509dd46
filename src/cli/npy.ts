/** Bytes of the header: enough for a table of any size. */
export const npyHeaderBytes = 128;

/**
 * The head of a NumPy file, version 1.0 (numpy.lib.format): magic, version, a padded Python dictionary. Raw
 * little-endian float32 numbers in C order follow.
 */
export function npyHeader(rows: number, columns: number): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const prefix = 10;
  const text = dictionary.padEnd(npyHeaderBytes - prefix - 1) + '\n';
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 0xff, text.length >> 8]),
    Buffer.from(text, 'latin1'),
  ]);
}
