/**
 * Programs of the machine that are started by name (git, Python), and the only place of core that starts any. A name
 * alone would be looked up where the process happens to stand (first of all on Windows, and on Linux where PATH has
 * `.` or an empty entry), so a repository could bring its own `git`. Here a name becomes an absolute path once, and
 * the program runs in a folder that no repository writes to.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Readable } from 'node:stream';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started. */
  readonly failure?: string;
}

export interface RunOptions {
  readonly env: Environment;
  /** A program that takes longer is killed, ms. */
  readonly timeLimit: number;
  readonly signal?: AbortSignal;
  /** Characters at the end of each stream that are kept, where the usual ones are too few. */
  readonly keep?: number;
}

/** Of each stream the last characters are kept. */
const keptOutput = 20_000;

/**
 * The absolute path of a program by its name, from the absolute entries of PATH in their order; undefined when there
 * is none. Empty and relative entries are passed over. On Windows only `.exe` and `.com` count: a batch file would
 * need a shell.
 */
export async function findProgram(
  name: string,
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const windows = platform === 'win32';
  const paths = windows ? path.win32 : path.posix;
  for (const entry of (pathOf(env, windows) ?? '').split(paths.delimiter)) {
    const folder = windows ? entry.replaceAll('"', '') : entry;
    // `\tools` is absolute to Node and still depends on the drive that the process stands on.
    if (!paths.isAbsolute(folder) || (windows && /^[\\/](?![\\/])/.test(folder))) continue;
    for (const ending of windows ? executableEndings(env) : ['']) {
      const file = paths.join(folder, name + ending);
      if (await canRun(file, windows)) return file;
    }
  }
  return undefined;
}

/**
 * Runs a program to its end, without a shell and without input.
 * @param file absolute, as `findProgram` gives it
 * @throws Error when `file` is not absolute: a name is not to be looked up here
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  { env, timeLimit, signal, keep }: RunOptions,
): Promise<Ended> {
  const child = await start(file, args, env);
  // Not spawn's own limit: its clock goes on when the program cannot be started, and keeps our process for as long.
  const limit = setTimeout(() => child.kill('SIGKILL'), timeLimit);
  const stop = (): void => void child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    return await endOf(child, keep);
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * The same for work without a limit of time, which ends in order when it is asked to: SIGTERM, and after a grace
 * SIGKILL.
 */
export async function startProgram(
  file: string,
  args: readonly string[],
  options: { readonly env: Environment; readonly signal?: AbortSignal; readonly graceMs: number },
): Promise<Ended> {
  const { env, signal, graceMs } = options;
  const child = await start(file, args, env);
  let force: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    force = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    return await endOf(child);
  } finally {
    clearTimeout(force);
    signal?.removeEventListener('abort', stop);
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

async function start(file: string, args: readonly string[], env: Environment): Promise<Child> {
  if (!path.isAbsolute(file)) throw new Error(`${file} is no absolute path of a program`);
  // Set by VS Code for its own Node: a Python that starts one must not hand it on.
  const { ELECTRON_RUN_AS_NODE: _, ...rest } = env;
  const cwd = await neutralFolder(file);
  return spawn(file, args, { cwd, env: rest, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
}

function endOf(child: Child, keep = keptOutput): Promise<Ended> {
  return new Promise((resolve) => {
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-keep);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keep);
    });
    child.on('error', (error) => {
      resolve({ code: null, signal: null, stdout, stderr, failure: error.message });
    });
    child.on('close', (code, ended) => {
      resolve({ code, signal: ended, stdout, stderr });
    });
  });
}

/** Windows does not mind the case of a variable's name; a copy of its environment does. */
function pathOf(env: Environment, windows: boolean): string | undefined {
  if (!windows) return env['PATH'];
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  return name === undefined ? undefined : env[name];
}

function executableEndings(env: Environment): readonly string[] {
  const allowed = ['.com', '.exe'];
  const listed = (env['PATHEXT'] ?? '').toLowerCase().split(';');
  const found = listed.filter((ending) => allowed.includes(ending));
  return found.length > 0 ? found : allowed;
}

async function canRun(file: string, windows: boolean): Promise<boolean> {
  try {
    if (windows) {
      // The Store's Python is an alias that cannot be followed, only started.
      const entry = await fs.lstat(file);
      return entry.isFile() || entry.isSymbolicLink();
    }
    if (!(await fs.stat(file)).isFile()) return false;
    await fs.access(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The user's own folder; where there is none, the root that the program lies under. Never a project. */
async function neutralFolder(file: string): Promise<string> {
  const home = os.homedir();
  const isFolder = await fs.stat(home).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  return path.isAbsolute(home) && isFolder ? home : path.parse(file).root;
}
