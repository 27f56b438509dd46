/** The parts that corrections are measured on, and what they are called in a sentence. */
import type { metricParts } from '../evaluation/measure';

export type MetricPart = (typeof metricParts)[number];

export const partNames: Readonly<Record<MetricPart, string>> = {
  out_of_fold: 'training part (out of fold)',
  validation: 'validation part',
  test: 'test part',
};
