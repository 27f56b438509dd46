/** One part of the data laid out so that every figure is one sweep over typed arrays. */
import type { Targets } from '../labels/model';
import { fallingOrder } from '../training/fallingOrder';
import { isCalled, lossOf, mostProbable } from './outcomeRules';
import { present } from '../base/present';

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
  /** 1 where what `confidence` is about is so: the predicted class (`samples`), or the output itself. */
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
  const rows = measuredRows(input);
  const patients = numberPatients(rows, input.groups);
  const shared = { sampleCount: rows.length, patients: patients.count };
  if (input.targets.task === 'multi-label') {
    const outputs = input.targets.outputs.map((name, o) =>
      findingEntries(input, { name, o }, rows, patients.ofRow),
    );
    return { ...shared, outputs, samples: null, confusion: null };
  }
  const { targets, probabilities } = input;
  const classes = targets.outputs.length;
  const given = rows.map((row) => targets.y[row]!);
  const predicted = rows.map((row) => mostProbable(probabilities, row * classes, classes));
  const counts = new Float64Array(classes * classes);
  given.forEach((label, i) => counts[label * classes + predicted[i]!]!++);
  return {
    ...shared,
    confusion: targets.outputs.map((_, k) => [...counts.subarray(k * classes, (k + 1) * classes)]),
    samples: sampleEntries(input, rows, patients.ofRow, given, predicted),
    outputs: targets.outputs.map((name, k) =>
      outputEntries(name, null, {
        patient: patients.ofRow,
        probability: Float64Array.from(rows, (row) => probabilities[row * classes + k]!),
        positive: Uint8Array.from(given, (label) => (label === k ? 1 : 0)),
        called: Uint8Array.from(predicted, (label) => (label === k ? 1 : 0)),
      }),
    ),
  };
}

/** The rows with a prediction and at least one label. */
function measuredRows({ targets, probabilities, rows }: MetricsInput): Int32Array {
  const outputs = targets.outputs.length;
  const stride = targets.task === 'multi-class' ? 1 : outputs;
  return rows.filter((row) => {
    if (Number.isNaN(probabilities[row * outputs]!)) return false;
    for (let n = row * stride; n < (row + 1) * stride; n++) if (targets.y[n]! >= 0) return true;
    return false;
  });
}

function numberPatients(rows: Int32Array, groups: readonly string[]) {
  const numbers = new Map<string, number>();
  const ofRow = rows.map((row) => {
    const group = present(groups[row], 'the patient');
    let number = numbers.get(group);
    if (number === undefined) numbers.set(group, (number = numbers.size));
    return number;
  });
  return { ofRow, count: numbers.size };
}

/** The labelled rows of one finding. */
function findingEntries(
  input: MetricsInput,
  { name, o }: { readonly name: string; readonly o: number },
  rows: Int32Array,
  patientOf: Int32Array,
): OutputEntries {
  const { targets, probabilities } = input;
  const threshold = present(input.thresholds[o], 'the threshold');
  const outputs = targets.outputs.length;
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (targets.y[rows[i]! * outputs + o]! >= 0) count++;
  const patient = new Int32Array(count);
  const probability = new Float64Array(count);
  const positive = new Uint8Array(count);
  const called = new Uint8Array(count);
  for (let i = 0, n = 0; i < rows.length; i++) {
    const at = rows[i]! * outputs + o;
    const label = targets.y[at]!;
    if (label < 0) continue;
    patient[n] = patientOf[i]!;
    probability[n] = probabilities[at]!;
    positive[n] = label;
    called[n] = isCalled(probability[n]!, threshold) ? 1 : 0;
    n++;
  }
  return outputEntries(name, threshold, { patient, probability, positive, called });
}

/** Entries in the order of the rows. */
interface Unsorted {
  readonly patient: Int32Array;
  readonly probability: Float64Array;
  readonly positive: Uint8Array;
  readonly called: Uint8Array;
}

function outputEntries(name: string, threshold: number | null, unsorted: Unsorted): OutputEntries {
  const order = fallingOrder(unsorted.probability);
  const length = order.length;
  const patient = new Int32Array(length);
  const positive = new Uint8Array(length);
  const called = new Uint8Array(length);
  const confidence = new Float64Array(length);
  const tieEnd = new Uint8Array(length);
  const loss = new Float64Array(length);
  const squared = new Float64Array(length);
  const bin = new Uint8Array(length);
  let positives = 0;
  for (let n = 0; n < length; n++) {
    const i = order[n]!;
    const p = unsorted.probability[i]!;
    const label = unsorted.positive[i]!;
    patient[n] = unsorted.patient[i]!;
    positive[n] = label;
    positives += label;
    called[n] = unsorted.called[i]!;
    confidence[n] = p;
    tieEnd[n] = n + 1 < length && unsorted.probability[order[n + 1]!] === p ? 0 : 1;
    loss[n] = lossOf(label === 1 ? p : 1 - p);
    squared[n] = (p - label) ** 2;
    bin[n] = binOf(p);
  }
  const negatives = length - positives;
  const figures = { loss, squared, bin, confidence, correct: positive };
  return { name, threshold, patient, positive, called, tieEnd, ...figures, positives, negatives };
}

/** multi-class: one entry per sample. */
function sampleEntries(
  { targets, probabilities }: MetricsInput,
  rows: Int32Array,
  patient: Int32Array,
  given: Int32Array,
  predicted: Int32Array,
): Entries {
  const classes = targets.outputs.length;
  // scikit-learn's brier_score_loss: [0, 1] for two classes, [0, 2] for more.
  const scale = classes === 2 ? 0.5 : 1;
  const confidence = Float64Array.from(rows, (row, i) => probabilities[row * classes + predicted[i]!]!);
  return {
    patient,
    confidence,
    bin: Uint8Array.from(confidence, binOf),
    correct: Uint8Array.from(given, (label, i) => (label === predicted[i] ? 1 : 0)),
    loss: Float64Array.from(rows, (row, i) => lossOf(probabilities[row * classes + given[i]!]!)),
    squared: Float64Array.from(rows, (row, i) => {
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        sum += (probabilities[row * classes + k]! - (k === given[i] ? 1 : 0)) ** 2;
      }
      return scale * sum;
    }),
  };
}

/** Bins are (m/15, (m+1)/15]; 0 belongs to the first. */
function binOf(confidence: number): number {
  return Math.min(calibrationBins - 1, Math.max(0, Math.ceil(confidence * calibrationBins) - 1));
}
