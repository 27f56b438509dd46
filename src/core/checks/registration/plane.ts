/** A small grey picture for registration: what is fine in it, at an even contrast. */

/** Row-major width × height. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * Takes off what is coarse and evens out the contrast: (x - mean around x) / (deviation around x). Two pictures of one
 * scene then agree whatever their brightness and gain, and two patients who are alike in shape do not.
 * @param radius of the surroundings, px
 */
export function evened({ width, height, data }: Plane, radius: number): Plane {
  const mean = blurred({ width, height, data }, radius);
  const fine = data.map((value, i) => value - mean.data[i]!);
  const power = blurred({ width, height, data: fine.map((value) => value * value) }, 2 * radius);
  let overall = 0;
  for (const value of power.data) overall += value;
  // Where nothing is to be seen (a black margin) noise is not blown up.
  const floor = 0.1 * (overall / power.data.length) + 1e-6;
  return { width, height, data: fine.map((value, i) => value / Math.sqrt(power.data[i]! + floor)) };
}

/** Three box means one after the other, near a Gaussian; at the edges over what is there. */
export function blurred({ width, height, data }: Plane, radius: number): Plane {
  let now = data;
  for (let pass = 0; pass < 3; pass++) {
    now = boxed(now, width, height, radius, 1, width);
    now = boxed(now, height, width, radius, width, 1);
  }
  return { width, height, data: now };
}

/** Running means along lines: `length` elements `step` apart, lines `stride` apart. */
function boxed(
  data: Float32Array,
  length: number,
  lines: number,
  radius: number,
  step: number,
  stride: number,
): Float32Array {
  const out = new Float32Array(data.length);
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    let sum = 0;
    let count = 0;
    for (let i = 0; i < Math.min(radius, length); i++) {
      sum += data[start + i * step]!;
      count++;
    }
    for (let i = 0; i < length; i++) {
      if (i + radius < length) {
        sum += data[start + (i + radius) * step]!;
        count++;
      }
      if (i - radius - 1 >= 0) {
        sum -= data[start + (i - radius - 1) * step]!;
        count--;
      }
      out[start + i * step] = sum / count;
    }
  }
  return out;
}

/** Half the size, by means of four. */
export function halved({ width, height, data }: Plane): Plane {
  const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)];
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x;
      out[y * w + x] = (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]!) / 4;
    }
  }
  return { width: w, height: h, data: out };
}
