/** Accuracy, AUROC, sensitivity and specificity of a cohort, with intervals by patient. */
import { computeIntervals, type IntervalOptions } from '../evaluation/intervals';
import { metricInputs } from '../evaluation/measure';
import { computeMetrics } from '../evaluation/metrics';
import type { PredictionColumns } from '../evaluation/model';
import type { Split } from '../dataset/model';
import { buildTargets } from '../labels/targets';
import type { Project } from '../project/project';
import type { CohortFigures } from './model';

const inputOf = {
  train: 'out_of_fold',
  validation: 'validation',
  test: 'test',
} as const satisfies Record<Split, string>;

/** @throws OVR002 cancelled */
export async function cohortFigures(
  project: Pick<Project, 'assignment' | 'dataset' | 'labels'>,
  predictions: PredictionColumns,
  { part, isInside }: { readonly part: Split; readonly isInside: (sample: number) => boolean },
  options: IntervalOptions,
): Promise<CohortFigures> {
  const targets = buildTargets(project.dataset, project.labels);
  const whole = metricInputs(project, targets, predictions)[inputOf[part]];
  const input = { ...whole, rows: whole.rows.filter(isInside) };
  const { accuracy, auroc_macro, outputs } = await computeIntervals(input, computeMetrics(input), options);
  return {
    accuracy,
    auroc_macro,
    outputs: outputs.map(({ name, positives, auroc, sensitivity, specificity }) => ({
      name,
      positives,
      auroc,
      sensitivity,
      specificity,
    })),
  };
}
