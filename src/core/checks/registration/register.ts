/**
 * Whether one picture is another, moved, turned and scaled a little: the similarity transform under which they agree best,
 * and how well they agree under it.
 */
import type { Plane } from './plane';

/** x' = a·x - b·y + u, y' = b·x + a·y + v, about the middle of both pictures: scale √(a² + b²), angle atan2(b, a). */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly u: number;
  readonly v: number;
}

export interface Registration {
  /** From the first picture to the second, px of the planes. */
  readonly transform: Similarity;
  /** Correlation of both where they overlap, -1 to 1. */
  readonly agreement: number;
  /** The part of the smaller picture that overlaps, 0 to 1. */
  readonly overlap: number;
}

/** Less than this and an agreement says little. */
const leastOverlap = 0.5;
const scales = [0.71, 0.8, 0.9, 1, 1.11, 1.25, 1.41];
const angles = [-0.1, -0.05, 0, 0.05, 0.1];
/** Starts that are followed to their ends. */
const starts = 3;
/** Of Gauss and Newton on each size, at most. */
const steps = 10;

/** A picture in three sizes, each half of the one before, all evened by the same radius: the smaller, the coarser is what counts. */
export type Pyramid = readonly [whole: Plane, half: Plane, quarter: Plane];

/**
 * A search on a quarter of the size over shifts, seven scales and five angles, then Gauss and Newton on half and on the whole
 * (Lucas and Kanade 1981, Baker and Matthews, IJCV 56:221, 2004), from the best starts.
 */
export function register(first: Pyramid, second: Pyramid): Registration {
  const found = searched(first[2], second[2]).map((start) => {
    const onQuarter = refined(first[2], second[2], start, steps);
    const onHalf = refined(first[1], second[1], enlarged(onQuarter), steps);
    const transform = refined(first[0], second[0], enlarged(onHalf), steps);
    return { transform, ...agreementUnder(first[0], second[0], transform) };
  });
  const none = { transform: { a: 1, b: 0, u: 0, v: 0 }, agreement: -1, overlap: 0 };
  return found.reduce<Registration>((best, one) => (one.agreement > best.agreement ? one : best), none);
}

const enlarged = ({ a, b, u, v }: Similarity): Similarity => ({ a, b, u: 2 * u, v: 2 * v });

/** Holds planes of `times` the size against each other, from where the smaller ones were found to agree. */
export function registerFiner(
  first: Plane,
  second: Plane,
  { transform: { a, b, u, v } }: Pick<Registration, 'transform'>,
  times: number,
): Registration {
  const transform = refined(first, second, { a, b, u: times * u, v: times * v }, steps);
  return { transform, ...agreementUnder(first, second, transform) };
}

/** The best transforms of a coarse grid, the best first. */
function searched(first: Plane, second: Plane): Similarity[] {
  const reach = Math.round(0.3 * Math.max(first.width, first.height));
  const found: { readonly transform: Similarity; readonly agreement: number }[] = [];
  for (const scale of scales) {
    for (const angle of angles) {
      let best = { transform: { a: 1, b: 0, u: 0, v: 0 }, agreement: -Infinity };
      for (let v = -reach; v <= reach; v++) {
        for (let u = -reach; u <= reach; u++) {
          const transform = { a: scale * Math.cos(angle), b: scale * Math.sin(angle), u, v };
          const agreement = roughAgreement(first, second, transform);
          if (agreement > best.agreement) best = { transform, agreement };
        }
      }
      found.push(best);
    }
  }
  // Most copies are neither turned nor scaled.
  const plain = found.filter(({ transform: { a, b } }) => a === 1 && b === 0);
  const best = found.sort((x, y) => y.agreement - x.agreement).slice(0, starts);
  return [...new Set([...plain, ...best])].map(({ transform }) => transform);
}

/** Correlation over the overlap at every other pixel of every other row, by the pixel that is nearest: for the search. */
function roughAgreement(first: Plane, second: Plane, { a, b, u, v }: Similarity): number {
  const { width, height, data } = first;
  const { width: w, height: h, data: other } = second;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const [dx, dy] = [(second.width - 1) / 2 + u + 0.5, (second.height - 1) / 2 + v + 0.5];
  let [n, sp, sq, spp, sqq, spq] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const tx = a * (x - cx) - b * (y - cy) + dx;
      const ty = b * (x - cx) + a * (y - cy) + dy;
      if (!(tx >= 0 && ty >= 0 && tx < w && ty < h)) continue;
      const q = other[(ty | 0) * w + (tx | 0)]!;
      const p = data[y * width + x]!;
      n++;
      sp += p;
      sq += q;
      spp += p * p;
      sqq += q * q;
      spq += p * q;
    }
  }
  const smaller = Math.min(width * height, (second.width * second.height) / (a * a + b * b)) / 4;
  if (n < leastOverlap * smaller) return -1;
  const spread = (spp - (sp * sp) / n) * (sqq - (sq * sq) / n);
  return spread > 0 ? (spq - (sp * sq) / n) / Math.sqrt(spread) : 0;
}

/** Correlation over the overlap, and its size. */
function agreementUnder(
  first: Plane,
  second: Plane,
  { a, b, u, v }: Similarity,
): Pick<Registration, 'agreement' | 'overlap'> {
  const { width, height, data } = first;
  const other = second.data;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const [dx, dy] = [(second.width - 1) / 2 + u, (second.height - 1) / 2 + v];
  let [n, sp, sq, spp, sqq, spq] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const tx = a * (x - cx) - b * (y - cy) + dx;
      const ty = b * (x - cx) + a * (y - cy) + dy;
      const ix = Math.floor(tx);
      const iy = Math.floor(ty);
      if (ix < 0 || iy < 0 || ix >= second.width - 1 || iy >= second.height - 1) continue;
      const [fx, fy] = [tx - ix, ty - iy];
      const at = iy * second.width + ix;
      const above = other[at]! * (1 - fx) + other[at + 1]! * fx;
      const below = other[at + second.width]! * (1 - fx) + other[at + second.width + 1]! * fx;
      const q = above * (1 - fy) + below * fy;
      const p = data[y * width + x]!;
      n++;
      sp += p;
      sq += q;
      spp += p * p;
      sqq += q * q;
      spq += p * q;
    }
  }
  const smaller = Math.min(width * height, (second.width * second.height) / (a * a + b * b));
  const overlap = smaller > 0 ? Math.min(1, n / smaller) : 0;
  if (overlap < leastOverlap) return { agreement: -1, overlap };
  const spread = (spp - (sp * sp) / n) * (sqq - (sq * sq) / n);
  return { agreement: spread > 0 ? (spq - (sp * sq) / n) / Math.sqrt(spread) : 0, overlap };
}

/** Steps of Gauss and Newton on the sum of squared differences. */
function refined(first: Plane, second: Plane, from: Similarity, most: number): Similarity {
  let transform = from;
  for (let k = 0; k < most; k++) {
    const step = gaussNewtonStep(first, second, transform);
    if (!step) break;
    const [a, b, u, v] = step;
    transform = {
      a: transform.a + a,
      b: transform.b + b,
      u: transform.u + u,
      v: transform.v + v,
    };
    if (Math.hypot(u, v) + first.width * Math.hypot(a, b) < 0.01) break;
  }
  return transform;
}

function gaussNewtonStep(
  first: Plane,
  second: Plane,
  { a, b, u, v }: Similarity,
): readonly [number, number, number, number] | undefined {
  const { width, height, data } = first;
  const { width: w, data: other } = second;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const [dx, dy] = [(w - 1) / 2 + u, (second.height - 1) / 2 + v];
  const [lastX, lastY] = [w - 1, second.height - 1];
  // The lower half of the normal matrix, row by row, and the right side: scalars, a third of the time of arrays.
  let [m00, m10, m11, m20, m21, m22, m30, m31, m32, m33] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  let [r0, r1, r2, r3] = [0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    const py = y - cy;
    for (let x = 0; x < width; x++) {
      const px = x - cx;
      const tx = a * px - b * py + dx;
      const ty = b * px + a * py + dy;
      if (!(tx >= 0 && ty >= 0 && tx < lastX && ty < lastY)) continue;
      const ix = tx | 0;
      const iy = ty | 0;
      const fx = tx - ix;
      const fy = ty - iy;
      const at = iy * w + ix;
      const p00 = other[at]!;
      const p10 = other[at + 1]!;
      const p01 = other[at + w]!;
      const p11 = other[at + w + 1]!;
      const gx = (p10 - p00) * (1 - fy) + (p11 - p01) * fy;
      const gy = (p01 - p00) * (1 - fx) + (p11 - p10) * fx;
      const q = (p00 * (1 - fx) + p10 * fx) * (1 - fy) + (p01 * (1 - fx) + p11 * fx) * fy;
      const difference = data[y * width + x]! - q;
      const ga = gx * px + gy * py;
      const gb = gy * px - gx * py;
      r0 += ga * difference;
      r1 += gb * difference;
      r2 += gx * difference;
      r3 += gy * difference;
      m00 += ga * ga;
      m10 += gb * ga;
      m11 += gb * gb;
      m20 += gx * ga;
      m21 += gx * gb;
      m22 += gx * gx;
      m30 += gy * ga;
      m31 += gy * gb;
      m32 += gy * gx;
      m33 += gy * gy;
    }
  }
  const normal = Float64Array.of(m00, 0, 0, 0, m10, m11, 0, 0, m20, m21, m22, 0, m30, m31, m32, m33);
  const right = Float64Array.of(r0, r1, r2, r3);
  return solveFour(normal, right);
}

/** By Cholesky's factors; undefined where the picture says nothing in some direction. @param normal the lower half */
function solveFour(
  normal: Float64Array,
  right: Float64Array,
): readonly [number, number, number, number] | undefined {
  const L = new Float64Array(16);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = normal[i * 4 + j]!;
      for (let k = 0; k < j; k++) sum -= L[i * 4 + k]! * L[j * 4 + k]!;
      if (i !== j) L[i * 4 + j] = sum / L[j * 4 + j]!;
      else if (sum <= 1e-9) return undefined;
      else L[i * 4 + i] = Math.sqrt(sum);
    }
  }
  const z = right.slice();
  for (let i = 0; i < 4; i++) {
    for (let k = 0; k < i; k++) z[i]! -= L[i * 4 + k]! * z[k]!;
    z[i]! /= L[i * 4 + i]!;
  }
  for (let i = 3; i >= 0; i--) {
    for (let k = i + 1; k < 4; k++) z[i]! -= L[k * 4 + i]! * z[k]!;
    z[i]! /= L[i * 4 + i]!;
  }
  return [z[0]!, z[1]!, z[2]!, z[3]!];
}
