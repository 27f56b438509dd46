/** Adds ONNX Runtime's CUDA provider to the user's cache, where it is found from then on. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { sha256File, withScratchFolder } from '../base/files';
import type { WorkOptions } from '../base/ports';
import type { Environment } from '../base/programs';
import {
  cudaFolder,
  hasCudaProvider,
  providerFiles,
  providerRecord,
  runtimeVersion,
  type CudaProvider,
} from '../onnx/cudaRuntime';
import { findCudaLibraries, type FoundLibraries } from './cudaLibraries';
import { cudaWheels, fetchWheel, refusal, unpackProvider, type CudaWheel } from './cudaWheel';

export interface CudaRequest extends WorkOptions {
  readonly env: Environment;
  /** A wheel that was brought; else the user's pip fetches it. */
  readonly from?: string;
  /** Of the wheel that was brought, where it is another than the one that belongs here. */
  readonly sha256?: string;
}

/** What setting up will do, to be said before. @throws OVR509 there is none for this platform or version */
export function planCuda(platform: NodeJS.Platform = process.platform): CudaWheel {
  if (!hasCudaProvider(platform, process.arch)) {
    const reason = platform === 'win32' ? ' (Windows has DirectML: --device dml)' : '';
    throw refusal(`There is no CUDA provider for ${platform} ${process.arch}${reason}`);
  }
  const wheel = cudaWheels[runtimeVersion()];
  if (!wheel) throw refusal(`No CUDA provider is known for ONNX Runtime ${runtimeVersion()}`);
  return wheel;
}

export interface CudaSetUp {
  readonly folder: string;
  readonly bytes: number;
  readonly libraries: FoundLibraries;
}

/**
 * Fetches or reads the wheel, checks its hash, takes the provider from it, and notes where CUDA's libraries are.
 * @throws OVR509 it cannot be had, is another one, or CUDA's libraries are nowhere; OVR003
 */
export async function setUpCuda({ env, from, sha256, signal, onProgress }: CudaRequest): Promise<CudaSetUp> {
  const wheel = planCuda();
  const libraries = await findCudaLibraries(env);
  if (libraries.missing.length > 0) throw missingLibraries(libraries.missing);
  const folder = cudaFolder(env);
  return withScratchFolder(path.join(os.tmpdir(), 'overread-cuda-'), async (scratch) => {
    const progress = (message: string) => onProgress?.({ stage: 'cuda', done: 0, message });
    if (from === undefined) progress(`pip download ${wheel.requirement} (${wheel.megabytes} MB)`);
    const file = from ?? (await fetchWheel(wheel, scratch, env, signal));
    progress('checking');
    const found = await hashOf(file);
    if (found !== (sha256 ?? wheel.sha256)) {
      const expected = `${wheel.requirement} for CPython 3.12, manylinux x86_64: ${wheel.sha256}`;
      throw refusal(`${path.basename(file)} has SHA-256 ${found}`, undefined, sha256 ?? expected);
    }
    // Beside its place, so that it gets there by renaming.
    await fs.mkdir(path.dirname(folder), { recursive: true, mode: 0o700 });
    const made = await fs.mkdtemp(`${folder}.`);
    try {
      progress('unpacking');
      await unpackProvider(file, made);
      const files = await Promise.all(
        providerFiles.map(async (name) => {
          const at = path.join(made, name);
          return { name, bytes: (await fs.stat(at)).size, sha256: await sha256File(at) };
        }),
      );
      const record: CudaProvider = {
        version: 1,
        runtime: runtimeVersion(),
        wheelSha256: found,
        files,
        libraries: libraries.files,
      };
      await fs.writeFile(path.join(made, providerRecord), `${JSON.stringify(record, null, 2)}\n`);
      await fs.rm(folder, { recursive: true, force: true });
      await fs.rename(made, folder);
      return { folder, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), libraries };
    } finally {
      await fs.rm(made, { recursive: true, force: true });
    }
  });
}

async function hashOf(file: string): Promise<string> {
  try {
    if (!(await fs.stat(file)).isFile()) throw refusal(`${file} is no file`);
    return await sha256File(file);
  } catch (error) {
    if (error instanceof OverreadError) throw error;
    throw refusal(`${file} cannot be read`, error);
  }
}

function missingLibraries(missing: readonly string[]): OverreadError {
  return new OverreadError({
    code: 'OVR509',
    message: `CUDA 13 is not complete on this machine: ${missing.join(', ')} not found`,
    expected: 'in the packages of the Python on PATH, in LD_LIBRARY_PATH or in /usr/local/cuda/lib64',
    fix: 'Activate an environment with a CUDA 13 build of PyTorch, or pip install "onnxruntime-gpu[cuda,cudnn]" nvidia-cublas',
  });
}
