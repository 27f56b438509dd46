/** The launcher of this machine: a program of our own, detached from whoever starts it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startDetached } from '../base/childProgram';
import { OverreadError } from '../base/errors';
import { livenessOf } from '../base/processIdentity';
import type { ProjectFolder } from '../base/projectFolder';
import { jobFiles, jobPath, readPart } from './files';
import type { JobPlace, JobProcess, Launcher } from './launcher';

export interface LocalProgram {
  /** The built program that takes up a job (`dist/job.js`). */
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  /** Paths in the job's arguments are taken from here. */
  readonly cwd: string;
}

/** A process that cannot be asked counts as gone when it has said nothing for so long. It says something every 2 s. */
const silentMs = 60_000;
const pollMs = 50;
/** The end of a process that was killed is the system's to bring about. */
const killedMs = 2000;
const mostLogBytes = 2 ** 20;

export class LocalProcess implements Launcher {
  readonly name = 'local';

  /** @param program absent where jobs are listed and ended, and none is started */
  constructor(private readonly program?: LocalProgram) {}

  async start(folder: ProjectFolder, job: string): Promise<void> {
    if (this.program === undefined) throw new Error('This launcher starts nothing');
    const log = await folder.openToAppend(jobPath(job, jobFiles.log), () => false);
    try {
      const { file, env, cwd } = this.program;
      await startDetached(file, [folder.root, job], { env, cwd, output: log.fd });
    } catch (error) {
      throw new OverreadError({
        code: 'OVR003',
        message: `The job cannot be started: ${error instanceof Error ? error.message : String(error)}`,
        fix: 'Run the command without --job',
        cause: error,
      });
    } finally {
      await log.close();
    }
  }

  status(taken: JobProcess, now: Date): 'running' | 'gone' {
    return statusOf(taken, now);
  }

  async cancel(taken: JobProcess, graceMs: number): Promise<void> {
    const { pid } = taken.process;
    // A process of another machine finds the cancellation beside its request.
    if (!isOurs(taken)) return;
    signal(pid, 'SIGTERM');
    if (await isGone(taken, graceMs)) return;
    signal(-pid, 'SIGKILL');
    signal(pid, 'SIGKILL');
    await isGone(taken, killedMs);
  }

  async logs({ root, job }: JobPlace, from: number): Promise<Buffer> {
    return (await readPart(root, job, jobFiles.log, from, mostLogBytes)) ?? Buffer.alloc(0);
  }
}

/** A process that is known by more than its number is what it says; any other counts while it says that it lives. */
function statusOf({ process, renewed }: JobProcess, now: Date): 'running' | 'gone' {
  const liveness = livenessOf(process);
  if (liveness === 'gone') return 'gone';
  if (liveness === 'alive' && process.started !== null) return 'running';
  return Math.abs(now.getTime() - Date.parse(renewed)) > silentMs ? 'gone' : 'running';
}

/** Whether a signal to this number reaches the job's own process: it lives here, and it is no later one. */
function isOurs(taken: JobProcess): boolean {
  return livenessOf(taken.process) === 'alive' && statusOf(taken, new Date()) === 'running';
}

/** Waits for a process of ours to end. @returns whether it has */
async function isGone(taken: JobProcess, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += pollMs) {
    if (!isOurs(taken)) return true;
    await sleep(pollMs);
  }
  return !isOurs(taken);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone, or leads no group.
  }
}
