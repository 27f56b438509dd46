/**
 * Runs with all that review, heat maps and export need of them. A run folder comes through Git, disks and hands: the
 * newest one that is whole is taken, and what is wrong with newer ones is told.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { errorOfReport, OverreadError } from '../base/errors';
import { ownTurns, type Turns } from '../base/pieces';
import type { ProjectFolder } from '../base/projectFolder';
import type { Problem } from '../base/report';
import type { Dataset } from '../dataset/model';
import type { PredictionColumns } from '../evaluation/model';
import { deleteRun, findRun, listRunNames, readRun, runsFolder, type Run } from './folder';
import { readPredictions } from './predictionsFile';
import { readRunHead } from './readHead';
import { trainerNames } from '../trainers/names';
import { damaged, probeFile, probePredictions, runFiles } from './runFile';
import { candidates, type Candidate } from './shownRun';

export interface WholeRun extends Run {
  /** Aligned with the dataset as it is now. */
  readonly predictions: PredictionColumns;
}

/** The run that is there to be used, and what is wrong with those before which it was taken. */
export interface FoundRun {
  readonly run: WholeRun | undefined;
  /** One OVR801 for each damaged run, the newest first. */
  readonly problems: readonly Problem[];
  /** As {@link stampRuns} gave it before they were read. */
  readonly stamp: string;
}

/**
 * Reads a run with its predictions, after a look at its last layer.
 * @throws OVR800 no such run; OVR801 it cannot be used: which file, why and what to do
 */
export async function readWholeRun(
  root: string,
  name: string,
  dataset: Dataset,
  turns: Turns = ownTurns,
): Promise<WholeRun> {
  const run = await readSoundRun(root, name);
  const file = path.join(run.dir, runFiles.predictions);
  try {
    return { ...run, predictions: await readPredictions(file, run.record, dataset, turns) };
  } catch (error) {
    const what = error instanceof OverreadError ? 'cannot be read as Parquet of this run' : undefined;
    if (what === undefined) throw error;
    throw damaged(name, runFiles.predictions, what, undefined, error);
  }
}

/**
 * The run that the review shows: the one that was chosen, else the newest whole one that the project has trained.
 * Damaged ones are passed over and told.
 * @throws what is no fault of a run
 */
export async function readLatestRun(
  root: string,
  dataset: Dataset,
  turns: Turns = ownTurns,
): Promise<FoundRun> {
  return firstWhole(root, (name) => readWholeRun(root, name, dataset, turns));
}

/**
 * Changes when another run would be found than the one that was: there is a newer one, that one is gone or was
 * written to, or one that was damaged is so no more. Its `metrics.json` may be replaced all the same.
 * @param found the name of the run that was found; undefined: none
 */
export async function stampRuns(root: string, found: string | undefined): Promise<string> {
  const stamps: string[] = [];
  for (const candidate of await candidates(root)) {
    const { name } = candidate;
    const stamp = await stampCandidate(root, candidate);
    if (name === found) return [...stamps, stamp].join('\n');
    stamps.push(`${stamp}${await stampFiles(root, name, [runFiles.metrics])}`);
  }
  return stamps.join('\n');
}

const soundFiles: readonly string[] = [runFiles.record, runFiles.predictions, runFiles.head];

/** That it was chosen is a part: an imported run is shown or passed over by it. */
async function stampCandidate(root: string, { name, chosen }: Candidate): Promise<string> {
  return `${chosen ? '* ' : ''}${await stampFiles(root, name, soundFiles)}`;
}

async function stampFiles(root: string, name: string, files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    files.map(async (file) => {
      const stat = await fs.stat(path.join(runsFolder(root), name, file)).catch(() => undefined);
      return stat ? ` ${stat.size} ${stat.mtimeMs}` : ' -';
    }),
  );
  return `${name}${stamps.join('')}`;
}

/** The name of the run that the review shows, by a look at its files; undefined where there is none. */
export async function latestSoundRunName(root: string): Promise<string | undefined> {
  return (await firstWhole(root, (name) => readSoundRun(root, name))).run?.record.run;
}

/**
 * The run that was asked for, whole; without a name the one that the review shows.
 * @param onDamaged told of newer ones that cannot be used
 * @throws OVR800 no such run, or none at all; OVR801 it cannot be used, or none can
 */
export async function findWholeRun(
  root: string,
  wanted: string | undefined,
  dataset: Dataset,
  onDamaged: (problem: Problem) => void,
): Promise<WholeRun> {
  if (wanted !== undefined && wanted !== 'latest') {
    return readWholeRun(root, await findRun(root, wanted), dataset);
  }
  const { run, problems } = await readLatestRun(root, dataset);
  if (run) {
    problems.forEach(onDamaged);
    return run;
  }
  // None is whole: the newest one's fault is the answer, the others are behind it.
  const [fault, ...others] = problems;
  others.forEach(onDamaged);
  const error = fault && errorOfReport(fault);
  if (error) throw error;
  const imported = await findRun(root, undefined);
  throw new OverreadError({
    code: 'OVR800',
    message: 'This project has trained no run yet; it only has predictions from elsewhere',
    expected: 'a run by its name (--run), or one that was chosen to be shown',
    fix: `Choose it with "overread runs use DIR ${imported}"`,
  });
}

/** All runs whose files look whole, newest first; the others are told. */
export async function listSoundRuns(root: string, onDamaged: (problem: Problem) => void): Promise<Run[]> {
  const runs: Run[] = [];
  for (const name of (await listRunNames(root)).reverse()) {
    try {
      runs.push(await readSoundRun(root, name));
    } catch (error) {
      onDamaged(asProblem(error));
    }
  }
  return runs;
}

/**
 * Keeps the newest `keep` runs, the one that was chosen to be shown, and those that cannot be used, which a repair may
 * bring back.
 * @returns the names of those removed
 */
export async function pruneRuns(
  folder: ProjectFolder,
  keep: number,
  onDamaged: (problem: Problem) => void,
): Promise<string[]> {
  const sound = await listSoundRuns(folder.root, onDamaged);
  const chosen = (await candidates(folder.root)).find((candidate) => candidate.chosen)?.name;
  const doomed = sound
    .slice(keep)
    .map(({ record }) => record.run)
    .filter((name) => name !== chosen)
    .reverse();
  for (const name of doomed) await deleteRun(folder, name);
  return doomed;
}

/** Record, metrics and the files of the model, and a look at the predictions. */
async function readSoundRun(root: string, name: string): Promise<Run> {
  const run = await readRun(root, name);
  await checkModel(run);
  await probePredictions(run.dir, name);
  return run;
}

/** What a run's own record says that it holds: the last layer is read, of other files it is seen that they are there. */
async function checkModel(run: Run): Promise<void> {
  const { files, outputs, run: name } = run.record;
  for (const file of files) {
    if (file !== runFiles.head) await probeFile(run.dir, name, file);
    else if ((await readRunHead(run)).outputs.join('\n') !== outputs.join('\n')) {
      throw damaged(name, runFiles.head, 'is of other outputs than run.json');
    }
  }
}

async function firstWhole<R extends Run>(
  root: string,
  read: (name: string) => Promise<R>,
): Promise<{ readonly run: R | undefined; readonly problems: readonly Problem[]; readonly stamp: string }> {
  const problems: Problem[] = [];
  const stamps: string[] = [];
  for (const candidate of await candidates(root)) {
    const { name, chosen } = candidate;
    const stamp = await stampCandidate(root, candidate);
    const all = `${stamp}${await stampFiles(root, name, [runFiles.metrics])}`;
    try {
      if (chosen || !(await isFromElsewhere(root, name))) {
        return { run: await read(name), problems, stamp: [...stamps, stamp].join('\n') };
      }
    } catch (error) {
      problems.push(asProblem(error));
    }
    stamps.push(all);
  }
  return { run: undefined, problems, stamp: stamps.join('\n') };
}

/** @throws OVR800, OVR801 as `readRun` */
async function isFromElsewhere(root: string, name: string): Promise<boolean> {
  const { trainer } = (await readRun(root, name)).record;
  return trainer.name === trainerNames.imported || trainer.name === trainerNames.evaluated;
}

/** @throws the error when it is no fault of a run */
function asProblem(error: unknown): Problem {
  if (!(error instanceof OverreadError) || !['OVR800', 'OVR801'].includes(error.code)) throw error;
  return { ...error.toJSON(), severity: 'warning' };
}
