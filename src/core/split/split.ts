/**
 * Training, validation and test part and the cross-validation folds: made once, by patient and stratified on the
 * given labels, and frozen in splits/. Nobody's labels and no later row moves a patient from one part to another.
 */
import { OverreadError } from '../base/errors';
import { inTurns, ofRanges, ownTurns, type Pieces, type Turns } from '../base/pieces';
import type { ProjectFolder } from '../base/projectFolder';
import type { Problem } from '../base/report';
import { checkParts } from './checkParts';
import { splitColumns, type ProjectConfig } from '../config/config';
import { splits, type Dataset, type Sample, type Split, type SplitAssignment } from '../dataset/model';
import { completeParts, type KnownParts } from './newPatients';
import { ProblemList } from '../dataset/problemList';
import { damaged, foldsFile, readFrozen, splitFile, writeFrozen, type FrozenRow } from './splitFiles';
import { stratify, type StratifiedGroup } from './stratify';

/** Looked at in one piece. */
const rowsAtOnce = 2048;

/**
 * The split and folds of a dataset: from the table's own split column, else from splits/split.csv, else made and
 * frozen now; folds from splits/folds.csv, else made and frozen. Patients that the frozen files do not know are
 * assigned by a hash of their name. Where nothing may be written they are made and not frozen.
 * @throws OverreadError OVR206 (a patient in two parts, naming the rows), OVR208 (damaged frozen file)
 */
export async function ensureSplits(
  folder: ProjectFolder,
  config: ProjectConfig,
  dataset: Dataset,
  turns: Turns = ownTurns,
): Promise<{ assignment: SplitAssignment; problems: Problem[] }> {
  const faults = new ProblemList();
  const samples = dataset.samples;
  const frozen: Frozen = { folder, faults, turns };
  const split = await splitSamples(frozen, config, dataset);
  const training = samples.filter((_, i) => split[i] === 'train');
  const { fold, folds } = await foldSamples(frozen, config, dataset, training);
  const assignment: SplitAssignment = { split, fold: foldOfAll(split, fold), folds };
  await inTurns(checkParts(dataset, assignment, faults), turns);
  return { assignment, problems: faults.problems };
}

/** The fold of every sample, -1 outside the training part. @param fold of those of the training part */
function foldOfAll(split: readonly Split[], fold: readonly number[]): Int32Array {
  const all = new Int32Array(split.length).fill(-1);
  let next = 0;
  for (let i = 0; i < split.length; i++) if (split[i] === 'train') all[i] = fold[next++] ?? -1;
  return all;
}

/** Where frozen files are, where their faults go, and how long work on them is divided. */
interface Frozen {
  readonly folder: ProjectFolder;
  readonly faults: ProblemList;
  readonly turns: Turns;
}

async function splitSamples(
  { folder, faults, turns }: Frozen,
  config: ProjectConfig,
  dataset: Dataset,
): Promise<Split[]> {
  const { samples } = dataset;
  const toSplit = (parts: readonly number[]): Split[] => parts.map((part) => splits[part] ?? 'train');
  if (config.split.column !== null) {
    const parts = samples.map((sample) =>
      sample.givenSplit === null ? null : splits.indexOf(sample.givenSplit),
    );
    const field = splitColumns(config.split.column).join(', ');
    const known: KnownParts = { parts, source: { file: config.dataset.table, field } };
    return toSplit(
      await inTurns(completeParts(samples, known, countParts(parts, splits.length), 'split'), turns),
    );
  }
  const apply = async (rows: readonly FrozenRow[]): Promise<Split[]> =>
    toSplit(
      await inTurns(applyFrozen(samples, rows, splitFile, parseSplitName, splits.length, faults), turns),
    );
  const frozen = await readFrozen(folder.root, splitFile, 'split', turns);
  if (frozen) return apply(frozen);
  const { train, validation, test, seed } = config.split;
  const parts = [...stratifySamples(dataset, samples, [train, validation, test], seed)];
  const rows = samples.map((sample, i) => ({
    sample: sample.id,
    group: sample.group,
    value: splits[parts[i] ?? 0] ?? 'train',
  }));
  const other = await freeze(folder, splitFile, 'split', rows, faults);
  return other ? apply(other) : toSplit(parts);
}

async function foldSamples(
  { folder, faults, turns }: Frozen,
  config: ProjectConfig,
  dataset: Dataset,
  training: readonly Sample[],
): Promise<{ fold: readonly number[]; folds: number }> {
  const apply = async (frozen: readonly FrozenRow[]) => {
    const { folds, patients } = await inTurns(sizesOf(frozen), turns);
    if (folds !== Math.min(config.split.folds, patients)) {
      faults.add('info', 'OVR208', () => ({
        message: `split.folds is ${config.split.folds}, but the frozen folds are ${folds}; these are used`,
        place: { file: foldsFile },
        fix: `Delete ${foldsFile} to make new folds.`,
      }));
    }
    const applying = applyFrozen(training, frozen, foldsFile, parseFold, folds, faults);
    return { fold: await inTurns(applying, turns), folds };
  };
  const frozen = await readFrozen(folder.root, foldsFile, 'fold', turns);
  if (frozen) return apply(frozen);
  const patients = new Set(training.map((sample) => sample.group)).size;
  const folds = Math.min(config.split.folds, patients);
  if (folds < 2) return { fold: training.map(() => -1), folds };
  // Another seed than the split's, so that folds are not correlated with parts.
  const fold = stratifySamples(
    dataset,
    training,
    new Array<number>(folds).fill(1 / folds),
    config.split.seed + 1,
  );
  const rows = training.map((sample, i) => ({
    sample: sample.id,
    group: sample.group,
    value: String(fold[i]),
  }));
  const other = await freeze(folder, foldsFile, 'fold', rows, faults);
  return other ? apply(other) : { fold: [...fold], folds };
}

/** How many folds and patients a frozen file names, in pieces. */
function* sizesOf(frozen: readonly FrozenRow[]): Pieces<{ folds: number; patients: number }> {
  let folds = 0;
  const patients = new Set<string>();
  yield* ofRanges(
    frozen.length,
    (from, to) => {
      for (const { value, group } of frozen.slice(from, to)) {
        folds = Math.max(folds, parseFold(value) + 1);
        patients.add(group);
      }
    },
    rowsAtOnce,
  );
  return { folds, patients: patients.size };
}

/** Writes the frozen file. Returns the rows of another process that was first, if there was one. */
async function freeze(
  folder: ProjectFolder,
  file: string,
  valueColumn: 'split' | 'fold',
  rows: readonly Omit<FrozenRow, 'line'>[],
  faults: ProblemList,
): Promise<FrozenRow[] | undefined> {
  // The split is the same each time until it can be kept, so it may be held in memory alone.
  if (folder.readOnly) return undefined;
  try {
    if (await writeFrozen(folder, file, valueColumn, rows)) return undefined;
  } catch (error) {
    if (!(error instanceof OverreadError)) throw error;
    // Such a project can be browsed; training refuses it (`refuseUnlearnable`).
    faults.add('warning', error.code, () => ({
      message: `This split is not frozen. ${error.message}`,
      place: { file },
      ...(error.fix === undefined ? {} : { fix: error.fix }),
    }));
    return undefined;
  }
  return readFrozen(folder.root, file, valueColumn);
}

function* applyFrozen(
  samples: readonly Sample[],
  frozen: readonly FrozenRow[],
  file: string,
  parse: (value: string) => number,
  partCount: number,
  faults: ProblemList,
): Pieces<readonly number[]> {
  const partOfSample = new Map<string, number>();
  const partOfGroup = new Map<string, number>();
  const counts = new Array<number>(partCount).fill(0);
  const take = (from: number, to: number): void => {
    for (const row of frozen.slice(from, to)) {
      const part = parse(row.value);
      if (part < 0) throw damaged(file, `"${row.value}" is not allowed here`, row.line);
      const before = partOfSample.get(row.sample);
      if (before !== undefined && before !== part) {
        throw damaged(file, `The sample "${row.sample}" is in two parts`, row.line);
      }
      partOfSample.set(row.sample, part);
      partOfGroup.set(row.group, part);
      counts[part] = (counts[part] ?? 0) + 1;
    }
  };
  yield* ofRanges(frozen.length, take, rowsAtOnce);
  const parts: (number | null)[] = [];
  let known = 0;
  const find = (from: number, to: number): void => {
    for (const { id } of samples.slice(from, to)) {
      const part = partOfSample.get(id) ?? null;
      if (part !== null) known++;
      parts.push(part);
    }
  };
  yield* ofRanges(samples.length, find, rowsAtOnce);
  const gone = partOfSample.size - known;
  // Folds list training samples only, and these leave with the split, which has said so.
  if (gone > 0 && file === splitFile) {
    faults.add('info', 'OVR208', () => ({
      message: `${gone} samples of the frozen split are no longer in the table; their lines are ignored`,
      place: { file },
    }));
  }
  const purpose = file === splitFile ? 'split' : 'fold';
  return yield* completeParts(samples, { parts, partOfGroup, source: { file } }, counts, purpose);
}

/** The part of each sample, 0 … shares.length - 1: by patient, stratified on the given labels, drawn by the seed. */
export function stratifySamples(
  dataset: Dataset,
  samples: readonly Sample[],
  shares: readonly number[],
  seed: number,
): Int32Array {
  const groups = new Map<string, { name: string; size: number; labels: Map<number, number> }>();
  const classIndex = new Map(dataset.findings[0]?.values.map((value, i) => [value, i]));
  for (const sample of samples) {
    let group = groups.get(sample.group);
    if (!group) groups.set(sample.group, (group = { name: sample.group, size: 0, labels: new Map() }));
    group.size++;
    for (const [f, finding] of dataset.findings.entries()) {
      const value = sample.given[f] ?? null;
      const uncertainPositive = value === 'uncertain' && finding.uncertain === 'positive';
      const multiLabel = value === '1' || uncertainPositive ? f : undefined;
      const label = dataset.task === 'multi-class' ? classIndex.get(value ?? '') : multiLabel;
      if (label !== undefined) group.labels.set(label, (group.labels.get(label) ?? 0) + 1);
    }
  }
  const list: StratifiedGroup[] = [...groups.values()];
  const part = stratify(list, shares, seed);
  const partOf = new Map(list.map((group, g) => [group.name, part[g] ?? 0]));
  return Int32Array.from(samples, (sample) => partOf.get(sample.group) ?? 0);
}

function countParts(parts: readonly (number | null)[], partCount: number): number[] {
  const counts = new Array<number>(partCount).fill(0);
  for (const part of parts) if (part !== null) counts[part] = (counts[part] ?? 0) + 1;
  return counts;
}

const parseSplitName = (value: string): number => splits.indexOf(value as Split);
const parseFold = (value: string): number => (/^\d{1,3}$/.test(value) ? Number(value) : -1);
