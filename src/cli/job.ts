/**
 * The process of a job: `job.js ROOT JOB`, started detached. It takes the job up, has its command done by another
 * process (work.ts), writes down what that one tells, and says that it lives. Like the command line's first program
 * it only listens, so that a signal is heard whatever the work is busy with.
 */
import * as path from 'node:path';
import { forkProgram, withDecoders } from '../core/base/childProgram';
import { exitCodes } from '../core/base/errors';
import { policyFrom } from '../core/base/linkedFolders';
import { ProjectFolder } from '../core/base/projectFolder';
import { JobRecord } from '../core/jobs/jobRecord';
import type { Outcome } from './command';
import { followedVariable, jobVariable, type CancelMessage, type WorkMessage } from './workMessages';

/** How often it says that it lives, and looks whether it is to end. */
const beatMs = 2000;
/** What is cancelled has so long to end in order. */
const graceMs = 5000;
/** A command that is done ends by itself, unless a read that nobody waits for is stuck. */
const lingerMs = 2000;

async function run(root: string, job: string): Promise<number> {
  const folder = await ProjectFolder.open(root, policyFrom(process.env));
  const record = await JobRecord.takeUp(folder, job, new Date());
  const work = new Work(folder.root, job, record);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => work.cancel());
  // It has no terminal whose end could concern it.
  process.on('SIGHUP', () => undefined);
  if (await record.beat(new Date())) work.cancel();
  const beat = setInterval(() => {
    record.beat(new Date()).then(
      (cancelled) => cancelled && work.cancel(),
      // A full disk does not end the work; the next beat tries again.
      (error: unknown) => process.stderr.write(`The job's state cannot be written: ${String(error)}\n`),
    );
  }, beatMs);
  const { exitCode, cancelled, outcome } = await work.ended;
  clearInterval(beat);
  await record.end({
    v: 1,
    ended: new Date().toISOString(),
    exit_code: exitCode,
    cancelled,
    ...(outcome?.run === undefined || exitCode !== exitCodes.done ? {} : { run: outcome.run }),
    ...(outcome?.error === undefined ? {} : { error: outcome.error }),
    problems: outcome?.problems ?? [],
  });
  return exitCode ?? exitCodes.defect;
}

interface End {
  /** null: ended from outside. */
  readonly exitCode: number | null;
  readonly cancelled: boolean;
  readonly outcome: Outcome | undefined;
}

class Work {
  readonly ended: Promise<End>;
  private readonly child;
  private outcome: Outcome | undefined;
  private exitCode: number | null = null;
  private cancelled = false;
  /** Lines of progress are written one after the other. */
  private writing: Promise<void> = Promise.resolve();

  constructor(
    root: string,
    job: string,
    private readonly record: JobRecord,
  ) {
    const { request } = record;
    this.child = forkProgram(path.join(__dirname, 'cliWork.js'), {
      // As the person named it, for what is printed.
      args: [
        ...[request.command, path.relative(process.cwd(), root) || '.'],
        ...[...request.arguments, '--progress', 'none'],
      ],
      env: { ...withDecoders(process.env), [followedVariable]: '1', [jobVariable]: job },
      inheritStreams: true,
    });
    this.child.on('message', (message) => this.told(message as WorkMessage));
    this.ended = new Promise((resolve) => {
      const end = (code: number | null): void => {
        const exitCode = this.exitCode ?? code;
        const cancelled = exitCode === exitCodes.cancelled || (this.cancelled && exitCode === null);
        void this.writing.then(() => resolve({ exitCode, cancelled, outcome: this.outcome }));
      };
      this.child.on('error', (error) => {
        process.stderr.write(`The work cannot be started: ${error.message}\n`);
        end(exitCodes.environment);
      });
      this.child.on('exit', end);
    });
  }

  /** Asks the work to end, and after the grace kills it. */
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    if (this.child.connected) this.child.send({ cancel: 'SIGTERM' } satisfies CancelMessage, () => undefined);
    this.killAfter(graceMs);
  }

  private told(message: WorkMessage): void {
    if ('progress' in message) {
      const now = new Date();
      // Progress is no result: where it cannot be written the work goes on.
      this.writing = this.writing
        .then(() => this.record.progress(message.progress, now))
        .catch(() => undefined);
    } else if ('outcome' in message) this.outcome = message.outcome;
    else {
      this.exitCode = message.exitCode;
      this.killAfter(lingerMs);
    }
  }

  private killAfter(ms: number): void {
    setTimeout(() => this.child.kill('SIGKILL'), ms).unref();
  }
}

const [root = '', job = ''] = process.argv.slice(2);
run(root, job).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(exitCodes.environment);
  },
);
