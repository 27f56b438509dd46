/** Figures of bench/suspects.ts: areas under ROC curves, and differences with intervals by patient. */
import { SplitMix32 } from '../src/core/base/random';
import { percentile } from './result';

/** Half for each pair of equal scores; NaN without both kinds. */
export function auroc(scored: readonly { readonly score: number; readonly positive: boolean }[]): number {
  const positives = scored.filter(({ positive }) => positive);
  const negatives = scored.filter(({ positive }) => !positive);
  let won = 0;
  for (const { score } of positives) {
    for (const other of negatives) won += score > other.score ? 1 : score === other.score ? 0.5 : 0;
  }
  return won / (positives.length * negatives.length);
}

export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2000;

/** A figure of all rows, and its 95 % interval when patients are drawn with replacement. */
export function byPatient<Row extends { readonly patient: string }>(
  rows: readonly Row[],
  figure: (rows: readonly Row[]) => number,
): Difference {
  const patients = new Map<string, Row[]>();
  for (const row of rows) patients.set(row.patient, [...(patients.get(row.patient) ?? []), row]);
  const all = [...patients.values()];
  const random = new SplitMix32(5);
  const drawn = Array.from({ length: resamples }, () =>
    figure(all.flatMap(() => all[random.below(all.length)] ?? [])),
  ).filter((value) => !Number.isNaN(value));
  return { value: figure(rows), low: percentile(drawn, 0.025), high: percentile(drawn, 0.975) };
}

/** The sum of gains. */
export function pairedByPatient(
  rows: readonly { readonly patient: string; readonly gain: number }[],
): Difference {
  return byPatient(rows, (some) => some.reduce((sum, { gain }) => sum + gain, 0));
}
