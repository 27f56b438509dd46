/** The value that stands at a place of the sorted values, without sorting them (Hoare: Algorithm 65, CACM 4, 1961). */

/** @param values finite or infinite, no NaN; not changed @param rank from 0 */
export function valueAtRank(values: Float64Array, rank: number): number {
  const work = values.slice();
  let low = 0;
  let high = work.length - 1;
  while (low < high) {
    const pivot = middleOf(work[low]!, work[(low + high) >> 1]!, work[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (work[i]! < pivot) i++;
      while (work[j]! > pivot) j--;
      if (i > j) break;
      const swapped = work[i]!;
      work[i++] = work[j]!;
      work[j--] = swapped;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return work[rank]!;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
