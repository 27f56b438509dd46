/** What a job leaves of itself while it runs: its process, its progress, its result. Written by its own process alone. */
import type * as fs from 'node:fs/promises';
import { OverreadError } from '../base/errors';
import { exists } from '../base/files';
import { thisProcess } from '../base/processIdentity';
import type { ProjectFolder } from '../base/projectFolder';
import type { Progress } from '../base/report';
import { damaged, jobFiles, jobPath, jobsName, parseRequest, progressOf, readJobFile } from './files';
import { isCancelled } from './jobs';
import type { JobProcess } from './launcher';
import type { JobProgress, JobRequest, JobResult } from './model';

export class JobRecord {
  private constructor(
    private readonly folder: ProjectFolder,
    private readonly job: string,
    readonly request: JobRequest,
    private readonly taken: JobProcess,
    private readonly lines: fs.FileHandle,
  ) {}

  /**
   * Takes up a job in the name of this process. A job is taken up once, also by two processes that come together.
   * @param job the folder's name
   * @throws OVR807 there is no such request, or it was taken up before; OVR003, OVR005 nothing can be written there
   */
  static async takeUp(folder: ProjectFolder, job: string, now: Date): Promise<JobRecord> {
    const request = await readJobFile(folder.root, job, jobFiles.request, parseRequest);
    if (request === undefined) throw damaged(job, jobFiles.request, 'is missing');
    const time = now.toISOString();
    const taken: JobProcess = { v: 1, process: thisProcess(), started: time, renewed: time };
    if (!(await folder.createFile(jobPath(job, jobFiles.process), textOf(taken)))) {
      throw new OverreadError({
        code: 'OVR807',
        message: `The job ${job} was taken up already`,
        place: { file: `${jobsName}/${job}` },
        fix: 'Start the command again: that makes a new job',
      });
    }
    const isOurs = (line: string): boolean => progressOf(line) !== undefined;
    const lines = await folder.openToAppend(jobPath(job, jobFiles.progress), isOurs);
    return new JobRecord(folder, job, request, taken, lines);
  }

  /** Says that the job lives, for those who cannot ask its process. @returns whether it is to end */
  async beat(now: Date): Promise<boolean> {
    if (!(await this.isThere())) return false;
    const renewed: JobProcess = { ...this.taken, renewed: now.toISOString() };
    await this.folder.writeFile(jobPath(this.job, jobFiles.process), textOf(renewed));
    return isCancelled(this.folder.root, this.job);
  }

  /** Adds a line to the progress. One write: a reader sees it whole, or sees that it does not end. */
  async progress(progress: Progress, now: Date): Promise<void> {
    const line: JobProgress = { time: now.toISOString(), ...progress };
    await this.lines.appendFile(`${JSON.stringify(line)}\n`);
  }

  /** Writes how it ended. What was written before stands. */
  async end(result: JobResult): Promise<void> {
    await this.lines.close();
    if (await this.isThere())
      await this.folder.createFile(jobPath(this.job, jobFiles.result), textOf(result));
  }

  /** Caches may be deleted at any time: nothing is made anew for a job that nobody can find any more. */
  private isThere(): Promise<boolean> {
    return exists(this.folder.path(jobPath(this.job, jobFiles.request)));
  }
}

function textOf(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
