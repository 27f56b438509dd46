/** Columns of the table as numbers for the model of reviews: only those that were chosen. */
import { OverreadError } from '../../base/errors';
import type { Dataset } from '../../dataset/model';
import type { ReviewData } from './reviewModel';

/** Values of a column above which it groups nothing, unless they are numbers. */
export const mostValues = 20;

/**
 * Numbers standardised; of texts a column of 1 and 0 for each value, standardised. Empty cells are the mean, or a value of
 * their own.
 * @throws OVR201 there is no such column; OVR001 it has too many different texts
 */
export function metadataColumns(
  { samples, metadataColumns: known }: Dataset,
  names: readonly string[],
): ReviewData['metadata'] {
  const columns = names.flatMap((name) => {
    if (!known.includes(name)) {
      throw new OverreadError({
        code: 'OVR201',
        message: `The table has no metadata column "${name}"`,
        expected: `one of ${known.join(', ')}`,
      });
    }
    const cells = samples.map(({ metadata }) => (metadata[name] ?? '').trim());
    const numbers = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
    if (numbers.every((value, i) => cells[i] === '' || Number.isFinite(value))) return [numbers];
    const values = [...new Set(cells)].sort();
    if (values.length > mostValues) {
      throw new OverreadError({
        code: 'OVR001',
        message: `"${name}" has ${values.length} different texts`,
        expected: `numbers, or at most ${mostValues} texts`,
      });
    }
    return values.map((value) => cells.map((cell) => (cell === value ? 1 : 0)));
  });
  if (columns.length === 0) return undefined;
  const values = new Float64Array(samples.length * columns.length);
  for (const [c, column] of columns.entries()) {
    const filled = column.filter((value) => !Number.isNaN(value));
    const mean = filled.reduce((sum, value) => sum + value, 0) / Math.max(1, filled.length);
    const variance = filled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, filled.length);
    for (const [i, value] of column.entries()) {
      if (!Number.isNaN(value) && variance > 0) {
        values[i * columns.length + c] = (value - mean) / Math.sqrt(variance);
      }
    }
  }
  return { values, width: columns.length };
}

/** Columns that a rival may go by: few different values, and more than one. */
export function groupingColumns({
  samples,
  metadataColumns: names,
  findings,
}: Dataset): { readonly name: string; readonly of: (item: number) => string }[] {
  return names.flatMap((name) => {
    const cells = samples.map(({ metadata }) => metadata[name] ?? '');
    const count = new Set(cells).size;
    if (count < 2 || count > mostValues) return [];
    return [{ name, of: (item) => cells[Math.floor(item / findings.length)] ?? '' }];
  });
}
