/** The user's own pip: their index, mirror, proxy and certificates hold, and none of it is ours to know. */
import { OverreadError } from '../base/errors';
import { findProgram, runProgram, type Environment } from '../base/programs';
import { SourceUnavailable } from './sourceUnavailable';

export type { Environment };

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

/**
 * Runs pip with these arguments; the first Python that has pip decides.
 * @param limit ms after which it is ended
 * @throws SourceUnavailable when no pip is found or it fails, with its last words
 */
export async function runPip(
  args: readonly string[],
  env: Environment,
  signal?: AbortSignal,
  limit = timeLimit,
): Promise<string> {
  for (const [name, ...first] of commands) {
    const program = await findProgram(name, env);
    if (program === undefined) continue;
    const { code, output } = await run(program, [...first, ...args], env, signal, limit);
    if (isNoPip.test(output)) continue;
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
  limit: number,
): Promise<{ readonly code: number; readonly output: string }> {
  const ended = await runProgram(program, args, {
    env: {
      ...env,
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_NO_INPUT: '1',
      PYTHONIOENCODING: 'utf-8',
      // `python -m pip` would import a `pip` of the folder it stands in before the installed one.
      PYTHONSAFEPATH: '1',
    },
    timeLimit: limit,
    ...(signal ? { signal } : {}),
  });
  if (signal?.aborted === true) throw new OverreadError({ code: 'OVR002', message: 'Cancelled' });
  const output = ended.stdout + ended.stderr;
  if (ended.failure !== undefined) return { code: 1, output: `ERROR: ${ended.failure}` };
  const late = ended.signal === null ? '' : `\nERROR: ended by ${ended.signal} after ${limit / 1000} s`;
  return { code: ended.code ?? 1, output: output + late };
}

/** pip's last line with ERROR, without the path names that may stand in it. */
function lastError(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  const line = lines.findLast((text) => text.startsWith('ERROR')) ?? lines.at(-1) ?? 'no message';
  return line.replace(/^ERROR:\s*/, '').slice(0, 300);
}
