/** Jobs of a project: started, listed, cancelled, cleared away. Where one stands is read off its files and its process. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import type { ProjectFolder } from '../base/projectFolder';
import type { Problem } from '../base/report';
import { timedName } from '../base/wholeFolders';
import {
  damaged,
  jobFiles,
  jobPath,
  jobsName,
  lastProgress,
  parseProcess,
  parseRequest,
  parseResult,
  readJobFile,
} from './files';
import type { JobProcess, Launcher } from './launcher';
import { LocalProcess } from './localProcess';
import {
  isUnderWay,
  type JobCommand,
  type JobRequest,
  type JobResult,
  type JobState,
  type JobSummary,
  type LauncherName,
} from './model';
import { hasTraining, resumedJob, trainingPlace } from './trainingPlace';

/** A job that nobody has taken up after so long never will be: its launcher was killed. */
const queuedMs = 60_000;
/** How long a job that is cancelled has to end in order: its own process gives the work 5 s of these. */
const usualGraceMs = 8000;
/** Finished jobs that stay when another is started. */
const keptJobs = 20;

const launchers: Readonly<Record<LauncherName, Launcher>> = { local: new LocalProcess() };

/**
 * Writes a request and has it taken up. Finished jobs but the newest are removed.
 * @returns the job's name
 * @throws OVR003, OVR005 it cannot be written; what the launcher throws
 */
export async function startJob(
  folder: ProjectFolder,
  what: { readonly command: JobCommand; readonly arguments: readonly string[] },
  launcher: Launcher,
  now: Date,
): Promise<string> {
  const job = timedName(now, what.command);
  const request: JobRequest = { v: 1, ...what, launcher: launcher.name, created: now.toISOString() };
  await folder.sweepAbandonedFolders(jobsName, now.getTime());
  await folder.createWholeFolder(jobsName, job, (inner) =>
    inner.writeFile(jobFiles.request, `${JSON.stringify(request, null, 2)}\n`),
  );
  try {
    await launcher.start(folder, job);
  } catch (error) {
    await folder.removeWholeFolder(jobsName, job).catch(() => undefined);
    throw error;
  }
  await cleanJobs(folder, keptJobs).catch(() => undefined);
  return job;
}

/**
 * The jobs of a project, newest first. One that is damaged or not ours is left out and told as a problem.
 * @param root the project's folder
 */
export async function listJobs(
  root: string,
  onProblem?: (problem: Problem) => void,
  now = new Date(),
): Promise<JobSummary[]> {
  const summaries: JobSummary[] = [];
  for (const name of await jobNames(root, onProblem)) {
    try {
      summaries.push(await readJob(root, name, now));
    } catch (error) {
      if (!(error instanceof OverreadError)) throw error;
      onProblem?.({ ...error.toJSON(), severity: 'warning' });
    }
  }
  return summaries;
}

/** Names of folders of jobs, newest first; what else lies there is a problem. */
async function jobNames(root: string, onProblem?: (problem: Problem) => void): Promise<string[]> {
  const entries = await fs
    .readdir(path.join(root, jobsName), { withFileTypes: true })
    .catch((error: unknown) => {
      if (isErrnoException(error) && error.code === 'ENOENT') return [];
      if (!isErrnoException(error)) throw error;
      onProblem?.({ ...unreadable(error.code).toJSON(), severity: 'warning' });
      return [];
    });
  const names: string[] = [];
  for (const entry of entries) {
    // Half-written folders of a job that is being made, or whose launcher was killed.
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) names.push(entry.name);
    else {
      const what = entry.isSymbolicLink() ? 'is a link instead of a folder' : 'is no folder';
      onProblem?.({ ...damaged(entry.name, null, what).toJSON(), severity: 'warning' });
    }
  }
  return names.sort().reverse();
}

function unreadable(code: string | undefined): OverreadError {
  return new OverreadError({
    code: 'OVR807',
    message: `The jobs cannot be listed (${code ?? 'unknown'})`,
    place: { file: jobsName },
    expected: 'a folder that can be read',
  });
}

/** One job. @param job the folder's name @throws OVR807 it is damaged */
export async function readJob(root: string, job: string, now = new Date()): Promise<JobSummary> {
  const request = await readJobFile(root, job, jobFiles.request, parseRequest);
  if (request === undefined) throw damaged(job, jobFiles.request, 'is missing');
  const taken = await readJobFile(root, job, jobFiles.process, parseProcess);
  const standing = await standingOf(root, job, request, taken, now);
  const { result } = standing;
  return {
    job,
    command: request.command,
    state: standing.state,
    created: request.created,
    started: taken?.started ?? null,
    ended: result?.ended ?? null,
    exitCode: result?.exit_code ?? null,
    run: result?.run ?? null,
    error: result?.error ?? null,
    progress: await lastProgress(root, job),
    trains: await hasTraining(root, trainingPlace(job, request.arguments)),
  };
}

async function standingOf(
  root: string,
  job: string,
  request: JobRequest,
  taken: JobProcess | undefined,
  now: Date,
): Promise<{ readonly state: JobState; readonly result?: JobResult }> {
  const age = Math.abs(now.getTime() - Date.parse(request.created));
  const state =
    taken === undefined
      ? age > queuedMs
        ? 'lost'
        : 'queued'
      : launchers[request.launcher].status(taken, now) === 'running'
        ? 'running'
        : 'lost';
  // Asked last: between the two questions a job may write its result and end.
  const result = (await readJobFile(root, job, jobFiles.result, parseResult)) as JobResult | undefined;
  if (result !== undefined) return { state: stateOf(result), result };
  const cancelled = state === 'lost' && (await isCancelled(root, job));
  return { state: cancelled ? 'cancelled' : state };
}

function stateOf({ cancelled, exit_code }: JobResult): JobState {
  if (cancelled) return 'cancelled';
  return exit_code === 0 || exit_code === 1 ? 'ended' : 'failed';
}

/** Whether somebody asked for a job's end. */
export async function isCancelled(root: string, job: string): Promise<boolean> {
  return (await readJobFile(root, job, jobFiles.cancel, () => true)) === true;
}

/**
 * Finds a job by its whole name, by a unique part of it, or the newest one where none is named.
 * @throws OVR807 there is no such job, or several
 */
export async function findJob(root: string, wanted: string | undefined): Promise<string> {
  const names = await jobNames(root);
  const [newest] = names;
  if (wanted === undefined && newest !== undefined) return newest;
  const part = wanted ?? '';
  const found = names.includes(part) ? [part] : names.filter((name) => name.includes(part));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const message = found.length === 0 ? `No job is named "${part}"` : `${found.length} jobs match "${part}"`;
  throw new OverreadError({
    code: 'OVR807',
    message: names.length === 0 ? 'This project has no job' : message,
    ...(names.length === 0 ? {} : { expected: `one of ${names.slice(0, 5).join(', ')}` }),
    fix: 'List them with "overread jobs"',
  });
}

/**
 * What to ask for to go on with a job that has ended without a run: the same, from what it left.
 * @throws OVR807 it is under way, has made its run, or cannot be read
 */
export async function requestToResume(
  root: string,
  job: string,
): Promise<Pick<JobRequest, 'command' | 'arguments'>> {
  const { state, run } = await readJob(root, job);
  const request = await readJobFile(root, job, jobFiles.request, parseRequest);
  if (request === undefined) throw damaged(job, jobFiles.request, 'is missing');
  if (isUnderWay(state) || run !== null) {
    throw new OverreadError({
      code: 'OVR807',
      message: `The job ${job} ${run === null ? 'is under way' : `has made its run ${run}`}`,
      fix: 'Start the command again: that makes a new job',
    });
  }
  // A job that went on with another works in that one's folder.
  const isResumed = resumedJob(request.arguments) !== undefined;
  return {
    command: request.command,
    arguments: isResumed ? request.arguments : [...request.arguments, '--resume', job],
  };
}

/**
 * Ends a job: it is told in its folder, asked by a signal, and after a grace killed with all that it started.
 * @param graceMs milliseconds in which it may end in order
 * @returns where it stands then; `running` where its process is another machine's, which is told and ends by itself
 * @throws OVR807 it cannot be read; OVR003, OVR005 nothing can be written there
 */
export async function cancelJob(
  folder: ProjectFolder,
  job: string,
  graceMs = usualGraceMs,
): Promise<JobSummary> {
  const before = await readJob(folder.root, job);
  if (!isUnderWay(before.state)) return before;
  await folder.createFile(
    jobPath(job, jobFiles.cancel),
    `${JSON.stringify({ v: 1, time: new Date().toISOString() })}\n`,
  );
  const request = await readJobFile(folder.root, job, jobFiles.request, parseRequest);
  const taken = await readJobFile(folder.root, job, jobFiles.process, parseProcess);
  if (request && taken) await launchers[request.launcher].cancel(taken, graceMs);
  return readJob(folder.root, job);
}

/**
 * Removes finished jobs. What is damaged stays, since nobody can say what it is.
 * @param keep the newest of the finished ones that stay
 * @returns the names of those removed
 */
export async function cleanJobs(folder: ProjectFolder, keep = 0): Promise<string[]> {
  const finished = (await listJobs(folder.root)).filter(({ state }) => !isUnderWay(state));
  const doomed = finished.slice(keep).map(({ job }) => job);
  for (const job of doomed) await folder.removeWholeFolder(jobsName, job);
  return doomed;
}

/** What a job has printed since a byte; at most 1 MB at a time. @throws OVR807 as {@link readJob} */
export function readLog(root: string, job: string, from: number): Promise<Buffer> {
  return launchers.local.logs({ root, job }, from);
}
