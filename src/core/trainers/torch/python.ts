/** The Python that trains: found by an absolute path, asked what it has, and told in one line what is wrong with it. */
import * as path from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { jsonReader } from '../../base/checkedJson';
import { OverreadError } from '../../base/errors';
import { exists } from '../../base/files';
import { findProgram, runProgram, type Environment } from '../../base/programs';
import type { Device } from '../../onnx/model';

/** PyTorch takes seconds to import, on a network disk a minute. */
const probeLimit = 180_000;
/** A look for folders takes a moment. */
const lookLimit = 20_000;
const oldestPython = [3, 10] as const;
const oldestTorch = [2, 4] as const;
/** Packages that training imports. */
const needed = ['torch', 'timm', 'torchvision', 'safetensors', 'numpy'] as const;
const setUp = 'Run "overread setup-python", or name a Python that has them with --python';

const parseProbe = jsonReader(
  Type.Object({
    python: Type.String(),
    executable: Type.String(),
    packages: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
    cuda_build: Type.Union([Type.String(), Type.Null()]),
    devices: Type.Array(Type.Object({ name: Type.String(), memory: Type.Number() })),
    mps: Type.Boolean(),
    fault: Type.Union([Type.String(), Type.Null()]),
  }),
);

export type PythonProbe = Static<ReturnType<typeof Type.Object>> & ReturnType<typeof parseProbe>;

/** The virtual environment that `overread setup-python` makes. */
export function ownEnvironment(cacheDir: string): string {
  return path.join(cacheDir, 'python');
}

/** The Python of a virtual environment. */
export function pythonOf(environment: string): string {
  return process.platform === 'win32'
    ? path.join(environment, 'Scripts', 'python.exe')
    : path.join(environment, 'bin', 'python');
}

/**
 * The Python to train with: the one that is named, else that of `setup-python`, else the first on PATH.
 * @throws OVR702 there is none
 */
export async function findPython(
  named: string | undefined,
  cacheDir: string,
  env: Environment,
): Promise<string> {
  if (named !== undefined) {
    if (path.isAbsolute(named) && (await exists(named))) return named;
    throw fault(`There is no Python at ${named}`, 'Give its absolute path');
  }
  const own = pythonOf(ownEnvironment(cacheDir));
  if (await exists(own)) return own;
  const found = (await findProgram('python3', env)) ?? (await findProgram('python', env));
  if (found !== undefined) return found;
  throw fault('There is no Python on PATH', 'Install Python 3.10 or newer, then run "overread setup-python"');
}

/** Variables that Python runs with: our package, nothing of the folder that it stands in, and no compiled files beside it. */
export function pythonEnvironment(env: Environment, packageFolder: string): Environment {
  return {
    ...env,
    PYTHONPATH: packageFolder,
    PYTHONSAFEPATH: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONIOENCODING: 'utf-8',
  };
}

/**
 * Whether a Python has the packages that training imports. It looks for their folders and imports nothing, which would take
 * seconds: versions, drivers and what does not load show when a training starts.
 */
export async function hasPackages(python: string, env: Environment): Promise<boolean> {
  const look =
    'import sys; from importlib.util import find_spec; sys.exit(not all(map(find_spec, sys.argv[1:])))';
  const { code } = await runProgram(python, ['-c', look, ...needed], {
    env: { ...env, PYTHONSAFEPATH: '1', PYTHONDONTWRITEBYTECODE: '1' },
    timeLimit: lookLimit,
  });
  return code === 0;
}

/** Asks a Python what it has. @throws OVR702 it cannot be started; OVR002 */
export async function probePython(
  python: string,
  packageFolder: string,
  env: Environment,
  signal?: AbortSignal,
): Promise<PythonProbe> {
  const ended = await runProgram(python, ['-m', 'overread_torch', 'probe'], {
    env: pythonEnvironment(env, packageFolder),
    timeLimit: probeLimit,
    ...(signal ? { signal } : {}),
  });
  if (signal?.aborted === true) throw new OverreadError({ code: 'OVR002', message: 'Cancelled' });
  const line = ended.stdout.trim().split('\n').at(-1) ?? '';
  try {
    if (ended.code === 0) return parseProbe(line);
  } catch {
    // It printed something else: told below.
  }
  const last = ended.failure ?? ended.stderr.trim().split('\n').at(-1) ?? '';
  const old = /SyntaxError|No module named overread_torch/.test(ended.stderr);
  throw old
    ? fault(`${python} is too old, or cannot read Overread's package (${last})`, 'Take Python 3.10 or newer')
    : fault(`${python} cannot be used: ${last}`, setUp);
}

/**
 * Refuses what cannot train, in one sentence.
 * @returns what a person should know although it works
 * @throws OVR702
 */
export function checkPython(probe: PythonProbe, device: Device): readonly string[] {
  const { packages, python } = probe;
  if (!atLeast(python, oldestPython)) {
    throw fault(`Python ${python} is too old`, 'Take Python 3.10 or newer');
  }
  const missing = needed.filter((name) => packages[name] === null || packages[name] === undefined);
  if (missing.length > 0)
    throw fault(`Python ${python} (${probe.executable}) has no ${missing.join(', ')}`, setUp);
  const { torch } = packages;
  if (probe.fault !== null) throw fault(`PyTorch ${torch ?? ''} does not load: ${probe.fault}`, setUp);
  if (!atLeast(torch ?? '', oldestTorch)) throw fault(`PyTorch ${torch ?? ''} is too old`, setUp);
  const driver =
    probe.cuda_build !== null && probe.devices.length === 0
      ? `PyTorch ${torch ?? ''} is built for CUDA ${probe.cuda_build} and finds no GPU or no driver that it can use`
      : undefined;
  if (device === 'cuda' && probe.devices.length === 0) {
    throw fault(
      driver ?? `PyTorch ${torch ?? ''} is built without CUDA`,
      'Install the driver of the GPU and a PyTorch built for it, or take --device cpu',
    );
  }
  return driver === undefined ? [] : [`${driver}: it trains on the CPU`];
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

function fault(message: string, fix: string): OverreadError {
  return new OverreadError({ code: 'OVR702', message, fix });
}
