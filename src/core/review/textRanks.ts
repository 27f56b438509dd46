/** The order of many texts. */
import { ofRanges, type Pieces } from '../base/pieces';

/** Sorted at once, before they are merged. */
const runLength = 2048;

/** The rank of each text, by UTF-16 code units; equal ones have equal ranks. In pieces, by merging sorted runs. */
export function* ranksOf(texts: readonly string[]): Pieces<Int32Array> {
  const compare = (a: number, b: number): number => compareText(texts[a] ?? '', texts[b] ?? '');
  let order = new Int32Array(texts.length);
  yield* ofRanges(
    texts.length,
    (from, to) => {
      for (let i = from; i < to; i++) order[i] = i;
      order.subarray(from, to).sort(compare);
    },
    runLength,
  );
  let merged = new Int32Array(texts.length);
  for (let length = runLength; length < texts.length; length *= 2) {
    yield* mergeRuns(order, merged, length, compare);
    [order, merged] = [merged, order];
  }
  const ranks = new Int32Array(texts.length);
  let rank = 0;
  yield* ofRanges(texts.length, (from, to) => {
    for (let k = from; k < to; k++) {
      if (k === 0 || compare(order[k - 1]!, order[k]!) !== 0) rank = k;
      ranks[order[k]!] = rank;
    }
  });
  return ranks;
}

/** Merges each two neighbouring sorted runs of a length. */
function* mergeRuns(
  from: Int32Array,
  to: Int32Array,
  length: number,
  compare: (a: number, b: number) => number,
): Pieces<void> {
  for (let start = 0; start < from.length; start += 2 * length) {
    const [middle, end] = [Math.min(from.length, start + length), Math.min(from.length, start + 2 * length)];
    let [left, right] = [start, middle];
    for (let k = start; k < end; k++) {
      const isLeft = right >= end || (left < middle && compare(from[left]!, from[right]!) <= 0);
      to[k] = isLeft ? from[left++]! : from[right++]!;
      if (k % runLength === 0) yield;
    }
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
