/** How far two nominal attributes go together. */

/** Counts by weights: row-major rows × columns. */
export interface CrossTable {
  readonly counts: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** The cross table of two attributes. @param weight how often each entry counts; absent: once */
export function crossTable(
  a: Int32Array,
  b: Int32Array,
  [rows, columns]: readonly [number, number],
  weight?: (entry: number) => number,
): CrossTable {
  const counts = new Float64Array(rows * columns);
  for (let i = 0; i < a.length; i++) counts[a[i]! * columns + b[i]!]! += weight ? weight(i) : 1;
  return { counts, rows, columns };
}

/**
 * Cramér's V (Cramér 1946, Mathematical Methods of Statistics), the root of phi2 / min(rows - 1, columns - 1), without its
 * bias: of independent attributes it is above 0 in few images (Bergsma 2013, Journal of the Korean Statistical Society
 * 42:323-328). 0 none, 1 one tells the other; NaN with one group only.
 */
export function correctedV(table: CrossTable): number {
  const { phi2, rows, columns, n } = phiSquared(table);
  const expected = ((rows - 1) * (columns - 1)) / (n - 1);
  const r = rows - (rows - 1) ** 2 / (n - 1);
  const c = columns - (columns - 1) ** 2 / (n - 1);
  return Math.sqrt(Math.max(0, phi2 - expected) / Math.min(r - 1, c - 1));
}

/** χ² / n over the groups that occur, and how many those are. */
export function phiSquared({ counts, rows, columns }: CrossTable) {
  const ofRow = new Float64Array(rows);
  const ofColumn = new Float64Array(columns);
  let n = 0;
  counts.forEach((count, at) => {
    ofRow[Math.floor(at / columns)]! += count;
    ofColumn[at % columns]! += count;
    n += count;
  });
  let sum = 0;
  counts.forEach((count, at) => {
    const expected = ofRow[Math.floor(at / columns)]! * ofColumn[at % columns]!;
    if (expected > 0) sum += (count * count) / expected;
  });
  const occurring = (totals: Float64Array): number => totals.filter((total) => total > 0).length;
  return { phi2: Math.max(0, sum - 1), rows: occurring(ofRow), columns: occurring(ofColumn), n };
}
