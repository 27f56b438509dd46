/** Finds CUDA's libraries: of NVIDIA's wheels, which a CUDA build of PyTorch brings, of PyTorch itself, or of the system. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { findProgram, runProgram, type Environment } from '../base/programs';

/** By the names under which they load each other, each before the libraries that need it. */
export const cudaLibraries = [
  'libcudart.so.13',
  'libnvJitLink.so.13',
  'libcublasLt.so.13',
  'libcublas.so.13',
  'libcurand.so.10',
  'libcufft.so.12',
  'libnvrtc.so.13',
  'libcudnn.so.9',
] as const;

/** The provider opens without these; single operations may ask for them. */
const optional: readonly string[] = ['libnvJitLink.so.13', 'libnvrtc.so.13', 'libcufft.so.12'];

export interface FoundLibraries {
  /** Absolute, in the order of {@link cudaLibraries}. */
  readonly files: readonly string[];
  /** Needed, and found nowhere. */
  readonly missing: readonly string[];
  /** Folders that they were found in, for people. */
  readonly folders: readonly string[];
}

/** Where the system's own packages and NVIDIA's installer put them. */
const systemFolders = ['/usr/local/cuda/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib64'];

/**
 * Looks through folders of Python packages (`nvidia/…/lib`, `torch/lib`), then `LD_LIBRARY_PATH`, then the system's.
 * @param packages folders of packages; those of the Python on PATH where it is absent
 */
export async function findCudaLibraries(
  env: Environment,
  packages?: readonly string[],
): Promise<FoundLibraries> {
  const roots = packages ?? (await packageFolders(env));
  const listed = (env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => path.isAbsolute(folder));
  const folders = [...(await Promise.all(roots.map(libraryFolders))).flat(), ...listed, ...systemFolders];
  const files: string[] = [];
  const missing: string[] = [];
  for (const name of cudaLibraries) {
    const file = await firstThatIs(folders.map((folder) => path.join(folder, name)));
    if (file !== undefined) files.push(file);
    else if (!optional.includes(name)) missing.push(name);
  }
  return { files, missing, folders: [...new Set(files.map((file) => path.dirname(file)))] };
}

/** `nvidia/cu13/lib`, `nvidia/cudnn/lib` and the like, and PyTorch's own. */
async function libraryFolders(root: string): Promise<string[]> {
  const vendor = path.join(root, 'nvidia');
  const names = await fs.readdir(vendor).catch(() => []);
  return [...names.sort().map((name) => path.join(vendor, name, 'lib')), path.join(root, 'torch', 'lib')];
}

const askPython =
  'import site, sys, json; print(json.dumps(site.getsitepackages() + [site.getusersitepackages()]))';

/** Where the Python on PATH, or the environment that is active, has its packages. */
async function packageFolders(env: Environment): Promise<string[]> {
  for (const name of ['python3', 'python']) {
    const program = await findProgram(name, env);
    if (program === undefined) continue;
    // -I: neither the current folder nor PYTHONPATH is imported from.
    const { code, stdout } = await runProgram(program, ['-I', '-c', askPython], { env, timeLimit: 20_000 });
    if (code !== 0) continue;
    try {
      const folders = JSON.parse(stdout) as unknown;
      if (Array.isArray(folders))
        return folders.filter((one): one is string => typeof one === 'string' && path.isAbsolute(one));
    } catch {
      continue;
    }
  }
  return [];
}

async function firstThatIs(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const found = await fs.stat(file).catch(() => undefined);
    if (found?.isFile() === true) return file;
  }
  return undefined;
}
