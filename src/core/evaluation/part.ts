/** One part of the data laid out so that every figure is one sweep over typed arrays. */
import type { Targets } from '../labels/model';
import { lossOf, mostProbable } from './predictions';

export interface MetricsInput {
  readonly targets: Targets;
  /** Calibrated probabilities, row-major samples × outputs; rows of NaN have no prediction and are left out. */
  readonly probabilities: Float64Array;
  /** Samples of this part, as indices into `Dataset.samples`. */
  readonly rows: Int32Array;
  /** The patient of every sample of the dataset. */
  readonly groups: readonly string[];
  /** One per finding for multi-label; empty for multi-class. */
  readonly thresholds: readonly number[];
}

/** Bins of the calibration error (Guo et al. 2017). */
export const calibrationBins = 15;

/** Entries in columns: one per labelled sample. */
interface Entries {
  /** Index of the entry's patient. */
  readonly patient: Int32Array;
  /** Cross entropy, nats. */
  readonly loss: Float64Array;
  /** Brier: squared error, summed over the classes for multi-class. */
  readonly squared: Float64Array;
  /** Calibration bin of `confidence`. */
  readonly bin: Uint8Array;
  readonly confidence: Float64Array;
  /** Whether what is `confidence` sure of is so. */
  readonly correct: Uint8Array;
}

/** One class against the rest, or one finding; entries by falling probability, those of a tie side by side. */
export interface OutputEntries extends Entries {
  readonly name: string;
  readonly threshold: number | null;
  /** 1 where the label is this output; for an output this is also `correct`. */
  readonly positive: Uint8Array;
  /** 1 where the model calls it. */
  readonly called: Uint8Array;
  /** 1 on the last entry of a run of equal probabilities. */
  readonly tieEnd: Uint8Array;
  readonly positives: number;
  readonly negatives: number;
}

/** The layout of one part. */
export interface Part {
  readonly outputs: readonly OutputEntries[];
  /** multi-class: the samples as wholes (argmax against label). multi-label: null. */
  readonly samples: Entries | null;
  /** Samples with a label and a prediction. */
  readonly sampleCount: number;
  /** Number of distinct patients among them. */
  readonly patients: number;
  /** multi-class: [given][predicted]. multi-label: null. */
  readonly confusion: readonly (readonly number[])[] | null;
}

/** Lays out the samples of a part that have a prediction and a label. Cost: one sort per output. */
export function layOutPart(input: MetricsInput): Part {
  const { targets, probabilities, thresholds } = input;
  const outputs = targets.outputs.length;
  const stride = targets.task === 'multi-class' ? 1 : outputs;
  const rows = input.rows.filter((row) => {
    if (Number.isNaN(probabilities[row * outputs]!)) return false;
    return targets.y.subarray(row * stride, (row + 1) * stride).some((y) => y >= 0);
  });
  const patientOf = numberPatients(rows, input.groups);
  const shared = { sampleCount: rows.length, patients: new Set(patientOf).size };
  const all = [...rows.keys()];
  if (targets.task === 'multi-label') {
    const parts = targets.outputs.map((name, o) => {
      const label = (i: number) => targets.y[rows[i]! * outputs + o]!;
      const p = (i: number) => probabilities[rows[i]! * outputs + o]!;
      const called = (i: number) => p(i) >= thresholds[o]!;
      const labelled = all.filter((i) => label(i) >= 0);
      const isPositive = (i: number) => label(i) === 1;
      return outputEntries(name, thresholds[o]!, labelled, patientOf, p, isPositive, called);
    });
    return { ...shared, outputs: parts, samples: null, confusion: null };
  }
  const probabilitiesOf = (i: number) => probabilities.subarray(rows[i]! * outputs, (rows[i]! + 1) * outputs);
  const predicted = all.map((i) => mostProbable(probabilitiesOf(i)));
  const given = all.map((i) => targets.y[rows[i]!]!);
  const confusion = targets.outputs.map(() => new Array<number>(outputs).fill(0));
  given.forEach((label, i) => confusion[label]![predicted[i]!]!++);
  return {
    ...shared,
    confusion,
    samples: sampleEntries(all, patientOf, probabilitiesOf, given, predicted),
    outputs: targets.outputs.map((name, k) => {
      const p = (i: number) => probabilitiesOf(i)[k]!;
      return outputEntries(
        name,
        null,
        all,
        patientOf,
        p,
        (i) => given[i] === k,
        (i) => predicted[i] === k,
      );
    }),
  };
}

function numberPatients(rows: Int32Array, groups: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return rows.map((row) => {
    const group = groups[row]!;
    let number = numbers.get(group);
    if (number === undefined) numbers.set(group, (number = numbers.size));
    return number;
  });
}

function outputEntries(
  name: string,
  threshold: number | null,
  entries: readonly number[],
  patientOf: Int32Array,
  p: (i: number) => number,
  isPositive: (i: number) => boolean,
  isCalled: (i: number) => boolean,
): OutputEntries {
  const keys = Float64Array.from(entries, p);
  const order = Int32Array.from(keys.keys()).sort((a, b) => keys[b]! - keys[a]! || a - b);
  const sorted = Int32Array.from(order, (n) => entries[n]!);
  const confidence = Float64Array.from(order, (n) => keys[n]!);
  const positive = Uint8Array.from(sorted, (i) => (isPositive(i) ? 1 : 0));
  const positives = positive.reduce((sum, value) => sum + value, 0);
  return {
    name,
    threshold,
    patient: Int32Array.from(sorted, (i) => patientOf[i]!),
    positive,
    called: Uint8Array.from(sorted, (i) => (isCalled(i) ? 1 : 0)),
    tieEnd: Uint8Array.from(confidence, (value, n) => (value === confidence[n + 1] ? 0 : 1)),
    loss: confidence.map((value, n) => lossOf(positive[n] === 1 ? value : 1 - value)),
    squared: confidence.map((value, n) => (value - positive[n]!) ** 2),
    bin: Uint8Array.from(confidence, binOf),
    confidence,
    correct: positive,
    positives,
    negatives: positive.length - positives,
  };
}

function sampleEntries(
  all: readonly number[],
  patientOf: Int32Array,
  probabilitiesOf: (i: number) => Float64Array,
  given: readonly number[],
  predicted: readonly number[],
): Entries {
  const classes = all.length === 0 ? 0 : probabilitiesOf(0).length;
  // scikit-learn's brier_score_loss: [0, 1] for two classes, [0, 2] for more.
  const scale = classes === 2 ? 0.5 : 1;
  const confidence = Float64Array.from(all, (i) => probabilitiesOf(i)[predicted[i]!]!);
  return {
    patient: patientOf,
    loss: Float64Array.from(all, (i) => lossOf(probabilitiesOf(i)[given[i]!]!)),
    squared: Float64Array.from(all, (i) =>
      probabilitiesOf(i).reduce((sum, p, k) => sum + scale * (p - (k === given[i] ? 1 : 0)) ** 2, 0),
    ),
    bin: Uint8Array.from(confidence, binOf),
    confidence,
    correct: Uint8Array.from(all, (i) => (given[i] === predicted[i] ? 1 : 0)),
  };
}

/** Bins are (m/15, (m+1)/15]; 0 belongs to the first. */
function binOf(confidence: number): number {
  return Math.min(calibrationBins - 1, Math.max(0, Math.ceil(confidence * calibrationBins) - 1));
}
