/**
 * `overread setup-python`: a virtual environment in the user's cache with PyTorch and timm. pip's own settings hold (index,
 * mirror, proxy, certificates), and an installed PyTorch is never touched.
 */
import * as path from 'node:path';
import { OverreadError } from '../../base/errors';
import { exists } from '../../base/files';
import { findProgram, runProgram, type Environment } from '../../base/programs';
import type { WorkOptions } from '../../base/ports';
import { checkPython, ownEnvironment, probePython, pythonOf } from './python';

/** What is installed; versions that were tried together. */
export const pythonPackages: readonly string[] = [
  'torch>=2.4',
  'torchvision',
  'timm>=1.0.20,<2',
  'safetensors>=0.4.3',
  'numpy',
];

/** What a sweep asks besides. */
const sweepPackages: readonly string[] = ['optuna>=4,<6'];

/** pip with a slow line, ms. */
const installLimit = 3_600_000;
const askLimit = 300_000;
/** Characters of pip's report: 200 packages have 1 MB. */
const longestReport = 2 ** 24;

export interface SetupRequest extends WorkOptions {
  readonly env: Environment;
  readonly cacheDir: string;
  readonly packageFolder: string;
  /** The Python that the environment is made of; absent: the first on PATH. */
  readonly python?: string | undefined;
  /** Where pip is to look first, as its `--index-url`; absent: its settings. */
  readonly indexUrl?: string | undefined;
  /** With Optuna, for sweeps. */
  readonly sweep?: boolean;
}

/** A package that pip would fetch. */
export interface PlannedPackage {
  readonly name: string;
  readonly version: string;
  /** The host that it comes from. */
  readonly source: string;
}

export interface SetupPlan {
  /** The folder of the environment. */
  readonly folder: string;
  /** The Python that it is made of; that of the environment itself where it is there already. */
  readonly python: string;
  /** What is to be fetched: none where an environment is there that has them all. */
  readonly packages: readonly PlannedPackage[];
  /** Whether the machine has a driver for NVIDIA's GPUs. */
  readonly hasDriver: boolean;
}

/**
 * Finds out what would be installed, fetching nothing but what pip must read of the packages. Of an environment that is there
 * already, what it lacks.
 * @throws OVR702 there is no Python, or pip cannot have the packages
 */
export async function planSetup(request: SetupRequest): Promise<SetupPlan> {
  const folder = ownEnvironment(request.cacheDir);
  const own = pythonOf(folder);
  const isMade = await exists(own);
  const python = isMade ? own : await systemPython(request);
  request.onProgress?.({ stage: 'ask pip', done: 0 });
  const args = ['-m', 'pip', 'install', '--dry-run', '--quiet', '--report', '-'];
  // Packages of another Python say nothing of those that the environment will have.
  const fresh = isMade ? [] : ['--ignore-installed'];
  const wanted = [...pythonPackages, ...(request.sweep === true ? sweepPackages : [])];
  const { stdout } = await pip(python, [...args, ...fresh, ...index(request), ...wanted], request, askLimit);
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    readonly install: readonly {
      readonly metadata: { readonly name: string; readonly version: string };
      readonly download_info: { readonly url: string };
    }[];
  };
  const packages = report.install.map(({ metadata, download_info: { url } }) => ({
    name: metadata.name,
    version: metadata.version,
    source: hostOf(url),
  }));
  const hasDriver =
    (await exists('/proc/driver/nvidia/version')) ||
    (await findProgram('nvidia-smi', request.env)) !== undefined;
  return { folder, python, packages, hasDriver };
}

/**
 * Makes the environment. One that is there already is kept and completed; of one that has everything it is only looked
 * whether it loads.
 * @returns the Python in it
 * @throws OVR702, OVR003
 */
export async function setupPython(plan: SetupPlan, request: SetupRequest): Promise<string> {
  const own = pythonOf(plan.folder);
  if (!(await exists(own))) {
    request.onProgress?.({ stage: 'environment', done: 0 });
    const made = await runProgram(plan.python, ['-m', 'venv', plan.folder], {
      ...limits(request, askLimit),
      env: request.env,
    });
    expectDone(made, 'The virtual environment cannot be made');
  }
  if (plan.packages.length > 0) {
    request.onProgress?.({ stage: 'install', done: 0, message: `${plan.packages.length} packages` });
    // What was said is what is installed, and pip need not find it out again.
    const pins = plan.packages.map(({ name, version }) => `${name}==${version}`);
    const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', ...index(request), ...pins];
    await pip(own, args, request, installLimit);
  }
  const probe = await probePython(own, request.packageFolder, request.env, request.signal);
  for (const note of checkPython(probe, 'auto')) request.log?.warn(note);
  return own;
}

function index({ indexUrl }: SetupRequest): readonly string[] {
  return indexUrl === undefined ? [] : ['--index-url', indexUrl];
}

async function systemPython({ python, env }: SetupRequest): Promise<string> {
  if (python !== undefined) {
    if (path.isAbsolute(python) && (await exists(python))) return python;
    throw fault(`There is no Python at ${python}`, 'Give its absolute path');
  }
  const found = (await findProgram('python3', env)) ?? (await findProgram('python', env));
  if (found !== undefined) return found;
  throw fault('There is no Python on PATH', 'Install Python 3.10 or newer, or name one with --python');
}

async function pip(
  python: string,
  args: readonly string[],
  request: SetupRequest,
  timeLimit: number,
): Promise<{ readonly stdout: string }> {
  const ended = await runProgram(python, args, {
    ...limits(request, timeLimit),
    keep: longestReport,
    env: {
      ...request.env,
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_NO_INPUT: '1',
      PYTHONIOENCODING: 'utf-8',
      // `python -m pip` would import a `pip` of the folder it stands in before the installed one.
      PYTHONSAFEPATH: '1',
    },
  });
  if (request.signal?.aborted === true) throw new OverreadError({ code: 'OVR002', message: 'Cancelled' });
  return expectDone(ended, 'pip cannot have the packages');
}

function expectDone(ended: Awaited<ReturnType<typeof runProgram>>, what: string): typeof ended {
  if (ended.code === 0) return ended;
  const lines = ended.stderr.split(/\r?\n/).filter((line) => line.trim() !== '');
  const line =
    ended.failure ?? lines.findLast((text) => text.startsWith('ERROR')) ?? lines.at(-1) ?? 'no message';
  throw fault(
    `${what}: ${line.replace(/^ERROR:\s*/, '').slice(0, 300)}`,
    'Check pip’s settings, or name an index with --index-url',
  );
}

function limits({ signal }: SetupRequest, timeLimit: number) {
  return { timeLimit, ...(signal ? { signal } : {}) };
}

function hostOf(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return protocol === 'file:' ? 'this machine' : host;
  } catch {
    return 'a place that pip does not name';
  }
}

function fault(message: string, fix: string): OverreadError {
  return new OverreadError({ code: 'OVR702', message, fix });
}
