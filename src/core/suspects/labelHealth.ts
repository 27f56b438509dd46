/** What confident learning says of a data set as a whole: noise per class, classes that overlap, health. */
import type { ConfidentCounts } from './prune';

/** One class. Rates are NaN where nothing is counted, but a class without rows has no noise. */
export interface ClassHealth {
  readonly index: number;
  /** Labelled so and of another class, estimated; and of this class under another label. */
  readonly issues: number;
  readonly inverseIssues: number;
  /** P(another true class | this label). */
  readonly noise: number;
  /** P(another label | this true class). */
  readonly inverseNoise: number;
}

/** Two classes that are taken for each other, in either direction. */
export interface Overlap {
  readonly a: number;
  readonly b: number;
  /** Estimated rows. */
  readonly count: number;
  /** Share of all rows. */
  readonly probability: number;
}

/** Noise per class, in the order of the classes, from the calibrated joint. */
export function classHealth({ calibrated, counts }: ConfidentCounts): ClassHealth[] {
  const classes = counts.length;
  return Array.from(counts, (_, k) => {
    let row = 0;
    let column = 0;
    for (let other = 0; other < classes; other++) {
      row += calibrated[k * classes + other]!;
      column += calibrated[other * classes + k]!;
    }
    const right = calibrated[k * (classes + 1)]!;
    return {
      index: k,
      issues: row - right,
      inverseIssues: column - right,
      noise: row === 0 ? 0 : (row - right) / row,
      inverseNoise: column === 0 ? 0 : (column - right) / column,
    };
  });
}

/** Every pair of classes, those that overlap most first. */
export function overlappingClasses({ calibrated, counts }: ConfidentCounts): Overlap[] {
  const classes = counts.length;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const pairs: Overlap[] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) {
      const count = calibrated[a * classes + b]! + calibrated[b * classes + a]!;
      pairs.push({ a, b, count, probability: rows === 0 ? 0 : count / rows });
    }
  }
  return pairs.sort((x, y) => y.count - x.count || x.a - y.a || x.b - y.b);
}
