/** A guarantee for one output of a run, on a test part that nobody has looked at: the one look is spent on it. */
import { guarantee } from '../evaluation/guarantee';
import { layOutPart } from '../evaluation/part';
import { countTestLooks, recordTestLook } from '../project/testLooks';
import type { Project } from '../project/project';
import { measuredParts } from '../runs/measuredParts';
import type { WholeRun } from '../runs/wholeRun';
import type { GuaranteeAsked, GuaranteeReport } from './guaranteeModel';

/**
 * Why no guarantee can be given before the test part is looked at; null where one may be.
 * @param looks at the test part so far
 */
export function whyNoGuarantee(
  { assignment, config }: Pick<Project, 'assignment' | 'config'>,
  run: Pick<WholeRun, 'record' | 'metrics'>,
  looks: number,
): string | null {
  if (run.metrics.all) return 'The run was not trained on this project: none of its parts was held out of it';
  if (!assignment.split.includes('test'))
    return 'The project has no test part, and validation was used to compare runs';
  if (config.review.splits.includes('test'))
    return 'The test part is among those that are reviewed (review.splits)';
  if (looks > 0) {
    return `The test part has been looked at ${looks === 1 ? 'once' : `${String(looks)} times`}: whoever chose anything by it has chosen the guarantee too`;
  }
  if (run.record.seen.test.seen > 0) return 'The model was trained on images of the test part';
  return null;
}

/**
 * Tries to give a guarantee. The look is counted before it is made, so that there is one try.
 * @throws OVR003, OVR005 the look cannot be counted; OVR804 the run's classes are not the project's
 */
export async function guaranteeOf(
  project: Project,
  run: WholeRun,
  asked: GuaranteeAsked,
  time: Date,
): Promise<GuaranteeReport> {
  const why = whyNoGuarantee(project, run, await countTestLooks(project.root));
  if (why !== null) return { ...asked, given: { why, patients: 0 } };
  const { inputs } = measuredParts(project, run, false);
  await recordTestLook(project.folder, `guarantee: ${asked.figure} of ${asked.output}`, time);
  const [outOfFold, untouched] = [inputs.out_of_fold, inputs.test].map((input) =>
    layOutPart(input).outputs.find(({ name }) => name === asked.output),
  );
  if (!outOfFold || !untouched) throw new Error(`The run has no output ${asked.output}`);
  const { seed } = project.config.training;
  return { ...asked, given: guarantee(outOfFold, untouched, { ...asked, seed }) };
}
