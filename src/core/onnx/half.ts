/** Numbers of half precision (IEEE 754 binary16): sign, five bits of exponent, ten of fraction. */

/**
 * The bits of each number in half precision, rounded to the nearest, ties to even, as IEEE 754 has it. What is larger
 * than it can hold (65,504) becomes infinite.
 */
export function halfBits(values: Float32Array): Uint16Array<ArrayBuffer> {
  const singles = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = halfOf(singles[i] ?? 0);
  return halves;
}

/** @param bits of the number in single precision */
function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent === 143) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  if (exponent > 30) return sign | 0x7c00;
  if (exponent > 0) return sign | roundedShift((exponent << 23) | fraction, 13);
  // Below the smallest normal number fewer bits are left, in the end none.
  return exponent < -10 ? sign : sign | roundedShift(0x800000 | fraction, 14 - exponent);
}

/** Without the last `places` bits, to the nearest, ties to even. What is carried runs on into the exponent, as it should. */
function roundedShift(bits: number, places: number): number {
  const kept = bits >>> places;
  const rest = bits & ((1 << places) - 1);
  const middle = 1 << (places - 1);
  return rest > middle || (rest === middle && (kept & 1) === 1) ? kept + 1 : kept;
}
