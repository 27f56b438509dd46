/** Reads an image file, and says in the user's words why it cannot be read. */
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/files';
import { openPlainFile } from '../base/readPlain';

/** The largest image file that is read, bytes. */
export const maxFileBytes = 2 ** 30;

/** The bytes of an image file. @throws OVR300, OVR302 (above 1 GiB), OVR304 (a folder, pipe or device), OVR003 */
export async function readImageFile(file: string): Promise<Uint8Array> {
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
    const handle = await openPlainFile(file);
    try {
      const { size } = await handle.stat();
      if (size > maxFileBytes) {
        throw new OverreadError({
          code: 'OVR302',
          message: `The image file has ${size} bytes`,
          place,
          expected: `at most ${maxFileBytes} bytes`,
          fix: 'Store a smaller copy, or take the row out of the table',
        });
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof OverreadError) throw error;
    const code = isErrnoException(error) ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new OverreadError({
        code: 'OVR300',
        message: 'The image file does not exist',
        place,
        fix: 'Restore the file, or correct its path in the table',
        cause: error,
      });
    }
    throw new OverreadError({
      code: 'OVR003',
      message: `The image file cannot be read (${code ?? String(error)})`,
      place,
      fix: 'Check the permissions of the file and the state of the disk',
      cause: error,
    });
  }
}
