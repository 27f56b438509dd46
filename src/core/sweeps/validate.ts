/** The best setting against the default, on the validation part: the one look that a sweep takes at it. */
import type { WorkOptions } from '../base/ports';
import { evaluateRuns } from '../comparisons/evaluateRuns';
import { intervalReplicates, metricInputs, onSameRows } from '../evaluation/measure';
import { differencesOf } from '../evaluation/partDifference';
import type { Targets } from '../labels/model';
import type { Project } from '../project/project';
import type { BothRuns, SweepResult, SweepVerdict, ValidationOutcome } from './model';

/**
 * @param runs the two, made of the same project
 * @returns differences are the best's less the default's, over the same resampled patients
 */
export async function validate(
  project: Project,
  targets: Targets,
  runs: BothRuns,
  { signal, onProgress }: WorkOptions,
): Promise<Pick<SweepResult, 'verdict' | 'validation'>> {
  if (runs.best === runs.default) return { verdict: 'default-is-best', validation: null };
  onProgress?.({ stage: 'compare', done: 0 });
  const evaluated = await evaluateRuns(project, `${runs.default},${runs.best}`);
  const inputs = evaluated.map(({ predictions }) => metricInputs(project, targets, predictions).validation);
  const [own, best] = onSameRows(inputs);
  if (!own || !best) return { verdict: 'too-few-patients', validation: null };
  const { samples, patients, log_loss, auroc_macro, accuracy } = await differencesOf(own, best, {
    seed: project.config.training.seed,
    replicates: intervalReplicates,
    ...(signal ? { signal } : {}),
  });
  const validation: ValidationOutcome = { samples, patients, log_loss, auroc_macro, accuracy };
  return { verdict: verdictOf(validation), validation };
}

/** By the figure that selected. */
function verdictOf({ log_loss: { difference } }: ValidationOutcome): SweepVerdict {
  const { low, high } = difference;
  if (low === null || high === null) return 'too-few-patients';
  if (high < 0) return 'better';
  return low > 0 ? 'worse' : 'not-distinguishable';
}
