/** Sorts item numbers by a key per item: 1.6 million in well under a second. */

/**
 * The items ordered by key; equal keys keep their order, NaN comes last either way. A radix sort on the 64
 * bits of the key (11 bits a pass, passes in which all keys agree are left out): the order is exactly that of
 * comparing the numbers.
 * @param keyOf the key of an item, a number or NaN
 */
export function sortByKey(
  items: Int32Array,
  keyOf: (item: number) => number,
  descending: boolean,
): Int32Array {
  const n = items.length;
  const bits = new Uint32Array(2 * n);
  const one = new Float64Array(1);
  const words = new Uint32Array(one.buffer);
  const high = isLittleEndian ? 1 : 0;
  for (let i = 0; i < n; i++) {
    const key = keyOf(items[i]!);
    if (Number.isNaN(key)) {
      bits[2 * i] = 0xffffffff;
      bits[2 * i + 1] = 0xffffffff;
      continue;
    }
    one[0] = key === 0 ? 0 : key; // -0 and 0 are equal
    // IEEE 754: with the sign bit set all bits are flipped, else only the sign bit; then unsigned order is numeric.
    const flip = words[high]! >>> 31 === 1 ? 0xffffffff : 0;
    let upper = (words[high]! ^ flip ^ (flip === 0 ? 0x80000000 : 0)) >>> 0;
    let lower = (words[1 - high]! ^ flip) >>> 0;
    if (descending) {
      upper = ~upper >>> 0;
      lower = ~lower >>> 0;
    }
    bits[2 * i] = upper;
    bits[2 * i + 1] = lower;
  }
  return radixSort(items, bits);
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

const radix = 2048;

/** Where each 11-bit digit lies: word (0 upper, 1 lower) and shift, least significant first. */
const digits = [
  { word: 1, shift: 0 },
  { word: 1, shift: 11 },
  { word: 1, shift: 22 },
  { word: 0, shift: 0 },
  { word: 0, shift: 11 },
  { word: 0, shift: 22 },
];

function radixSort(items: Int32Array, bits: Uint32Array): Int32Array {
  const n = items.length;
  let order: Uint32Array = Uint32Array.from({ length: n }, (_, i) => i);
  let next: Uint32Array = new Uint32Array(n);
  const counts = new Uint32Array(radix);
  for (const { word, shift } of digits) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(bits[2 * i + word]! >>> shift) & (radix - 1)]!++;
    if (n > 0 && counts[(bits[word]! >>> shift) & (radix - 1)] === n) continue;
    let start = 0;
    for (let digit = 0; digit < radix; digit++) {
      const count = counts[digit]!;
      counts[digit] = start;
      start += count;
    }
    for (let k = 0; k < n; k++) {
      const i = order[k]!;
      const digit = (bits[2 * i + word]! >>> shift) & (radix - 1);
      next[counts[digit]!++] = i;
    }
    [order, next] = [next, order];
  }
  return Int32Array.from(order, (i) => items[i]!);
}
