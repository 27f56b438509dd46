/** A project read whole: configuration, table, frozen split, label events and what they add up to. */
import { counted } from '../base/counted';
import { OverreadError } from '../base/errors';
import { inTurns, ofRanges, ownTurns, type Pieces, type Turns } from '../base/pieces';
import { ProjectFolder, type FolderPolicy } from '../base/projectFolder';
import type { Problem } from '../base/report';
import { disputedPolicy, loadConfig, type ProjectConfig } from '../config/config';
import type { Dataset, SplitAssignment } from '../dataset/model';
import { readDataset } from '../dataset/read';
import { ProblemList } from '../dataset/problemList';
import { groupsFile, readJoinedGroups } from '../split/joinedGroups';
import { keepTogether, type MovedSample } from '../split/keepTogether';
import { ensureSplits } from '../split/split';
import { foldsFile, splitFile } from '../split/splitFiles';
import { effectiveLabels, type EffectiveLabels } from '../labels/effectiveLabels';
import type { LabelRules } from '../labels/model';
import { labelProblems, renamedValue } from '../labels/labelProblems';
import { LabelLogReader } from '../labels/log';

export interface Project {
  /** Absolute folder of overread.yaml, as it was named. */
  readonly root: string;
  /** The same, for whatever is written into it. */
  readonly folder: ProjectFolder;
  readonly config: ProjectConfig;
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  /** The label log, as far as `labels` has taken it in. */
  readonly log: LabelLogReader;
  readonly labels: EffectiveLabels;
  /** Faults that did not stop the reading. */
  readonly problems: readonly Problem[];
}

/** Taken into a set in one piece. */
const idsAtOnce = 4096;

/** How this project's events are taken. */
export function labelRules(config: ProjectConfig): LabelRules {
  const { unit } = config.labels;
  return { disputed: disputedPolicy(config), unit, renamed: renamedValue(config) };
}

export interface OpenOptions {
  readonly folds?: number;
  /** What may be written into the project; by default everything, through no link. */
  readonly policy?: FolderPolicy;
}

/**
 * Reads the project at `root`; makes and freezes its split on first use.
 * @throws OverreadError of the 1xx and 2xx areas when nothing can be done with it
 */
export async function openProject(root: string, options: OpenOptions = {}): Promise<Project> {
  const written = await loadConfig(root);
  const folder = await ProjectFolder.open(root, options.policy);
  const config =
    options.folds === undefined ? written : { ...written, split: { ...written.split, folds: options.folds } };
  const log = new LabelLogReader(root, () => folder.policy);
  const [table] = await Promise.all([readProjectTable(folder, config), log.refresh()]);
  const labels = effectiveLabels(table.dataset, log.table, labelRules(config));
  return {
    root,
    folder,
    config,
    ...table,
    log,
    labels,
    problems: [...table.problems, ...log.problems(), ...labelProblems(labels, log)],
  };
}

/**
 * The table and its split, which is made and frozen on first use.
 * @param together samples that are to be kept together as well, as if a line of `splits/groups.csv` said so
 */
export async function readProjectTable(
  folder: ProjectFolder,
  config: ProjectConfig,
  together: readonly string[] = [],
  turns: Turns = ownTurns,
): Promise<Pick<Project, 'dataset' | 'assignment' | 'problems'>> {
  const { dataset: asWritten, problems } = await readDataset(folder.root, config, turns);
  const splits = await ensureSplits(folder, config, asWritten, turns);
  const faults = new ProblemList();
  const ids = await inTurns(idsOf(asWritten), turns);
  const joined = await readJoinedGroups(folder.root, ids, faults);
  const groups = together.length === 0 ? joined : new Map([...joined, ['', together]]);
  const { dataset, assignment, moved } = await inTurns(
    keepTogether(asWritten, splits.assignment, groups),
    turns,
  );
  reportMoved(moved, faults);
  return { dataset, assignment, problems: [...problems, ...splits.problems, ...faults.problems] };
}

function* idsOf({ samples }: Dataset): Pieces<Set<string>> {
  const ids = new Set<string>();
  const take = (from: number, to: number): void => {
    for (const { id } of samples.slice(from, to)) ids.add(id);
  };
  yield* ofRanges(samples.length, take, idsAtOnce);
  return ids;
}

/** Samples that are named. */
const namedMoved = 10;

function reportMoved(moved: readonly MovedSample[], faults: ProblemList): void {
  if (moved.length === 0) return;
  const listed = moved.slice(0, namedMoved).map(({ sample, from, to }) => `${sample} (${from} → ${to})`);
  faults.add('info', 'OVR217', () => ({
    message: `${counted(moved.length, 'image')} stand in another part, since they are kept together with others: ${listed.join(', ')}${moved.length > namedMoved ? ', …' : ''}`,
    place: { file: groupsFile },
    fix: 'Runs from before and after cannot be compared by their own figures: fine-tune again.',
  }));
}

/**
 * Some faults let a project be browsed but not learnt from: one class only, one patient only, a split that could
 * not be frozen.
 * @throws OVR207; OVR003 or OVR005, which kept the split from being frozen
 */
export function refuseUnlearnable({ problems }: Pick<Project, 'problems'>): void {
  const fault = problems.find((problem) => problem.code === 'OVR207' && problem.severity === 'error');
  if (fault) throw new OverreadError({ ...fault, code: 'OVR207' });
  for (const code of ['OVR003', 'OVR005'] as const) {
    const unfrozen = problems.find(
      ({ code: found, place }) => found === code && [splitFile, foldsFile].includes(place?.file ?? ''),
    );
    if (unfrozen) throw new OverreadError({ ...unfrozen, code });
  }
}
