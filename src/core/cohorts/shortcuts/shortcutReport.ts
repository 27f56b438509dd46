/**
 * The shortcut probe: the head that learns the label is fitted to what else is known of the images. What the features tell, and
 * goes with the label, the model may go by instead of the disease (DeGrave et al., Nature Machine Intelligence 3, 2021; Zech
 * et al., PLOS Medicine 15, 2018). It shows a possibility, not what the model does: the AUROC inside the groups says how much
 * is left when the attribute cannot help.
 */
import { present } from '../../base/present';
import { throwIfCancelled } from '../../base/errors';
import { computeIntervals } from '../../evaluation/intervals';
import { intervalReplicates } from '../../evaluation/measure';
import { computeMetrics } from '../../evaluation/metrics';
import type { Estimate } from '../../evaluation/model';
import { buildTargets } from '../../labels/targets';
import type { Targets } from '../../labels/model';
import { refuseUnlearnable, type Project } from '../../project/project';
import { featuresOf } from '../../suspects/projectFits';
import { fitHead, type FitProblem } from '../../training/fitHead';
import type { TrainWork } from '../../trainers/trainer';
import { groupingsOf, type Grouping } from '../groupings';
import { fewestPatients } from '../model';
import { aspectGroups, aspectRatio, aspectRatios } from './aspectRatios';
import { associatedFrom, readableFrom, type Shortcut, type ShortcutReport } from './model';
import { besideLabels } from './besideLabels';
import { lastLayerProblem } from '../../trainers/lastLayerProblem';

export interface ShortcutOptions {
  /** Columns of the table; none: those that make groups. */
  readonly by?: readonly string[];
  /** Resamplings behind each interval. Default: as of every figure. */
  readonly replicates?: number;
}

/**
 * Every attribute of a project, by the features of the run that is shown (else of the project's network), which are computed
 * where they are not in the cache. Folds, patients, choice of the penalty and labels are those of a fine-tune.
 * @throws as `fitHead` and `projectFeatures`; OVR201 there is no such column
 */
export async function shortcutReport(
  project: Project,
  work: TrainWork,
  options: ShortcutOptions = {},
): Promise<ShortcutReport> {
  refuseUnlearnable(project);
  const { taken, leftOut } = groupingsOf(project.dataset, options.by);
  const left = leftOut.map(({ column, why }) => ({ attribute: column, why }));
  const attributes = [...taken];
  if (options.by === undefined) {
    const shape = aspectGroups(await aspectRatios(project, work));
    if (typeof shape === 'string') left.push({ attribute: aspectRatio, why: shape });
    else attributes.push(shape);
  }
  const { features, weights } = await featuresOf(project, work);
  const problemOf = (targets: Targets): FitProblem => ({
    ...lastLayerProblem(project, features, targets, work.device),
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const labels = buildTargets(project.dataset, project.labels);
  const { probabilities } = await fitHead(problemOf(labels));
  const replicates = options.replicates ?? intervalReplicates;
  const shortcuts: Shortcut[] = [];
  for (const [done, attribute] of attributes.entries()) {
    throwIfCancelled(work.signal);
    work.onProgress?.({ stage: 'shortcuts', done, total: attributes.length });
    const usable = usableGroups(project, attribute);
    if (usable.groups.length < 2) {
      left.push({
        attribute: attribute.column,
        why: `fewer than two groups have ${fewestPatients} patients in the training part`,
      });
      continue;
    }
    const targets = {
      task: 'multi-class',
      outputs: usable.groups.map(({ name }) => name),
      y: usable.of,
    } as const;
    const fit = await fitHead(problemOf(targets));
    const auroc = await macroAuroc(project, targets, fit.probabilities, replicates, work.signal);
    const isReadable = (auroc.low ?? auroc.value ?? 0) > readableFrom;
    const outputs = besideLabels(project, usable, labels, probabilities, replicates).map((output) => ({
      ...output,
      flagged: isReadable && isAssociated(output.association),
    }));
    const rows = trainingRows(project).filter((row) => usable.of[row]! >= 0);
    shortcuts.push({
      attribute: attribute.column,
      note: attribute.note,
      groups: targets.outputs,
      images: rows.length,
      patients: new Set(Array.from(rows, (row) => project.dataset.samples[row]?.group)).size,
      auroc,
      flagged: outputs.some(({ flagged }) => flagged),
      outputs,
    });
  }
  const strongest = ({ outputs }: Shortcut): number =>
    Math.max(...outputs.map(({ association }) => association.value ?? 0));
  return {
    weights,
    readable_from: readableFrom,
    associated_from: associatedFrom,
    shortcuts: shortcuts.sort((a, b) => Number(b.flagged) - Number(a.flagged) || strongest(b) - strongest(a)),
    left_out: left,
  };
}

/** At least a small association, and not none by its interval. */
function isAssociated({ value, low }: Estimate): boolean {
  return (value ?? 0) >= associatedFrom && (low ?? 0) > 0;
}

/** The groups with enough patients in the training part; images of others, and outside of it, have none. */
function usableGroups(project: Project, { groups, of, column, note }: Grouping): Grouping {
  const patients = groups.map(() => new Set<string>());
  for (const row of trainingRows(project)) {
    const group = of[row]!;
    if (group >= 0)
      present(patients[group], 'the group').add(present(project.dataset.samples[row], 'the sample').group);
  }
  const kept = groups.map((_, g) => g).filter((g) => (patients[g]?.size ?? 0) >= fewestPatients);
  const place = new Map(kept.map((g, n) => [g, n]));
  return {
    column,
    note,
    numbers: null,
    groups: kept.map((g) => present(groups[g], 'the group')),
    of: of.map((group) => place.get(group) ?? -1),
  };
}

export function trainingRows({ assignment }: Pick<Project, 'assignment'>): Int32Array {
  return Int32Array.from(assignment.fold.keys()).filter((row) => assignment.fold[row]! >= 0);
}

async function macroAuroc(
  project: Project,
  targets: Targets,
  probabilities: Float64Array,
  replicates: number,
  signal: AbortSignal | undefined,
): Promise<Estimate> {
  const input = {
    targets,
    probabilities,
    rows: trainingRows(project),
    groups: project.dataset.samples.map(({ group }) => group),
    thresholds: [],
  };
  const { seed } = project.config.training;
  const metrics = await computeIntervals(input, computeMetrics(input), {
    seed,
    replicates,
    ...(signal ? { signal } : {}),
  });
  return metrics.auroc_macro;
}
