/** How much a table may be, and what is said of one that cannot be read. */
import { OverreadError } from '../base/errors';

/**
 * Far above any data set of images (MIMIC-CXR: 377,110 rows, 30 MB), and below what one process can hold.
 * What is packed may expand to the larger of `unpackedBytes` and its own size `expansion` times; text does so
 * 5 to 50 times.
 */
export const tableLimits = {
  rows: 5_000_000,
  columns: 32_768,
  headerBytes: 2 ** 20,
  unpackedBytes: 2 ** 28,
  expansion: 100,
} as const;

/** OVR200. @param what a clause: `is missing` */
export function unreadableTable(
  shown: string,
  what: string,
  more: { readonly expected?: string; readonly fix?: string; readonly cause?: unknown } = {},
): OverreadError {
  return new OverreadError({ code: 'OVR200', message: `The table ${what}`, place: { file: shown }, ...more });
}

/** OVR200 for a table above {@link tableLimits}. @param what a clause: `has more than 5000000 lines` */
export function oversizedTable(shown: string, what: string): OverreadError {
  const { rows, columns, unpackedBytes, expansion } = tableLimits;
  return unreadableTable(shown, what, {
    expected:
      `at most ${rows} lines and ${columns} columns; packed at most ${unpackedBytes / 2 ** 20} MiB of text, ` +
      `or ${expansion} times the size of the file`,
    fix: 'Check that it is the table of the images; unpack it, or keep only the rows and columns that are needed.',
  });
}

/** OVR202. @param what a clause: `is empty` */
export function emptyTable(shown: string, what: string): OverreadError {
  return new OverreadError({
    code: 'OVR202',
    message: `The table ${what}`,
    place: { file: shown },
    expected: 'a header line and one row per image',
  });
}
