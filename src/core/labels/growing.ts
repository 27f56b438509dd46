/** Typed arrays that grow: columns of a million events. */

type Column = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array;

/**
 * The array, or a longer one that begins with it, so that it holds `length` values; new values are `fill`.
 * It at least doubles, so that adding one by one stays linear.
 */
export function grown<T extends Column>(column: T, length: number, fill = 0): T {
  if (length <= column.length) return column;
  const size = Math.max(length, column.length * 2, 64);
  const longer = new (column.constructor as new (size: number) => T)(size);
  longer.set(column);
  // New memory is zero already, and takes no room before it is written to.
  if (fill !== 0) longer.fill(fill, column.length);
  return longer;
}
