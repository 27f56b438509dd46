/** The parts that a run was measured on, laid out once more, by the labels as they were then. */
import { metricInputs, type MetricInputs } from '../evaluation/measure';
import { layOutPart, type Part } from '../evaluation/part';
import type { AnalysedPart } from '../evaluation/runAnalysis';
import { parseMoment } from '../labels/asOf';
import { type EffectiveLabels, effectiveLabels } from '../labels/effectiveLabels';
import { buildTargets } from '../labels/targets';
import { labelRules, type Project } from '../project/project';
import { refuseOtherOutputs } from './abilities';
import type { WholeRun } from './wholeRun';

export interface MeasuredPart {
  readonly part: AnalysedPart;
  readonly layout: Part;
  /** Samples of the part, as indices into the dataset's. */
  readonly rows: Int32Array;
}

export interface MeasuredRun {
  readonly parts: readonly MeasuredPart[];
  /** As of the run. */
  readonly labels: EffectiveLabels;
  readonly inputs: MetricInputs;
}

/**
 * Lays out the parts that may be shown: out of fold and validation, or all as one where the model was trained on none.
 * @param test also the test part: the look is to be counted
 * @throws OVR804 the run's classes are not the project's
 */
export function measuredParts(
  { dataset, assignment, log, config }: Pick<Project, 'dataset' | 'assignment' | 'log' | 'config'>,
  { record, predictions, metrics }: Pick<WholeRun, 'record' | 'predictions' | 'metrics'>,
  test: boolean,
): MeasuredRun {
  const asOf = parseMoment(record.labels_as_of);
  const labels = effectiveLabels(dataset, log.table, { ...labelRules(config), asOf });
  const targets = buildTargets(dataset, labels);
  refuseOtherOutputs(record, targets.outputs);
  const inputs = metricInputs({ dataset, assignment }, targets, predictions, metrics.all !== undefined);
  const shown: readonly AnalysedPart[] = [
    ...(inputs.all ? (['all'] as const) : (['out_of_fold', 'validation'] as const)),
    ...(test ? (['test'] as const) : []),
  ];
  const parts = shown.flatMap((part): MeasuredPart[] => {
    const input = inputs[part];
    return input ? [{ part, layout: layOutPart(input), rows: input.rows }] : [];
  });
  return { parts, labels, inputs };
}
