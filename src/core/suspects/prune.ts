/** Which labels are called wrong: the pruning methods of confident learning. Equal to cleanlab 2.9, index by index. */
import { calibratedJoint, confidentClasses, confidentJoint, labelCounts } from './confidentJoint';
import { labelQuality } from './labelQuality';
import type { Joint, LabelledProbabilities, PruneMethod, QualityMethod } from './model';
import { valueAtRank } from './valueAtRank';

export interface PruneOptions {
  /** Default: `prune_by_noise_rate`. */
  readonly method?: PruneMethod;
  /** What part of the estimated errors is called wrong, for the methods that go by the joint. */
  readonly share?: number;
}

/** What the methods share. */
export interface ConfidentCounts {
  /** The confident class of each row, -1 for none. */
  readonly confident: Int32Array;
  readonly joint: Joint;
  readonly calibrated: Joint;
  readonly counts: Float64Array;
}

export function confidentCounts(data: LabelledProbabilities): ConfidentCounts {
  const confident = confidentClasses(data);
  const joint = confidentJoint(data, confident);
  const counts = labelCounts(data);
  return { confident, joint, calibrated: calibratedJoint(joint, counts), counts };
}

/** 1 for each row whose label is called wrong. @param known of the same data, where it is there already */
export function wrongLabels(
  data: LabelledProbabilities,
  { method = 'prune_by_noise_rate', share = 1 }: PruneOptions = {},
  known: ConfidentCounts = confidentCounts(data),
): Uint8Array {
  const pruned = pruneCounts(known, share);
  const byRate = (): Uint8Array => mostContradicted(data, pruned);
  const byClass = (): Uint8Array => leastConfident(data, pruned, known.counts);
  const unlessPredicted = (marks: Uint8Array): Uint8Array => withoutPredicted(data, marks);
  switch (method) {
    case 'prune_by_noise_rate':
      return unlessPredicted(byRate());
    case 'prune_by_class':
      return unlessPredicted(byClass());
    case 'both': {
      const second = byClass();
      const first = byRate();
      for (let i = 0; i < first.length; i++) first[i]! &= second[i]!;
      return unlessPredicted(first);
    }
    case 'confident_learning':
      return unlessPredicted(offDiagonal(data, known));
    case 'predicted_neq_given':
      return predictedOther(data);
    case 'low_self_confidence':
      return lowestMarked(labelQuality(data, 'self_confidence'), estimatedErrors(data, known));
    case 'low_normalized_margin':
      return lowestMarked(labelQuality(data, 'normalized_margin'), estimatedErrors(data, known));
  }
}

/** The rows that are marked, the most suspect first; equals in the order of the table. @internal */
export function rankedRows(
  data: LabelledProbabilities,
  marks: Uint8Array,
  by: QualityMethod = 'self_confidence',
): Int32Array {
  const quality = labelQuality(data, by);
  const rows = Int32Array.from([...marks.keys()].filter((i) => marks[i] === 1));
  return rows.sort((a, b) => quality[a]! - quality[b]! || a - b);
}

/** How many labels are wrong: rows that are confidently of another class. */
export function estimatedErrors(
  data: LabelledProbabilities,
  known: ConfidentCounts = confidentCounts(data),
): number {
  let errors = 0;
  for (const mark of withoutPredicted(data, offDiagonal(data, known))) errors += mark;
  return errors;
}

/** The same by the calibrated joint, which also counts those of which nothing is confident. @internal */
export function estimatedErrorsCalibrated({ calibrated, counts }: ConfidentCounts): number {
  const classes = counts.length;
  let errors = 0;
  calibrated.forEach((count, cell) => {
    if (cell % (classes + 1) !== 0) errors += count;
  });
  return errors;
}

/** 1 where the likeliest class is another than the given one. */
function predictedOther(data: LabelledProbabilities): Uint8Array {
  return withoutPredicted(data, new Uint8Array(data.labels.length).fill(1));
}

/** Probabilities this near are equal: a class so near the likeliest one is predicted as well. */
const nearlyEqual = 1e-6;

/** The marks without rows of which the given class is predicted. */
function withoutPredicted({ labels, p, classes }: LabelledProbabilities, marks: Uint8Array): Uint8Array {
  for (let i = 0, at = 0; i < marks.length; i++, at += classes) {
    if (marks[i] === 0) continue;
    let highest = 0;
    for (let k = 0; k < classes; k++) if (p[at + k]! > highest) highest = p[at + k]!;
    if (p[at + labels[i]!]! >= highest - nearlyEqual) marks[i] = 0;
  }
  return marks;
}

function offDiagonal({ labels }: LabelledProbabilities, { confident }: ConfidentCounts): Uint8Array {
  const marks = new Uint8Array(labels.length);
  for (let i = 0; i < marks.length; i++) {
    if (confident[i]! >= 0 && confident[i] !== labels[i]) marks[i] = 1;
  }
  return marks;
}

/**
 * How many rows of each off-diagonal are called wrong, a part of what is estimated; the diagonal counts the others. Of each
 * class at least one row is right.
 */
function pruneCounts({ calibrated, counts }: ConfidentCounts, share: number): Joint {
  const classes = counts.length;
  const pruned = new Float64Array(calibrated.length);
  for (let s = 0; s < classes; s++) {
    const right = calibrated[s * (classes + 1)]!;
    const wrong = counts[s]! - right;
    const isAllWrong = wrong > 0 && right + wrong * (1 - share) < 1;
    const part = isAllWrong ? (wrong - 1) / wrong : share;
    for (let y = 0; y < classes; y++) {
      if (y !== s) pruned[s * classes + y] = Math.floor(calibrated[s * classes + y]! * part);
    }
    pruned[s * (classes + 1)] = isAllWrong ? 1 : Math.floor(right + wrong * (1 - share));
  }
  return pruned;
}

/** Of each off-diagonal (s, y) as many rows as it counts, those with the largest p[y] - p[s]. */
function mostContradicted({ labels, p, classes }: LabelledProbabilities, pruned: Joint): Uint8Array {
  const marks = new Uint8Array(labels.length);
  for (const [s, rows] of rowsByLabel(labels, classes).entries()) {
    for (let y = 0; y < classes; y++) {
      const wanted = pruned[s * classes + y]!;
      if (y === s || wanted <= 0) continue;
      const keys = new Float64Array(rows.length);
      for (let n = 0; n < keys.length; n++) {
        keys[n] = p[rows[n]! * classes + s]! - p[rows[n]! * classes + y]!;
      }
      for (const n of lowestOf(keys, wanted)) marks[rows[n]!] = 1;
    }
  }
  return marks;
}

/** Of each class as many rows as its off-diagonals count, those with the smallest p[s]. */
function leastConfident(
  { labels, p, classes }: LabelledProbabilities,
  pruned: Joint,
  counts: Float64Array,
): Uint8Array {
  const marks = new Uint8Array(labels.length);
  for (const [s, rows] of rowsByLabel(labels, classes).entries()) {
    const wanted = counts[s]! - pruned[s * (classes + 1)]!;
    if (rows.length === 0 || wanted <= 0) continue;
    const own = new Float64Array(rows.length);
    for (let n = 0; n < own.length; n++) own[n] = p[rows[n]! * classes + s]!;
    const bound = valueAtRank(own, Math.min(wanted, rows.length - 1));
    for (let n = 0; n < own.length; n++) if (own[n]! < bound) marks[rows[n]!] = 1;
  }
  return marks;
}

/** The places of the `wanted` smallest values; of equals the first. */
function lowestOf(values: Float64Array, wanted: number): number[] {
  const bound = valueAtRank(values, Math.min(wanted, values.length) - 1);
  const places: number[] = [];
  const equals: number[] = [];
  for (let n = 0; n < values.length; n++) {
    if (values[n]! < bound) places.push(n);
    else if (values[n] === bound) equals.push(n);
  }
  return [...places, ...equals.slice(0, wanted - places.length)];
}

/** 1 for each of the `wanted` smallest scores, of equals the first; NaN is none. */
export function lowestMarked(scores: Float64Array, wanted: number): Uint8Array {
  const marks = new Uint8Array(scores.length);
  if (wanted <= 0) return marks;
  const known = scores.map((score) => (Number.isNaN(score) ? Infinity : score));
  for (const i of lowestOf(known, wanted)) marks[i] = Number.isNaN(scores[i]!) ? 0 : 1;
  return marks;
}

function rowsByLabel(labels: Int32Array, classes: number): Int32Array[] {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  const rows = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const own = rows[label];
    if (own) own[counts[label]!++] = i;
  }
  return rows;
}
