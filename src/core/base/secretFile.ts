/** Small files that only their user may read: keys. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isErrnoException } from './errnoException';

/**
 * Makes the file unless there is one: of several processes the first one's stays. Whoever calls reads it afterwards.
 * @param folder made if need be
 */
export async function makeSecretFile(
  folder: string,
  name: string,
  content: Uint8Array | string,
): Promise<void> {
  await withTemporary(folder, name, content, async (temporary, file) => {
    // A hard link is made by the first alone.
    await fs.link(temporary, file).catch(async (error: unknown) => {
      const code = isErrnoException(error) ? error.code : undefined;
      if (code === 'EEXIST') return;
      // No hard links here: a copy that refuses an existing name.
      await fs.copyFile(temporary, file, fs.constants.COPYFILE_EXCL).catch(() => undefined);
    });
  });
}

/** Puts the file in place of the one that is there. */
export async function replaceSecretFile(
  folder: string,
  name: string,
  content: Uint8Array | string,
): Promise<void> {
  await withTemporary(folder, name, content, (temporary, file) => fs.rename(temporary, file));
}

async function withTemporary(
  folder: string,
  name: string,
  content: Uint8Array | string,
  place: (temporary: string, file: string) => Promise<void>,
): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, name);
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await fs.open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary, file);
  } finally {
    await fs.rm(temporary, { force: true });
  }
}
