/**
 * The confident joint: how many labels of each class are confidently of each other (Northcutt, Jiang, Chuang: Confident
 * learning: estimating uncertainty in dataset labels, JAIR 70, 2021). Equal to cleanlab 2.9 (test/golden/cleanlab.py).
 */
import type { Joint, LabelledProbabilities } from './model';

/** A class that nobody is labelled with is never confident. */
const never = 2;
/** A class's threshold is at least this, so that one whose probabilities are all 0 is not confident everywhere. */
const lowest = 1e-6;
/** A probability this far below its threshold still counts as at it. */
const slack = 1e-6;

/** t_k: the mean probability of class k over the rows labelled k; 2 for a class without rows. */
export function confidentThresholds({ labels, p, classes }: LabelledProbabilities): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const k = labels[i]!;
    sums[k]! += p[i * classes + k]!;
    counts[k]!++;
  }
  return sums.map((sum, k) => (counts[k] === 0 ? never : Math.max(sum / counts[k]!, lowest)));
}

/**
 * The class that each row is confidently of: the only one at or above its threshold, of several the most probable class;
 * -1 where there is none.
 */
export function confidentClasses(data: LabelledProbabilities): Int32Array {
  const { labels, p, classes } = data;
  const bounds = confidentThresholds(data).map((threshold) => threshold - slack);
  const found = new Int32Array(labels.length);
  for (let i = 0, at = 0; i < found.length; i++, at += classes) {
    let confident = -1;
    let several = false;
    let best = 0;
    for (let k = 0; k < classes; k++) {
      const value = p[at + k]!;
      if (value > p[at + best]!) best = k;
      if (value < bounds[k]!) continue;
      several = confident >= 0;
      if (confident < 0) confident = k;
    }
    found[i] = several ? best : confident;
  }
  return found;
}

/** Counts of given class by confident class; the diagonal is at least 1. @param confident of `confidentClasses` */
export function confidentJoint({ labels, classes }: LabelledProbabilities, confident: Int32Array): Joint {
  const joint = new Float64Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    if (confident[i]! >= 0) joint[labels[i]! * classes + confident[i]!]!++;
  }
  for (let k = 0; k < classes; k++) joint[k * (classes + 1)] = Math.max(1, joint[k * (classes + 1)]!);
  return joint;
}

/** Rows of each class. */
export function labelCounts({ labels, classes }: LabelledProbabilities): Float64Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  return counts;
}

/** The joint scaled so that each row adds up to the count of its label, in whole numbers. */
export function calibratedJoint(joint: Joint, counts: Float64Array): Joint {
  const classes = counts.length;
  const calibrated = new Float64Array(joint.length);
  for (let s = 0; s < classes; s++) {
    const row = joint.subarray(s * classes, (s + 1) * classes);
    const total = row.reduce((sum, count) => sum + count, 0);
    const scaled = row.map((count) => (total === 0 ? 0 : (count / total) * counts[s]!));
    calibrated.set(roundedTo(scaled, counts[s]!), s * classes);
  }
  return calibrated;
}

/** Whole numbers near the values that add up to `total`: those with the largest remainders are rounded up, of equals the last. */
function roundedTo(values: Float64Array, total: number): Float64Array {
  const whole = values.map(Math.floor);
  const missing = Math.round(total - whole.reduce((sum, value) => sum + value, 0));
  const order = [...values.keys()].sort((a, b) => values[b]! - whole[b]! - (values[a]! - whole[a]!) || b - a);
  for (const k of order.slice(0, Math.max(0, missing))) whole[k]!++;
  return whole;
}
