/** Whether an error is one of the system's, with a code such as ENOENT. */
export function isErrnoException(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
