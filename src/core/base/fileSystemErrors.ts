/**
 * What the operating system refused, in the user's words: one code (OVR003), the path and a remedy. Everything
 * that reads or writes files passes its errors through here, so that a full disk is never taken for a defect.
 */
import { OverreadError } from './errors';
import { isErrnoException } from './errnoException';

/** What the system's error numbers mean, and what a person can do. */
const meanings: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space on that disk, then try again'],
  EDQUOT: ['the disk quota is used up', 'Free some space, or have the quota raised, then try again'],
  EROFS: ['the file system is read-only', 'Make it writable, or copy the project to where you may write'],
  EACCES: ['permission is denied', 'Change the permissions of that file or folder, then try again'],
  EPERM: ['the operation is not permitted', 'Change the owner or the permissions, then try again'],
  ENOENT: ['it is not there', 'Check that the folder still exists and its disk is connected'],
  ENOTDIR: ['a part of the path is no folder', 'Correct the path, or move the file that is in its way'],
  EISDIR: ['it is a folder', 'Name a file, or move the folder out of the way'],
  EEXIST: ['something of that name is there already', 'Move it away, or choose another name'],
  ENOTEMPTY: ['the folder is not empty', 'Another program may be writing there; end it, then try again'],
  ENAMETOOLONG: ['the name is too long for the file system', 'Choose a shorter name'],
  ELOOP: ['links lead in a circle, or there is a link where none may be', 'Remove the link'],
  EMFILE: ['too many files are open', 'End other programs, or raise the limit (ulimit -n), then try again'],
  ENFILE: ['too many files are open', 'End other programs, then try again'],
  EBUSY: ['another program is using it', 'End the other program, then try again'],
  EFBIG: ['the file would be too large for the file system', 'Use another disk'],
  EIO: ['the disk reports a fault', 'Check the disk and its connection'],
  ESTALE: ['the network folder was replaced meanwhile', 'Mount it again, then try again'],
  ENODEV: ['the disk is gone', 'Connect the disk again'],
  ENXIO: ['there is no such device', 'Connect the disk again'],
  EINVAL: ['the name or the operation is not valid there', 'Choose another name or another disk'],
  ETXTBSY: ['another program is using it', 'End the other program, then try again'],
  ENOTSUP: ['the file system cannot do that', 'Use another disk'],
  EXDEV: ['it lies on another disk', 'Keep the folder on one disk'],
};

/** Calls whose errors are of files; a socket or a child process has the same numbers. */
const notOfFiles = /^(spawn|connect|listen|bind|getaddrinfo|kill|uv_os_)/;

/** Whether this is the operating system's refusal of something with a file or folder. */
export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  if (!isErrnoException(error) || error.code === undefined || !(error.code in meanings)) return false;
  return error.syscall !== undefined && !notOfFiles.test(error.syscall);
}

/**
 * The standard error for a refusal of the file system.
 * @param doing what was tried, as in `The run cannot be written`
 * @param file where, unless the system's error names it: absolute, or relative to the project
 */
export function fileSystemError(error: NodeJS.ErrnoException, doing?: string, file?: string): OverreadError {
  const code = error.code ?? 'unknown';
  const [what, fix] = meanings[code] ?? ['the system refused', 'Check the disk and its permissions'];
  const place = file ?? error.path;
  return new OverreadError({
    code: 'OVR003',
    message: `${doing ?? usual(error.syscall)}: ${what} (${code})`,
    ...(place === undefined ? {} : { place: { file: place } }),
    fix,
    cause: error,
  });
}

/** The error as OVR003 where the file system refused; every other one as it is. */
export function asFileSystemError(error: unknown, doing?: string, file?: string): unknown {
  return isFileSystemError(error) ? fileSystemError(error, doing, file) : error;
}

function usual(syscall: string | undefined): string {
  switch (syscall) {
    case 'scandir':
      return 'A folder cannot be read';
    case 'read':
      return 'A file cannot be read';
    case 'mkdir':
      return 'A folder cannot be made';
    case 'unlink':
    case 'rmdir':
    case 'rm':
      return 'A file or folder cannot be removed';
    case 'stat':
    case 'lstat':
    case 'access':
    case 'realpath':
      return 'A file or folder cannot be looked at';
    case 'open':
      return 'A file cannot be opened';
    default:
      return 'A file cannot be written';
  }
}
