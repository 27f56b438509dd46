/** Sorts item numbers by a key per item: 1.6 million in well under a second. */
import { ofRanges, type Pieces } from '../base/pieces';

/**
 * The items ordered by key; equal keys keep their order, NaN comes last either way. The order is exactly that of
 * comparing the numbers: a radix sort on the upper 32 bits of the keys (three passes of 11 bits; a pass in which
 * all keys agree is left out), then the few runs that agree in those are sorted by the lower 32.
 * In pieces: the key of each item is asked once, in the order of the items.
 * @param keyOf the key of an item, a number or NaN
 */
export function* sortingByKey(
  items: Int32Array,
  keyOf: (item: number) => number,
  descending: boolean,
): Pieces<Int32Array> {
  const n = items.length;
  const upper = new Uint32Array(n);
  const lower = new Uint32Array(n);
  const one = new Float64Array(1);
  const words = new Uint32Array(one.buffer);
  const high = isLittleEndian ? 1 : 0;
  const turn = descending ? 0xffffffff : 0;
  yield* ofRanges(n, (from, to) => {
    for (let i = from; i < to; i++) {
      const key = keyOf(items[i]!);
      if (Number.isNaN(key)) {
        upper[i] = 0xffffffff;
        lower[i] = 0xffffffff;
        continue;
      }
      one[0] = key === 0 ? 0 : key; // -0 and 0 are equal
      // IEEE 754: with the sign bit set all bits are flipped, else only the sign bit; then unsigned order is numeric.
      const isNegative = words[high]! >>> 31 === 1;
      upper[i] = words[high]! ^ (isNegative ? 0xffffffff : 0x80000000) ^ turn;
      lower[i] = words[1 - high]! ^ (isNegative ? 0xffffffff : 0) ^ turn;
    }
  });
  const order = yield* radixSort(upper);
  yield* sortRuns(order, upper, lower);
  yield* ofRanges(n, (from, to) => {
    for (let k = from; k < to; k++) order[k] = items[order[k]!]!;
  });
  return order;
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

const radix = 2048;

/** Places that are looked at in one piece. */
const runsAtOnce = 16_384;

interface KeyedOrder {
  readonly keys: Uint32Array;
  readonly order: Int32Array;
}

/** Indices in the stable order of their 32-bit keys. The keys travel with the indices: reads are sequential. */
function* radixSort(keys: Uint32Array): Pieces<Int32Array> {
  const n = keys.length;
  let from: KeyedOrder = { keys, order: new Int32Array(n) };
  const { order } = from;
  yield* ofRanges(n, (first, end) => {
    for (let i = first; i < end; i++) order[i] = i;
  });
  let to: KeyedOrder = { keys: new Uint32Array(n), order: new Int32Array(n) };
  for (const shift of [0, 11, 22]) {
    const starts = yield* digitStarts(from.keys, shift);
    if (!starts) continue;
    const [source, target] = [from, to];
    yield* ofRanges(n, (first, end) => {
      for (let k = first; k < end; k++) {
        const key = source.keys[k]!;
        const place = starts[(key >>> shift) & (radix - 1)]!++;
        target.keys[place] = key;
        target.order[place] = source.order[k]!;
      }
    });
    // The caller's keys are not overwritten: they are read again for the runs.
    to = from.keys === keys ? { keys: new Uint32Array(n), order: from.order } : from;
    from = target;
  }
  return from.order;
}

/** Where each digit starts in the sorted array; undefined when all keys have the same digit. */
function* digitStarts(keys: Uint32Array, shift: number): Pieces<Uint32Array | undefined> {
  const counts = new Uint32Array(radix);
  yield* ofRanges(keys.length, (from, to) => {
    for (let k = from; k < to; k++) counts[(keys[k]! >>> shift) & (radix - 1)]!++;
  });
  let start = 0;
  for (let digit = 0; digit < radix; digit++) {
    const count = counts[digit]!;
    if (count === keys.length) return undefined;
    counts[digit] = start;
    start += count;
  }
  return counts;
}

/** Sorts each run of equal upper words by the lower word, then by place. */
function* sortRuns(order: Int32Array, upper: Uint32Array, lower: Uint32Array): Pieces<void> {
  let looked = 0;
  for (let start = 0; start < order.length;) {
    if (start - looked > runsAtOnce) {
      looked = start;
      yield;
    }
    let end = start + 1;
    let isSorted = true;
    while (end < order.length && upper[order[end]!] === upper[order[start]!]) {
      if (lower[order[end]!]! < lower[order[end - 1]!]!) isSorted = false;
      end++;
    }
    if (!isSorted) order.subarray(start, end).sort((a, b) => lower[a]! - lower[b]! || a - b);
    start = end;
  }
}
