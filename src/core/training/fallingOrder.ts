/** Indices by falling key. */

/**
 * The order in which `keys` fall; equal keys keep their order. No NaN. Typed arrays sort numbers natively, which
 * with a search for each place is ten times as fast as sorting indices by a comparison in JavaScript.
 */
export function fallingOrder(keys: Float64Array): Int32Array {
  const sorted = keys.map((key) => -key).sort();
  const order = new Int32Array(keys.length);
  const taken = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const place = firstNotBelow(sorted, -keys[i]!);
    order[place + taken[place]!] = i;
    taken[place]!++;
  }
  return order;
}

/** First index whose value is not below `value`. */
function firstNotBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
