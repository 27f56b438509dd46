/** The user's own pip: their index, mirror, proxy and certificates hold, and none of it is ours to know. */
import { spawn } from 'node:child_process';
import { OverreadError } from '../../base/errors';
import { SourceUnavailable } from './sourceUnavailable';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How pip is called, in the order in which it is tried. */
const commands: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ...(process.platform === 'win32' ? ([['py', '-m', 'pip']] as const) : []),
  ['pip3'],
  ['pip'],
];

/** What stands for a missing pip: Python without it, and the placeholder that Windows has for Python. */
const isNoPip = /No module named pip|Python was not found; run without arguments/;

/** pip that hangs longer is ended, ms: a mirror at 100 kB/s still gets through. */
const timeLimit = 300_000;

interface Ended {
  /** null when there is no such program. */
  readonly code: number | null;
  readonly output: string;
}

/**
 * Runs pip with these arguments; the first Python that has pip decides.
 * @throws SourceUnavailable when no pip is found or it fails, with its last words
 */
export async function runPip(
  args: readonly string[],
  env: Environment,
  signal?: AbortSignal,
): Promise<string> {
  for (const [program, ...first] of commands) {
    const { code, output } = await run(program, [...first, ...args], env, signal);
    if (code === null || isNoPip.test(output)) continue;
    if (code === 0) return output;
    throw new SourceUnavailable('Python package index', `pip failed (${lastError(output)})`);
  }
  throw new SourceUnavailable('Python package index', 'no Python with pip on PATH');
}

async function run(
  program: string,
  args: readonly string[],
  env: Environment,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  // A Python started from VS Code's own Node must not take what it starts for Node.
  const { ELECTRON_RUN_AS_NODE: _, ...childEnv } = env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...childEnv, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PYTHONIOENCODING: 'utf-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    // Not spawn's own limit: its clock goes on when there is no such program, and keeps our process for as long.
    const limit = setTimeout(() => child.kill(), timeLimit);
    let output = '';
    const collect = (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-20_000));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      clearTimeout(limit);
      if (signal?.aborted === true) reject(new OverreadError({ code: 'OVR002', message: 'Cancelled' }));
      else if ('code' in error && error.code === 'ENOENT') resolve({ code: null, output: '' });
      else resolve({ code: 1, output: `ERROR: ${error.message}` });
    });
    child.on('close', (code, ended) => {
      clearTimeout(limit);
      const late = ended === null ? '' : `\nERROR: ended by ${ended} after ${timeLimit / 1000} s`;
      resolve({ code: code ?? 1, output: output + late });
    });
  });
}

/** pip's last line with ERROR, without the path names that may stand in it. */
function lastError(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  const line = lines.findLast((text) => text.startsWith('ERROR')) ?? lines.at(-1) ?? 'no message';
  return line.replace(/^ERROR:\s*/, '').slice(0, 300);
}
