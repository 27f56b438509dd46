/** Reads an image file, and says in the user's words why it cannot be read. */
import type { FileHandle } from 'node:fs/promises';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import { openPlainFile } from '../base/readPlain';
import { hashImage, splitFrame } from './frameReference';
import { fileMemory, maxFileBytes } from './memory';

/**
 * Reads an image file (of a frame, `scan.dcm#3`, the whole file) and hands its bytes to `use`; they count against the memory of the process until it ends, and
 * are waited for where other files take too much.
 * @throws OVR300, OVR302 (above 512 MiB), OVR304 (a folder, pipe or device), OVR003; what `use` throws
 */
export async function useImageFile<T>(file: string, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const { handle, size } = await openImageFile(file);
  return fileMemory.hold(size, async () => use(await readAndClose(handle, file)));
}

/** What tells the image's content: see `hashImage`. @throws as `useImageFile` */
export function hashImageFile(file: string): Promise<string> {
  return useImageFile(file, (bytes) => Promise.resolve(hashImage(bytes, file)));
}

async function readAndClose(handle: FileHandle, file: string): Promise<Uint8Array> {
  try {
    return await handle.readFile();
  } catch (error) {
    throw refusal(error, file);
  } finally {
    await handle.close();
  }
}

async function openImageFile(file: string): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  const place = { file };
  if (file.includes('\0')) {
    throw new OverreadError({
      code: 'OVR300',
      message: 'The path of the image has a zero byte in it, so there is no such file',
      place: { file: file.replaceAll('\0', '\\0') },
      fix: 'Correct the path in the table',
    });
  }
  try {
    const handle = await openPlainFile(splitFrame(file).file);
    const { size } = await handle.stat();
    if (size <= maxFileBytes) return { handle, size };
    await handle.close();
    throw new OverreadError({
      code: 'OVR302',
      message: `The image file has ${size} bytes`,
      place,
      expected: `at most ${maxFileBytes} bytes`,
      fix: 'Store a smaller copy, or take the row out of the table',
    });
  } catch (error) {
    throw refusal(error, file);
  }
}

function refusal(error: unknown, file: string): OverreadError {
  if (error instanceof OverreadError) return error;
  const place = { file };
  const code = isErrnoException(error) ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new OverreadError({
      code: 'OVR300',
      message: 'The image file does not exist',
      place,
      fix: 'Restore the file, or correct its path in the table',
      cause: error,
    });
  }
  return new OverreadError({
    code: 'OVR003',
    message: `The image file cannot be read (${code ?? String(error)})`,
    place,
    fix: 'Check the permissions of the file and the state of the disk',
    cause: error,
  });
}
