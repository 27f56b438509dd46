/** Number formats of stored tensors, and their way to float32. */

/** Bytes a number takes, by safetensors' names. */
export const elementBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type StoredType = keyof typeof elementBytes;

/** Types that hold weights; integers only count batches, and no network reads them. */
export type FloatType = 'F64' | 'F32' | 'F16' | 'BF16';

export function isFloat(type: StoredType): type is FloatType {
  return type === 'F32' || type === 'F16' || type === 'BF16' || type === 'F64';
}

export function isStoredType(name: string): name is StoredType {
  return Object.hasOwn(elementBytes, name);
}

/** Little-endian numbers of any float type as float32, in a new array. */
export function toFloat32(bytes: Uint8Array, type: FloatType): Float32Array<ArrayBuffer> {
  const length = bytes.byteLength / elementBytes[type];
  const aligned = Uint8Array.from(bytes).buffer;
  if (type === 'F32') return new Float32Array(aligned);
  if (type === 'F64') return Float32Array.from(new Float64Array(aligned));
  const halves = new Uint16Array(aligned);
  if (type === 'BF16') {
    const bits = new Uint32Array(length);
    for (let i = 0; i < length; i++) bits[i] = halves[i]! << 16;
    return new Float32Array(bits.buffer);
  }
  return Float32Array.from(halves, halfToNumber);
}

/** IEEE 754 binary16: sign, five bits of exponent, ten of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
