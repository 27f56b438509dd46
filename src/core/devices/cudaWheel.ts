/** The wheel that holds ONNX Runtime's CUDA provider: fetched by the user's pip, or brought; two files are taken from it. */
import { createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import { OverreadError } from '../base/errors';
import { providerFiles } from '../onnx/cudaRuntime';
import type { Environment } from '../base/programs';
import { runPip } from '../weights/pip';
import { SourceUnavailable } from '../weights/sourceUnavailable';

/** The wheel that belongs to a version of ONNX Runtime. */
export interface CudaWheel {
  readonly requirement: string;
  readonly sha256: string;
  /** To fetch, and then on disk. */
  readonly megabytes: number;
  readonly unpackedMegabytes: number;
}

/** By the version of onnxruntime-node: an update of it brings its line. */
export const cudaWheels: Readonly<Record<string, CudaWheel>> = {
  '1.30.0': {
    requirement: 'onnxruntime-gpu==1.30.0',
    sha256: '6acc0f4b3d5ac5f2984432faa59dd8fcce6775f8b43a7140afa0f322c7a703b1',
    megabytes: 247,
    unpackedMegabytes: 272,
  },
};

/** At 100 kB/s a quarter of a gigabyte gets through, ms. */
const timeLimit = 3_600_000;
/** More than any provider has, bytes. */
const largestFile = 2 ** 30;

/**
 * Has pip fetch the wheel; in this form pip itself refuses one with another hash.
 * @returns the file, in `folder`
 * @throws OVR509 pip cannot fetch it; OVR002
 */
export async function fetchWheel(
  wheel: CudaWheel,
  folder: string,
  env: Environment,
  signal: AbortSignal | undefined,
): Promise<string> {
  const requirements = path.join(folder, 'requirements.txt');
  await fs.writeFile(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
  // The wheel for this Python is as good as any: no code of it is run.
  const target = ['--python-version', '3.12', '--implementation', 'cp'];
  const platforms = ['--platform', 'manylinux_2_28_x86_64', '--platform', 'manylinux_2_27_x86_64'];
  const args = ['download', '--no-deps', '--only-binary', ':all:', ...target, ...platforms];
  try {
    await runPip([...args, '--dest', folder, '--requirement', requirements], env, signal, timeLimit);
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    throw refusal(`${wheel.requirement} cannot be fetched: ${error.message}`, error);
  }
  const name = (await fs.readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw refusal(`pip left no wheel of ${wheel.requirement}`);
  return path.join(folder, name);
}

/**
 * Writes the provider's files into a folder. Only what has exactly their names in the wheel is read, and it is written under
 * names of ours.
 * @throws OVR509 it is no wheel, lacks them, or they expand beyond what it says
 */
export async function unpackProvider(wheel: string, folder: string): Promise<void> {
  const shown = path.basename(wheel);
  const wanted = new Map(providerFiles.map((name) => [`onnxruntime/capi/${name}`, name]));
  try {
    const zip = await yauzl.openPromise(wheel, { lazyEntries: true, autoClose: false });
    try {
      for await (const entry of zip.eachEntry()) {
        const name = wanted.get(entry.fileName);
        if (name === undefined) continue;
        if (entry.uncompressedSize > largestFile) throw new Error(`${name} is too large`);
        // yauzl ends an entry that expands beyond its announced size.
        const content = await zip.openReadStreamPromise(entry);
        await pipeline(content, createWriteStream(path.join(folder, name), { flags: 'wx', mode: 0o700 }));
        wanted.delete(entry.fileName);
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw refusal(
      `${shown} cannot be unpacked (${error instanceof Error ? error.message : String(error)})`,
      error,
    );
  }
  if (wanted.size > 0) throw refusal(`${shown} has no ${[...wanted.values()].join(' and no ')}`);
}

export function refusal(message: string, cause?: unknown, expected?: string): OverreadError {
  return new OverreadError({
    code: 'OVR509',
    message,
    fix: 'Check the index that pip is set up for, or bring the wheel: overread setup-cuda --from FILE',
    ...(expected === undefined ? {} : { expected }),
    ...(cause === undefined ? {} : { cause }),
  });
}
