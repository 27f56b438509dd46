/** A job followed in a terminal: what it prints, how far it is, how it ends. It runs on whether it is followed or not. */
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes } from '../core/base/errors';
import { cancelJob, readJob, readLog } from '../core/jobs/jobs';
import { isUnderWay, type JobSummary } from '../core/jobs/model';
import type { CommandContext } from './command';

/** How often its files are looked at. */
const pollMs = 50;

/**
 * Prints what a job prints until it ends, or until the terminal does.
 * @param ctrlC what Ctrl+C ends: the job, where the command that started it is the one that follows, or the following
 * @returns the exit code: the job's own, or 130 where it goes on
 */
export async function followJob(
  context: CommandContext,
  root: string,
  job: string,
  ctrlC: 'job' | 'following',
): Promise<number> {
  const { out, signal } = context;
  // Its own process leaves the outcome for an editor.
  out.toldElsewhere = true;
  const log = new LogLines(root, job);
  let asked = false;
  let told = '';
  for (;;) {
    // Read before the log: what it printed at its end is there then.
    const summary = await readJob(root, job);
    for (const line of await log.next()) out.line(line);
    if (!isUnderWay(summary.state)) return tellEnd(context, summary);
    const { progress } = summary;
    if (progress && progress.time !== told) out.progress(progress);
    told = progress?.time ?? '';
    if (signal.aborted && !asked) {
      if (ctrlC === 'following' || context.cancelledBy?.() !== 'SIGINT') {
        out.info(`The job goes on: overread jobs follow ${context.shown(root)} ${job}`);
        return exitCodes.cancelled;
      }
      asked = true;
      await cancelJob(await context.folder(root), job);
    } else await sleep(pollMs);
  }
}

function tellEnd({ out }: CommandContext, summary: JobSummary): number {
  const { job, state, exitCode } = summary;
  out.json(summary);
  if (state === 'cancelled') out.info(`The job ${job} was cancelled.`);
  if (state === 'lost')
    out.warn(`the job ${job} is gone and left no result: it was killed, or the machine went down`);
  if (state === 'failed' && exitCode === null) {
    out.warn(`the work of the job ${job} was ended from outside: killed, or out of memory`);
  }
  if (state === 'cancelled') return exitCodes.cancelled;
  return exitCode ?? exitCodes.environment;
}

/** The lines that a job has printed since the last time. */
class LogLines {
  private at = 0;
  private rest = '';
  private readonly decoder = new StringDecoder('utf8');

  constructor(
    private readonly root: string,
    private readonly job: string,
  ) {}

  async next(): Promise<string[]> {
    const bytes = await readLog(this.root, this.job, this.at);
    this.at += bytes.length;
    const lines = (this.rest + this.decoder.write(bytes)).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.map((line) => line.replace(/\r$/, ''));
  }
}
