/** Names that one of several processes takes: a file that appears whole, a folder that all may want. */
import * as fs from 'node:fs/promises';
import { isErrnoException } from './errnoException';

/** Makes a folder; that another process has made it meanwhile is no error. @throws the error of the file system */
export async function makeOneFolder(folder: string): Promise<void> {
  await fs.mkdir(folder).catch((error: unknown) => {
    // Another process made it meanwhile.
    if (!isErrnoException(error) || error.code !== 'EEXIST') throw error;
  });
}

/**
 * Gives a whole file its name unless something has it. @returns whether this call did
 * @param temporary the file, on disk; it stays under this name too
 * @throws the error of the file system
 */
export async function takeName(temporary: string, file: string): Promise<boolean> {
  try {
    await fs.link(temporary, file);
    return true;
  } catch (error) {
    const code = isErrnoException(error) ? error.code : undefined;
    if (code === 'EEXIST') return false;
    // File systems without hard links (exFAT, some network shares): a copy that refuses an existing name.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS' || code === 'EOPNOTSUPP') {
      return copyExclusively(temporary, file);
    }
    throw error;
  }
}

async function copyExclusively(temporary: string, file: string): Promise<boolean> {
  try {
    await fs.copyFile(temporary, file, fs.constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (isErrnoException(error) && error.code === 'EEXIST') return false;
    throw error;
  }
}
