/** Where the navigation keys lead. */

/** From a position in a list of so many items to another in the same list. */
export type Move = (index: number, total: number) => number;

/**
 * @param rowsPerPage rows that fit the viewport
 * @returns the position that the key leads to, or undefined when it is no navigation key
 */
export function moveByKey(
  key: string,
  index: number,
  total: number,
  columns: number,
  rowsPerPage: number,
): number | undefined {
  const to = destination(key, index, total, columns, Math.max(1, rowsPerPage));
  if (to === undefined || total === 0) return undefined;
  const within = Math.min(Math.max(to, 0), total - 1);
  // Up and down stay in the column: at the edge they stay where they are, but a short last row is reachable.
  if (key === 'ArrowUp' && to < 0) return index;
  if (key === 'ArrowDown' && to >= total) {
    const lastRow = Math.floor((total - 1) / columns);
    return Math.floor(index / columns) === lastRow ? index : total - 1;
  }
  return within;
}

function destination(
  key: string,
  index: number,
  total: number,
  columns: number,
  rowsPerPage: number,
): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return index - 1;
    case 'ArrowRight':
      return index + 1;
    case 'ArrowUp':
      return index - columns;
    case 'ArrowDown':
      return index + columns;
    case 'PageUp':
      return index - columns * rowsPerPage < 0 ? index % columns : index - columns * rowsPerPage;
    case 'PageDown':
      return index + columns * rowsPerPage;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return undefined;
  }
}
