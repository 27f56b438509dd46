/** Git LFS leaves a small text in place of a file that was not fetched. */

const firstLine = 'version https://git-lfs.github.com/spec/v1';

/** Whether the bytes of a file, or its beginning, are such a text. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64))
    .toString('latin1')
    .startsWith(firstLine);
}

/** What it is and what to do, for messages. */
export const lfsPointer = {
  what: 'is a Git LFS pointer: its content was not fetched',
  fix: 'Run "git lfs pull" in the project',
} as const;
