/** What every command shares: its options, its surroundings, and how it ends. */
import * as path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { OverreadError } from '../core/base/errors';
import { writeFileAtomic } from '../core/base/files';
import { policyFrom } from '../core/base/linkedFolders';
import type { ReportProgress, WorkOptions } from '../core/base/ports';
import { ProjectFolder, type FolderPolicy } from '../core/base/projectFolder';
import type { ErrorReport, Problem, Progress } from '../core/base/report';
import type { Project } from '../core/project/project';
import { projectFolder } from '../core/project/projectRoot';
import { Output, type ProgressMode } from './output';

/** The process around a command: handed in, so that tests run commands without one. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: NodeJS.WritableStream & { readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly signal: AbortSignal;
  /** What aborted `signal`: Ctrl+C, or the end of the terminal. */
  readonly cancelledBy?: () => NodeJS.Signals | undefined;
  /** The folder with the other built programs: the inference thread's, and the filters'. */
  readonly programs: string;
  /** Sets how the process will end. */
  exit(code: number): void;
  /** Asks the person at the terminal, yes by default; absent where nobody can answer. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** The job that the command is of. */
  readonly job?: string;
  /** Who follows the command from another process; absent in a terminal. */
  readonly follower?: Follower;
}

/** Is told what a command does while it runs, and how it ended. */
export interface Follower {
  progress(progress: Progress): void;
  ended(outcome: Outcome): void;
}

/** How a command ended. */
export interface Outcome {
  readonly exitCode: number;
  /** What is wrong with the data, the first of it; the fault that ended the command among them. */
  readonly problems: readonly Problem[];
  readonly error?: ErrorReport;
  /** The run that it made, or was about. */
  readonly run?: string;
}

/** What a command's action is given. */
export interface CommandContext extends Surroundings {
  readonly out: Output;
  readonly work: WorkOptions;
  /** The built program of the inference threads. */
  readonly inferenceProgram: string;
  /** What may be written into a project. */
  readonly policy: FolderPolicy;
  /** Absolute path of something named on the command line. */
  resolve(file: string): string;
  /** A folder as it would be named on the command line, from the working folder. */
  shown(folder: string): string;
  /** The absolute folder of a project that is named on the command line. @throws OverreadError OVR100 */
  project(dir: string): Promise<string>;
  /** The same, to write into it. @throws OverreadError OVR100, OVR003 */
  folder(dir: string): Promise<ProjectFolder>;
  /** The project read whole; what is wrong with it is told when the command ends. @throws as `openProject` */
  open(dir: string): Promise<Project>;
}

interface SharedFlags {
  readonly json?: boolean;
  /** Another kind of JSON in its place, of the commands that have it. */
  readonly sarif?: boolean;
  readonly progress?: ProgressMode;
}

/** Adds `--json` and `--progress` to a command. */
export function withOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout and nothing else')
    .addOption(
      new Option('--progress <mode>', 'progress on stderr: for people, as one JSON object a line, or none')
        .choices(['auto', 'json', 'none'])
        .default('auto'),
    );
}

/**
 * Wraps an action: builds its context, turns what it throws into one clear message and the right exit code.
 * The action returns its exit code, or nothing for 0.
 */
export function action(
  surroundings: Surroundings,
  run: (context: CommandContext, flags: never, ...args: never[]) => Promise<number | undefined>,
): (...args: unknown[]) => Promise<void> {
  return async (...received) => {
    // Commander passes the declared arguments, then the flags, then the command itself.
    const flags = received.at(-2) as SharedFlags;
    const out = new Output(
      { json: flags.json === true || flags.sarif === true, progress: flags.progress ?? 'auto' },
      { stdout: surroundings.stdout, stderr: surroundings.stderr },
      { cwd: surroundings.cwd },
    );
    const policy = policyFrom(surroundings.env);
    const project = async (dir: string): Promise<string> => {
      const root = await projectFolder(path.resolve(surroundings.cwd, dir));
      out.folders.root = root;
      return root;
    };
    const context: CommandContext = {
      ...surroundings,
      out,
      inferenceProgram: path.join(surroundings.programs, 'inferenceWorker.js'),
      policy,
      work: { signal: surroundings.signal, onProgress: progressTo(out, surroundings.follower), log: out },
      resolve: (file) => path.resolve(surroundings.cwd, file),
      shown: (folder) => path.relative(surroundings.cwd, folder) || '.',
      project,
      folder: async (dir) => ProjectFolder.open(await project(dir), policy),
      open: async (dir) => {
        // DuckDB comes with it, which a command that only lists or starts something need not wait for.
        const { openProject } = await import('../core/project/project');
        const opened = await openProject(await project(dir), { policy });
        out.problems(opened.problems);
        return opened;
      },
    };
    try {
      const code = (await run(context, flags as never, ...(received.slice(0, -2) as never[]))) ?? 0;
      out.finish();
      await tellOutcome(surroundings, code, out);
      surroundings.exit(code);
    } catch (error) {
      const code = out.fail(error);
      await tellOutcome(surroundings, code, out, error);
      surroundings.exit(code);
    }
  };
}

/**
 * Who started a command in a terminal cannot read it; where `OVERREAD_OUTCOME` names a file, the ending is
 * written there as JSON, unless the work itself was another process's, which has written it. A follower is told.
 */
async function tellOutcome(
  { env, follower }: Surroundings,
  exitCode: number,
  { told, madeRun, toldElsewhere }: Output,
  error?: unknown,
): Promise<void> {
  const outcome: Outcome = {
    exitCode,
    problems: told,
    ...(error instanceof OverreadError ? { error: error.toJSON() } : {}),
    ...(madeRun === undefined ? {} : { run: madeRun }),
  };
  follower?.ended(outcome);
  const file = env['OVERREAD_OUTCOME'];
  if (file === undefined || file === '' || toldElsewhere) return;
  await writeFileAtomic(file, JSON.stringify(outcome)).catch(() => undefined);
}

function progressTo(out: Output, follower: Follower | undefined): ReportProgress {
  if (follower === undefined) return out.progress;
  return (progress) => {
    out.progress(progress);
    follower.progress(progress);
  };
}

/** A whole number of at least `min`, from the command line. */
export function wholeNumber(name: string, min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min) return value;
    throw new InvalidArgumentError(`${name} must be a whole number of at least ${min}.`);
  };
}
