/** From how many patients on a figure has an interval. */
import type { OutputMetrics } from './model';

/** Below this many patients with, or without, an output its figures get no interval. */
export const minPatients = 10;

/** Whether an output's figures get an interval. */
export function hasEnoughPatients(
  output: Pick<OutputMetrics, 'positivePatients' | 'negativePatients'>,
): boolean {
  return Math.min(output.positivePatients, output.negativePatients) >= minPatients;
}
