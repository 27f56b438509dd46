/**
 * A model of "an independent look changed this label": on standardised features, the given label, and their products. Labels
 * are the corners of a simplex (two labels: 1 and -1), so that what holds for one label and what holds for all are learnt
 * side by side. Automatic methods cannot see noise that a model has learnt with the labels; this one learns it from the reader.
 */
import { standardisations, type Standardisation } from '../../training/standardise';
import { fitKernelLogistic, type KernelFit } from './kernelLogistic';

/** One label that was looked at. */
export interface Reviewed {
  readonly sample: number;
  /** The given label: a class, or 1 and 0. */
  readonly label: number;
  readonly changed: boolean;
}

/** Label and metadata weigh three times as much as a feature: one column stands beside a thousand. */
const labelScale = 3;

export interface ReviewData {
  /** Row-major samples × dim. */
  readonly features: Float32Array;
  readonly dim: number;
  /** 1 where the sample has features. */
  readonly present: Uint8Array;
  /** How many labels a finding may have. */
  readonly labels: number;
  /** Chosen columns of the table as numbers, samples × width, standardised; none unless they were chosen. */
  readonly metadata?: { readonly values: Float64Array; readonly width: number };
}

/** A fit, and the reviews that it is of. */
export interface ReviewFit extends KernelFit {
  readonly reviewed: readonly Reviewed[];
}

export class ReviewModel {
  private readonly whole: Standardisation;
  /** Standardised features and scaled metadata of reviewed samples. */
  private readonly rows = new Map<number, Float32Array>();

  constructor(private readonly data: ReviewData) {
    const fold = Int32Array.from(data.present, (one) => (one === 1 ? 0 : -1));
    const [, whole] = standardisations(data.features, data.dim, fold, 1);
    if (!whole) throw new Error('There is no standardisation');
    this.whole = whole;
  }

  /** Whether anything can be said of a sample. */
  knows(sample: number): boolean {
    return this.data.present[sample] === 1;
  }

  /** Inner products of the reviews, row-major. They are the same for every strength of the penalty. */
  kernel(reviewed: readonly Reviewed[]): Float64Array {
    const n = reviewed.length;
    const kernel = new Float64Array(n * n);
    const rows = reviewed.map(({ sample }) => this.row(sample));
    for (const [i, a] of reviewed.entries()) {
      for (const [j, b] of reviewed.entries()) {
        if (j > i) break;
        const alike = this.alike(a.label, b.label);
        // Of two labels only those that are equal share anything.
        const product = alike === -1 ? 0 : dot(rows[i], rows[j]) * (1 + alike);
        kernel[i * n + j] = kernel[j * n + i] = product + labelScale * labelScale * alike;
      }
    }
    return kernel;
  }

  /** @param C as scikit-learn's */
  fit(reviewed: readonly Reviewed[], C: number, kernel = this.kernel(reviewed), near?: KernelFit): ReviewFit {
    const changed = Uint8Array.from(reviewed, (one) => (one.changed ? 1 : 0));
    return { reviewed, ...fitKernelLogistic(kernel, changed, C, near) };
  }

  /** The probability that a look changes each of these labels. Cost: the features of each once. */
  probabilities(
    { reviewed, weights, intercept }: ReviewFit,
    items: readonly Pick<Reviewed, 'sample' | 'label'>[],
  ): Float64Array {
    const { labels } = this.data;
    const width = this.width;
    const byLabel = Array.from({ length: labels }, () => new Float64Array(width));
    const offsets = new Float64Array(labels).fill(intercept);
    for (const [i, { sample, label }] of reviewed.entries()) {
      const row = this.row(sample);
      for (const [k, direction] of byLabel.entries()) {
        const alike = this.alike(label, k);
        const weight = weights[i]! * (1 + alike);
        offsets[k]! += weights[i]! * labelScale * labelScale * alike;
        for (let j = 0; j < width; j++) direction[j]! += weight * row[j]!;
      }
    }
    const found = new Float64Array(items.length);
    for (const [n, { sample, label }] of items.entries()) {
      const direction = byLabel[label];
      const f = direction ? offsets[label]! + this.project(sample, direction) : NaN;
      found[n] = 1 / (1 + Math.exp(-f));
    }
    return found;
  }

  private get width(): number {
    return this.data.dim + (this.data.metadata?.width ?? 0);
  }

  /** Inner product of two labels as corners of a simplex. */
  private alike(a: number, b: number): number {
    return a === b ? 1 : -1 / (this.data.labels - 1);
  }

  private project(sample: number, direction: Float64Array): number {
    const { features, dim, metadata } = this.data;
    const { mean, inverseScale } = this.whole;
    let sum = 0;
    for (let j = 0, at = sample * dim; j < dim; j++, at++) {
      sum += (features[at]! - mean[j]!) * inverseScale[j]! * direction[j]!;
    }
    if (metadata) {
      for (let m = 0; m < metadata.width; m++) {
        sum += labelScale * metadata.values[sample * metadata.width + m]! * direction[dim + m]!;
      }
    }
    return sum;
  }

  private row(sample: number): Float32Array {
    const known = this.rows.get(sample);
    if (known) return known;
    const { features, dim, metadata } = this.data;
    const { mean, inverseScale } = this.whole;
    const row = new Float32Array(this.width);
    for (let j = 0, at = sample * dim; j < dim; j++, at++) {
      row[j] = (features[at]! - mean[j]!) * inverseScale[j]!;
    }
    if (metadata) {
      for (let m = 0; m < metadata.width; m++) {
        row[dim + m] = labelScale * metadata.values[sample * metadata.width + m]!;
      }
    }
    this.rows.set(sample, row);
    return row;
  }
}

/** Four sums at a time: one alone waits for each addition to end before the next begins. */
function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return 0;
  const whole = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}
