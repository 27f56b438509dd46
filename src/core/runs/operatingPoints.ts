/** The operating points of a run: the targets of `operating_points` in overread.yaml, met on its scores out of fold. */
import type { OperatingTarget } from '../config/model';
import { figuresAt } from '../evaluation/operatingFigures';
import { chooseOperatingThreshold } from '../evaluation/operatingPoints';
import { layOutPart, type OutputEntries } from '../evaluation/part';
import type { OperatingPoint } from '../evaluation/runAnalysis';
import type { ProjectConfig } from '../config/config';
import type { MeasuredRun } from './measuredParts';

type Asked = Pick<ProjectConfig, 'operating_points' | 'prevalence'>;

/**
 * One for each target whose output the run has, in the order of the outputs.
 * @param measured by the labels as they were when the run was made
 */
export function runOperatingPoints(measured: MeasuredRun, asked: Asked): OperatingPoint[] {
  const training = layOutPart(measured.inputs.out_of_fold);
  return training.outputs.flatMap((outOfFold): OperatingPoint[] => {
    const target = Object.hasOwn(asked.operating_points, outOfFold.name)
      ? asked.operating_points[outOfFold.name]
      : undefined;
    return target === undefined ? [] : [operatingPoint(measured, asked, outOfFold, target)];
  });
}

/** One target on one output. @param outOfFold its scores in the training part */
export function operatingPoint(
  { parts }: MeasuredRun,
  { prevalence }: Pick<Asked, 'prevalence'>,
  outOfFold: OutputEntries,
  target: OperatingTarget,
): OperatingPoint {
  const { name } = outOfFold;
  const chosen = chooseOperatingThreshold(outOfFold, target);
  if ('why' in chosen) return { output: name, target, threshold: null, why: chosen.why, figures: [] };
  const share = Object.hasOwn(prevalence, name) ? (prevalence[name] ?? null) : null;
  const figures = parts.flatMap(({ part, layout }) => {
    const output = layout.outputs.find((one) => one.name === name);
    return output ? [{ part, figures: figuresAt(output, chosen.threshold, share) }] : [];
  });
  return { output: name, target, threshold: chosen.threshold, why: null, figures };
}
