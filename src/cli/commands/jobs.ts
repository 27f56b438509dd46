/** `overread jobs`: work that outlives the window or terminal that started it: list, follow, cancel, clear away. */
import type { Command } from 'commander';
import { cancelJob, cleanJobs, findJob, listJobs, requestToResume, startJob } from '../../core/jobs/jobs';
import { LocalProcess } from '../../core/jobs/localProcess';
import { isUnderWay, type JobCommand, type JobSummary } from '../../core/jobs/model';
import { action, withOutputOptions, type CommandContext, type Surroundings } from '../command';
import { table } from '../describeMetrics';
import { followJob } from '../followJob';
import { describeProgress } from '../output';

export function addJobs(program: Command, surroundings: Surroundings): void {
  const jobs = program
    .command('jobs')
    .description('list, follow, cancel and clear away jobs: work that outlives what started it');
  withOutputOptions(jobs.command('list', { isDefault: true }))
    .description('list the jobs, newest first')
    .argument('<dir>', 'the project')
    .action(
      action(surroundings, async (context, _flags: object, dir: string) => {
        const { out } = context;
        const all = await listJobs(await context.project(dir), (problem) => out.problem(problem));
        out.json({ jobs: all });
        if (all.length === 0) out.line(`No job. Next: overread finetune ${dir} --detach`);
        else for (const line of table([head, ...all.map(rowOf)])) out.line(line);
        return undefined;
      }),
    );
  withOutputOptions(jobs.command('follow'))
    .description('print what a job prints until it ends; Ctrl+C ends the following, not the job')
    .argument('<dir>', 'the project')
    .argument('[job]', 'its name, or a part that only it has (default: the newest)')
    .action(
      action(surroundings, async (context, _flags: object, dir: string, wanted: string | undefined) => {
        const root = await context.project(dir);
        return followJob(context, root, await findJob(root, wanted), 'following');
      }),
    );
  withOutputOptions(jobs.command('cancel'))
    .description('end a job in order, or by force where it does not end')
    .argument('<dir>', 'the project')
    .argument('<job>', 'its name, or a part that only it has')
    .action(
      action(surroundings, async (context, _flags: object, dir: string, wanted: string) => {
        const folder = await context.folder(dir);
        const after = await cancelJob(folder, await findJob(folder.root, wanted));
        context.out.json(after);
        context.out.line(
          isUnderWay(after.state)
            ? `${after.job} was told to end; its process runs elsewhere`
            : `${after.job}: ${after.state}`,
        );
        return undefined;
      }),
    );
  withOutputOptions(jobs.command('resume'))
    .description('go on with a training by PyTorch that was killed or cancelled, from its last checkpoint')
    .argument('<dir>', 'the project')
    .argument('[job]', 'its name, or a part that only it has (default: the newest)')
    .option('--detach', 'do not wait for it')
    .action(
      action(surroundings, async (context, flags: JobFlags, dir: string, wanted: string | undefined) => {
        const root = await context.project(dir);
        const again = await requestToResume(root, await findJob(root, wanted));
        return runAsJob(context, dir, again.command, again.arguments, flags);
      }),
    );
  withOutputOptions(jobs.command('clean'))
    .description('remove the folders of jobs that have ended; runs stay')
    .argument('<dir>', 'the project')
    .action(
      action(surroundings, async (context, _flags: object, dir: string) => {
        const removed = await cleanJobs(await context.folder(dir));
        for (const job of removed) context.out.line(`removed ${job}`);
        context.out.line(`${removed.length} jobs removed`);
        context.out.json({ removed });
        return undefined;
      }),
    );
}

/** What a command's own options say of it. */
export interface JobFlags {
  readonly job?: true;
  readonly detach?: true;
}

/** Adds `--job` and `--detach` to a command that may run as a job. */
export function withJobOptions(command: Command): Command {
  return command
    .option('--job', 'run as a job, which goes on when this terminal ends; Ctrl+C cancels it')
    .option('--detach', 'run as a job and do not wait for it (see "overread jobs")');
}

/** Starts a command as a job of this machine and, unless it is to be left alone, follows it. @returns the exit code */
export async function runAsJob(
  context: CommandContext,
  dir: string,
  command: JobCommand,
  args: readonly string[],
  flags: JobFlags,
): Promise<number | undefined> {
  const folder = await context.folder(dir);
  const launcher = new LocalProcess({
    file: `${context.programs}/job.js`,
    env: { ...context.env },
    cwd: context.cwd,
  });
  const job = await startJob(folder, { command, arguments: args }, launcher, new Date());
  if (flags.detach !== true) return followJob(context, folder.root, job, 'job');
  // Its own process leaves the outcome for an editor.
  context.out.toldElsewhere = true;
  context.out.json({ job });
  context.out.line(`Started ${job}`);
  context.out.line(`Next: overread jobs follow ${dir} ${job}`);
  return undefined;
}

const head = ['job', 'state', 'time', 'of it'];

function rowOf(summary: JobSummary): string[] {
  const { job, state, progress, run, error } = summary;
  const news =
    run ?? error?.message ?? (isUnderWay(state) && progress !== null ? describeProgress(progress) : '');
  return [job, state, durationOf(summary), news];
}

/** `2 min 05 s` since it was taken up, until it ended or now; of one that ended without a word it is not known. */
function durationOf({ started, ended, state }: JobSummary): string {
  if (started === null || (ended === null && !isUnderWay(state))) return '–';
  const seconds = Math.round(
    ((ended === null ? Date.now() : Date.parse(ended)) - Date.parse(started)) / 1000,
  );
  const rest = seconds % 60;
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(rest).padStart(2, '0')} s`;
}
