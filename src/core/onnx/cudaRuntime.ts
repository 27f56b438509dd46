/**
 * The CUDA provider that `overread setup-cuda` left in the user's cache. ONNX Runtime looks for its providers beside its own library,
 * and for CUDA's libraries by name. Both are answered here by loading files by their absolute paths before they are asked
 * for: the runtime under a link in the cache, beside the provider, and the libraries that were found.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { userCacheFolder } from '../base/userCache';

/** What is known of an installed provider; `provider.json`. */
export interface CudaProvider {
  readonly version: 1;
  /** Of ONNX Runtime, the provider's and the product's. */
  readonly runtime: string;
  /** Of the wheel that it came from. */
  readonly wheelSha256: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** CUDA's libraries, absolute, in the order in which they are loaded. */
  readonly libraries: readonly string[];
}

export const providerFiles = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'];
export const providerRecord = 'provider.json';
const runtimeLibrary = 'libonnxruntime.so.1';

/** dlopen's RTLD_NODELETE, which Node does not name: what Node closes, being no add-on, stays. */
const keep = 0x1000;

const load = createRequire(import.meta.url);

/** Whether there is a provider for this platform. */
export function hasCudaProvider(platform: NodeJS.Platform, architecture: string): boolean {
  return platform === 'linux' && architecture === 'x64';
}

/** The version of ONNX Runtime here. */
export function runtimeVersion(): string {
  return (load('onnxruntime-node/package.json') as { version: string }).version;
}

/** Where the provider for this version lies, whether or not it does. */
export function cudaFolder(env: Readonly<Record<string, string | undefined>>): string {
  return path.join(userCacheFolder(env), 'cuda', runtimeVersion());
}

/** The provider in a folder, where all of it is there; undefined otherwise. */
export function readCudaProvider(folder: string): CudaProvider | undefined {
  try {
    const record = JSON.parse(fs.readFileSync(path.join(folder, providerRecord), 'utf8')) as CudaProvider;
    const whole = providerFiles.every((name) => {
      const file = record.files.find((one) => one.name === name);
      return file !== undefined && fs.statSync(path.join(folder, name)).size === file.bytes;
    });
    return record.runtime === runtimeVersion() && whole ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Lays the link under which the runtime is loaded; an update of the product moves what it points to. */
function linkRuntime(folder: string): string {
  const library = path.join(
    path.dirname(load.resolve('onnxruntime-node/package.json')),
    ...['bin', 'napi-v6', 'linux', 'x64', runtimeLibrary],
  );
  const link = path.join(folder, runtimeLibrary);
  if (fs.realpathSync(library) !== realpath(link)) {
    const made = `${link}.${process.pid}`;
    fs.rmSync(made, { force: true });
    fs.symlinkSync(library, made);
    fs.renameSync(made, link);
  }
  return link;
}

function realpath(file: string): string | undefined {
  try {
    return fs.realpathSync(file);
  } catch {
    return undefined;
  }
}

/** Loads a library for good. Node says that it is no add-on, which is true. */
function loadLibrary(file: string): void {
  const { RTLD_NOW, RTLD_GLOBAL } = os.constants.dlopen;
  try {
    process.dlopen({ exports: {} }, file, RTLD_NOW | RTLD_GLOBAL | keep);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('self-register')) throw error;
  }
}

/**
 * To be called before ONNX Runtime is loaded. Where a provider is installed, the runtime is loaded beside it, and CUDA
 * computes in single precision throughout (TF32 off): its features then equal the processor's to 1e-4, with TF32 to
 * 1.4e-3 only.
 */
export function loadRuntimeBesideCuda(env: NodeJS.ProcessEnv): void {
  if (!hasCudaProvider(process.platform, process.arch)) return;
  const folder = cudaFolder(env);
  if (!readCudaProvider(folder)) return;
  env['NVIDIA_TF32_OVERRIDE'] = '0';
  try {
    loadLibrary(linkRuntime(folder));
  } catch {
    // A cache that cannot be written: there is then no CUDA, and `doctor` says so.
  }
}

/** Why CUDA cannot open, as far as its provider tells; null when it is worth a try, and its libraries are then loaded. */
export function loadCudaLibraries(env: NodeJS.ProcessEnv): string | null {
  if (!hasCudaProvider(process.platform, process.arch)) return null;
  const provider = readCudaProvider(cudaFolder(env));
  if (!provider) return 'no CUDA provider for ONNX Runtime';
  for (const library of provider.libraries) {
    try {
      loadLibrary(library);
    } catch {
      return `${library} cannot be loaded`;
    }
  }
  return null;
}
