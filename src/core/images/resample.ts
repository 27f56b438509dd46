/**
 * Resampling with the arithmetic of PIL for 8-bit images, so that pixels equal those the weights were trained
 * and tested on. Defined by (Pillow's documentation and source, "Resample"): a separable kernel, stretched by
 * the scale when the image shrinks (antialiasing), weights normalised to one and rounded to 22 binary places,
 * first along rows into 8-bit pixels, then along columns, each rounded to nearest and clipped.
 *
 * Only the output region that is asked for is computed; its pixels do not depend on the region.
 */

export type Kernel = 'bicubic' | 'bilinear';

/** A range of output pixels along one axis. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/** The input pixels and weights of each output pixel of a span along one axis. */
export interface Taps {
  /** First input pixel of each output pixel. */
  readonly first: Int32Array;
  /** Number of input pixels of each output pixel, at most `stride`. */
  readonly count: Int32Array;
  /** `stride` weights for each output pixel, in units of 2^-22. */
  readonly weights: Int32Array;
  readonly stride: number;
}

const weightBits = 22;
const half = 1 << (weightBits - 1);

/** Keys' cubic convolution with a = -1/2, support 2; the triangle, support 1. */
const kernels: Record<Kernel, { readonly support: number; readonly at: (x: number) => number }> = {
  bicubic: {
    support: 2,
    at: (x) => {
      const a = -0.5;
      const t = Math.abs(x);
      if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
      return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
    },
  },
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
};

/** The taps that take `inputSize` pixels to `outputSize`, for the output pixels of `span`. */
export function computeTaps(inputSize: number, outputSize: number, span: Span, kernel: Kernel): Taps {
  const { support, at } = kernels[kernel];
  const scale = inputSize / outputSize;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const stride = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(span.length);
  const count = new Int32Array(span.length);
  const weights = new Int32Array(span.length * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < span.length; i++) {
    const centre = (span.start + i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - reach + 0.5));
    const to = Math.min(inputSize, Math.trunc(centre + reach + 0.5));
    let total = 0;
    for (let x = from; x < to; x++) {
      const weight = at((x - centre + 0.5) * (1 / stretch));
      exact[x - from] = weight;
      total += weight;
    }
    for (let tap = 0; tap < to - from; tap++) {
      const weight = (total === 0 ? exact[tap]! : exact[tap]! / total) * 2 ** weightBits;
      weights[i * stride + tap] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    first[i] = from;
    count[i] = to - from;
  }
  return { first, count, weights, stride };
}

/** One channel of an image: pixel (x, y) lies at `offset + (y * width + x) * step`. */
export interface Plane {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly offset: number;
}

/** What to compute: the whole image as `width` × `height` px, of which the region `columns` × `rows`. */
export interface Target {
  readonly width: number;
  readonly height: number;
  readonly columns: Span;
  readonly rows: Span;
  readonly kernel: Kernel;
}

/** The region of the resized plane, row-major, `columns.length * rows.length` pixels. */
export function resamplePlane(plane: Plane, target: Target): Uint8Array {
  const vertical =
    target.height === plane.height
      ? undefined
      : computeTaps(plane.height, target.height, target.rows, target.kernel);
  // The input rows that the output region needs.
  const last = target.rows.length - 1;
  const top = vertical ? vertical.first[0]! : target.rows.start;
  const bottom = vertical ? vertical.first[last]! + vertical.count[last]! : top + target.rows.length;
  const across = resampleRows(plane, top, bottom, target);
  return vertical ? resampleColumns(across, target.columns.length, top, vertical) : across;
}

/** Rows `top` … `bottom - 1`, resized along x. */
function resampleRows(plane: Plane, top: number, bottom: number, target: Target): Uint8Array {
  const { data, width, step, offset } = plane;
  const { columns } = target;
  const out = new Uint8Array((bottom - top) * columns.length);
  let to = 0;
  if (target.width === width) {
    for (let y = top; y < bottom; y++) {
      let from = offset + (y * width + columns.start) * step;
      for (let x = 0; x < columns.length; x++, from += step) out[to++] = data[from]!;
    }
    return out;
  }
  const { first, count, weights, stride } = computeTaps(width, target.width, columns, target.kernel);
  for (let y = top; y < bottom; y++) {
    const row = offset + y * width * step;
    for (let x = 0; x < columns.length; x++) {
      let sum = half;
      let from = row + first[x]! * step;
      const end = x * stride + count[x]!;
      for (let tap = x * stride; tap < end; tap++, from += step) {
        sum = (sum + Math.imul(data[from]!, weights[tap]!)) | 0;
      }
      const level = sum >> weightBits;
      out[to++] = level < 0 ? 0 : level > 255 ? 255 : level;
    }
  }
  return out;
}

/** Resizes along y what `resampleRows` gave; its row 0 is input row `top`. */
function resampleColumns(across: Uint8Array, width: number, top: number, taps: Taps): Uint8Array {
  const height = taps.first.length;
  const out = new Uint8Array(width * height);
  const sums = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    for (let tap = 0; tap < taps.count[y]!; tap++) {
      const weight = taps.weights[y * taps.stride + tap]!;
      const row = (taps.first[y]! - top + tap) * width;
      for (let x = 0; x < width; x++) sums[x] = (sums[x]! + Math.imul(across[row + x]!, weight)) | 0;
    }
    for (let x = 0; x < width; x++) {
      const level = sums[x]! >> weightBits;
      out[y * width + x] = level < 0 ? 0 : level > 255 ? 255 : level;
    }
  }
  return out;
}
