/** What a job is: a command of ours that outlives the window or terminal that started it. Types, and what goes with them. */
import type { ErrorReport, Problem, Progress } from '../base/report';

/** Commands that may run as jobs: a request that names another one is not run, whoever wrote it. */
export const jobCommands = ['finetune'] as const;
export type JobCommand = (typeof jobCommands)[number];

/** Ways to start a job. */
export const launcherNames = ['local'] as const;
export type LauncherName = (typeof launcherNames)[number];

/** `request.json`: what is to be done. Written once, with the folder. */
export interface JobRequest {
  readonly v: 1;
  readonly command: JobCommand;
  /** Of the command line, after the project's folder. */
  readonly arguments: readonly string[];
  readonly launcher: LauncherName;
  /** When it was asked for, UTC. */
  readonly created: string;
}

/** `result.json`: how it ended. Written once; whoever reads it needs no process any more. */
export interface JobResult {
  readonly v: 1;
  /** When, UTC. */
  readonly ended: string;
  /** As the command line ends; null where the work was ended from outside (killed, out of memory). */
  readonly exit_code: number | null;
  /** It ended because somebody cancelled it. */
  readonly cancelled: boolean;
  /** The run that it made. */
  readonly run?: string;
  readonly error?: ErrorReport;
  /** Faults that did not stop it, the first of them. */
  readonly problems: readonly Problem[];
}

/** A line of `progress.jsonl`. */
export interface JobProgress extends Progress {
  /** UTC. */
  readonly time: string;
}

/**
 * Where a job stands. `queued`: nobody has taken it up yet; `ended`: it did what it was asked for; `lost`: its process
 * is gone and left no result.
 */
export type JobState = 'queued' | 'running' | 'ended' | 'failed' | 'cancelled' | 'lost';

/** A job as it is listed: its state is read off its files and its process, and is kept nowhere. */
export interface JobSummary {
  /** The folder's name. */
  readonly job: string;
  readonly command: JobCommand;
  readonly state: JobState;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly exitCode: number | null;
  readonly run: string | null;
  readonly error: ErrorReport | null;
  /** The last that it told; null before that. */
  readonly progress: JobProgress | null;
  /** Whether it trains by PyTorch, as far as it has got: then there are curves to look at. */
  readonly trains: boolean;
}

/** Whether it may still go on. */
export function isUnderWay(state: JobState): boolean {
  return state === 'queued' || state === 'running';
}
