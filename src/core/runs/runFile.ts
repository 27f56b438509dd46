/** One file of a finished run, read so that whatever stands in its place is told and nothing waits for it. */
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import { headFile } from '../training/head';
import { networkFile } from '../trainers/names';
import { isLfsPointer, lfsPointer } from '../base/lfsPointer';

/** What a run folder holds beside what is added later. */
export const runFiles = {
  record: 'run.json',
  metrics: 'metrics.json',
  predictions: 'predictions.parquet',
  head: headFile,
  model: 'model.onnx',
  report: 'report.html',
} as const;

/** Windows has no such flag. */
const nonBlocking = (constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0;

/** Bytes of the largest that is read whole: 1,000 outputs on 25,088 features have 100 MB. */
const mostBytes = 2 ** 28;
/** Bytes of the largest network: VGG-19 has 575 MB. */
const mostNetworkBytes = 2 ** 31;

/**
 * The content of a run's file.
 * @param dir the run's folder @param run its name
 * @throws OVR801 it is missing, no plain file, not fetched by Git LFS, too large, or refused by the file system;
 * OVR800 where `run.json` itself is missing
 */
export async function readRunFile(dir: string, run: string, file: string): Promise<Buffer> {
  return withRunFile(dir, run, file, async (handle, size) => {
    const most = file === networkFile ? mostNetworkBytes : mostBytes;
    if (size > most) throw damaged(run, file, `has ${size} bytes, more than a run's file ever has`);
    return handle.readFile();
  });
}

/** What a Parquet file begins and ends with. */
const parquetMark = 'PAR1';

/** Looks whether a file of the model is there and plain. @throws as {@link readRunFile} */
export async function probeFile(dir: string, run: string, file: string): Promise<void> {
  await withRunFile(dir, run, file, () => Promise.resolve());
}

/** Looks at both ends of a run's predictions, without reading them. @throws as {@link readRunFile} */
export async function probePredictions(dir: string, run: string): Promise<void> {
  const file = runFiles.predictions;
  await withRunFile(dir, run, file, async (handle, size) => {
    const ends = Buffer.alloc(2 * parquetMark.length);
    await handle.read(ends, 0, parquetMark.length, 0);
    await handle.read(ends, parquetMark.length, parquetMark.length, Math.max(0, size - parquetMark.length));
    if (ends.toString('latin1') !== parquetMark.repeat(2))
      throw damaged(run, file, 'is no whole Parquet file');
  });
}

async function withRunFile<T>(
  dir: string,
  run: string,
  file: string,
  use: (handle: fs.FileHandle, size: number) => Promise<T>,
): Promise<T> {
  try {
    // Without O_NONBLOCK a named pipe in its place is waited for until somebody writes.
    const handle = await fs.open(path.join(dir, file), constants.O_RDONLY | nonBlocking);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw damaged(run, file, 'is no plain file');
      const start = Buffer.alloc(64);
      await handle.read(start, 0, start.length, 0);
      if (isLfsPointer(start)) throw damaged(run, file, lfsPointer.what, lfsPointer.fix);
      return await use(handle, stat.size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof OverreadError || !isErrnoException(error)) throw error;
    if (error.code === 'ENOENT') throw damaged(run, file, 'is missing', undefined, error);
    throw damaged(run, file, `cannot be read (${error.code ?? error.message})`, undefined, error);
  }
}

/** OVR801 for a file of a run. @param what a clause: `is missing` */
export function damaged(
  run: string,
  file: string,
  what: string,
  fix = 'Restore the run folder from version control or a backup, or remove it ("overread runs delete")',
  cause?: unknown,
): OverreadError {
  return new OverreadError({
    code: 'OVR801',
    message: `The run ${run} cannot be used: ${file} ${what}`,
    place: { file: `runs/${run}/${file}` },
    fix,
    ...(cause === undefined ? {} : { cause }),
  });
}
