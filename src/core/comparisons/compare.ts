/**
 * Networks on one project against each other: the same split, folds, head settings and labels for all, read once.
 * Features come from the cache, so repeating a comparison costs the fits alone.
 */
import { performance } from 'node:perf_hooks';
import { serialiseSvg } from '../../charts/svg';
import { comparisonChart } from '../../charts/comparisonChart';
import { OverreadError, throwIfCancelled } from '../base/errors';
import type { FolderPolicy } from '../base/projectFolder';
import type { Problem } from '../base/report';
import { present } from '../base/present';
import { momentOf } from '../labels/asOf';
import type { Device } from '../onnx/model';
import { dataFingerprint } from '../project/fingerprint';
import { openProject, refuseUnlearnable, type Project } from '../project/project';
import { seconds } from '../evaluation/measure';
import { evaluateAll, type Evaluated, type EvaluateAllOptions } from './evaluateAll';
import { evaluateRuns } from './evaluateRuns';
import { comparisonFiles, comparisonName, comparisonsName } from './folder';
import { comparisonMarkdown } from './markdown';
import { measureAll, type Measured } from './measureAll';
import type { Comparison, ComparisonKind, FailedModel } from '../evaluation/comparison';
import { writeComparedPredictions } from './predictionsFile';
import { parseArchitectures, projectModel, truncationsOf, type ModelRequest } from './requests';

export interface CompareOptions extends Omit<EvaluateAllOptions, 'kind' | 'device'> {
  /** `architecture[:weights],…`; undefined: the project's own, for a sweep. */
  readonly architectures?: string | undefined;
  /** Finished runs instead of networks, by their names, between commas. */
  readonly runs?: string | undefined;
  /** `all` or block names: sweeps the one architecture. */
  readonly truncations?: string | undefined;
  readonly device?: Device | undefined;
  readonly folds?: number | undefined;
  /** What may be written into the project; by default everything, through no link. */
  readonly policy?: FolderPolicy | undefined;
  readonly name?: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
}

export interface ComparisonResult {
  readonly comparison: Comparison;
  /** Absolute path of its folder. */
  readonly dir: string;
}

/**
 * Compares and writes the comparison's folder. A network whose weights cannot be had, or whose fit fails, is
 * listed in `failed`; the others go on.
 * @throws OVR001 nothing to compare, or a sweep of several; OVR500 and OVR505 unknown names; the first failure
 * when every network fails; what `openProject` throws; OVR002 cancelled
 */
export async function compare(root: string, options: CompareOptions): Promise<ComparisonResult> {
  const started = performance.now();
  const created = new Date();
  options.onProgress?.({ stage: 'read', done: 0 });
  const { folds, policy } = options;
  const project = await openProject(root, {
    ...(folds === undefined ? {} : { folds }),
    ...(policy === undefined ? {} : { policy }),
  });
  if (options.runs === undefined) refuseUnlearnable(project);
  // Before the work whose result would be lost.
  await project.folder.tryWriting(comparisonsName);
  await project.folder.sweepAbandonedFolders(comparisonsName, created.getTime());
  const { kind, usual, evaluated, failed } = await evaluateWanted(project, options);
  throwIfCancelled(options.signal);
  const measured = await measureAll(project, evaluated, options);
  const order = orderOf(kind, measured);
  const name = options.name ?? usual;
  const comparison = recordOf(project, evaluated, failed, measured, order, {
    contract: 1,
    comparison: comparisonName(created, name),
    name,
    created: created.toISOString(),
    kind,
    versions: options.versions,
    total_s: seconds(performance.now() - started),
  });
  const ordered = order.map((i) => present(evaluated[i], 'the network'));
  options.onProgress?.({ stage: 'write', done: 0 });
  const dir = await project.folder.createWholeFolder(
    comparisonsName,
    comparison.comparison,
    async (folder) => {
      await folder.replaceFile(comparisonFiles.predictions, (file) =>
        writeComparedPredictions(file, project, ordered),
      );
      await folder.writeFile(comparisonFiles.chart, serialiseSvg(comparisonChart(comparison)));
      await folder.writeFile(comparisonFiles.table, comparisonMarkdown(comparison));
      // The record comes last: a folder without it is no comparison.
      await folder.writeFile(comparisonFiles.record, `${JSON.stringify(comparison, null, 2)}\n`);
    },
  );
  return { comparison, dir };
}

interface AllEvaluated {
  readonly kind: ComparisonKind;
  /** What the comparison is called when nobody gives it a name. */
  readonly usual: string;
  readonly evaluated: readonly Evaluated[];
  readonly failed: readonly FailedModel[];
}

async function evaluateWanted(project: Project, options: CompareOptions): Promise<AllEvaluated> {
  if (options.runs !== undefined) {
    if (options.architectures !== undefined || options.truncations !== undefined) {
      throw new OverreadError({
        code: 'OVR001',
        message: 'Runs and networks are not compared at once',
        fix: 'Fine-tune the networks, and compare the runs',
      });
    }
    return {
      kind: 'runs',
      usual: 'runs',
      evaluated: await evaluateRuns(project, options.runs),
      failed: [],
    };
  }
  const { kind, requests, usual } = wanted(project, options);
  const device = options.device ?? project.config.model.device;
  return { kind, usual, ...(await evaluateAll(project, requests, { ...options, kind, device })) };
}

interface Wanted {
  readonly kind: ComparisonKind;
  readonly requests: readonly ModelRequest[];
  readonly usual: string;
}

function wanted(project: Project, { architectures, truncations }: CompareOptions): Wanted {
  const named = architectures === undefined ? undefined : parseArchitectures(architectures, project.root);
  if (truncations === undefined) {
    if (named) return { kind: 'architectures', requests: named, usual: 'architectures' };
    throw new OverreadError({
      code: 'OVR001',
      message: 'Nothing to compare',
      fix: 'Name architectures (--architectures densenet121,resnet18:random), blocks (--truncations all) or runs (--runs first,second)',
    });
  }
  const base = named ?? [projectModel(project.config)];
  const [only] = base;
  if (only === undefined || base.length !== 1) {
    throw new OverreadError({
      code: 'OVR001',
      message: `Truncations are swept over one architecture; ${base.length} are named`,
      fix: 'Make one comparison for each',
    });
  }
  const requests = truncationsOf(only, truncations);
  return { kind: 'truncations', requests, usual: `truncations-${only.architecture}` };
}

/** Indices of the networks as they are listed: a sweep from the first block on, else the best first. */
function orderOf(kind: ComparisonKind, { models }: Measured): number[] {
  const order = [...models.keys()];
  if (kind === 'truncations') return order;
  const auroc = (i: number): number => models[i]?.out_of_fold.auroc_macro.value ?? -1;
  return order.sort((a, b) => auroc(b) - auroc(a) || a - b);
}

type RecordHead = Pick<
  Comparison,
  'contract' | 'comparison' | 'name' | 'created' | 'kind' | 'versions' | 'total_s'
>;

function recordOf(
  project: Project,
  evaluated: readonly Evaluated[],
  failed: readonly FailedModel[],
  { models, best, parts }: Measured,
  order: readonly number[],
  head: RecordHead,
): Comparison {
  const { contentHashes, targets, predictions } = present(evaluated[0], 'the first network');
  const outputs = targets.outputs.length;
  let skipped = 0;
  for (let row = 0; row < project.dataset.samples.length; row++) {
    if (Number.isNaN(predictions.probabilities[row * outputs])) skipped++;
  }
  const { total_s, ...start } = head;
  return {
    ...start,
    project: project.config.name,
    data_fingerprint: dataFingerprint(project, contentHashes),
    labels_as_of: momentOf(project.log.table),
    task: targets.task,
    outputs: targets.outputs,
    folds: project.assignment.folds,
    skipped,
    parts,
    best: best === null ? null : order.indexOf(best),
    models: order.map((i) => present(models[i], 'the network')),
    failed,
    total_s,
    problems: distinct([...project.problems, ...evaluated.flatMap(({ problems }) => problems)]),
  };
}

/** An image that cannot be read is a problem to every network: told once. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
