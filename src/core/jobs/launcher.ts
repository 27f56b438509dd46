/** The seam for launchers: how a job is started, asked about and ended. One starts processes of this machine. */
import type { ProcessIdentity } from '../base/processIdentity';
import type { ProjectFolder } from '../base/projectFolder';
import type { LauncherName } from './model';

/** `process.json`: who does it. Its presence says that the job was taken up, which happens once. */
export interface JobProcess {
  readonly v: 1;
  readonly process: ProcessIdentity;
  /** When it was taken up, UTC. */
  readonly started: string;
  /** When its process last said that it lives, UTC. */
  readonly renewed: string;
}

/** A job in its project. */
export interface JobPlace {
  /** Absolute, without links. */
  readonly root: string;
  readonly job: string;
}

export interface Launcher {
  readonly name: LauncherName;
  /**
   * Has a job taken up, whose folder is whole already. Its process outlives this one.
   * @throws OverreadError it could not be started
   */
  start(folder: ProjectFolder, job: string): Promise<void>;
  /** Whether what has taken up the job is still at it. Never gives `gone` where that is not certain. */
  status(taken: JobProcess, now: Date): 'running' | 'gone';
  /** Ends what has taken up a job: asks, and after a grace forces. Resolves when it is gone, or cannot be ended from here. */
  cancel(taken: JobProcess, graceMs: number): Promise<void>;
  /** What a job has printed since a byte; at most 1 MB at a time. */
  logs(place: JobPlace, from: number): Promise<Buffer>;
}
