/** A folder byte for byte: what a test compares before and after. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** One line for each file, folder and link below `root`: its path, what it is, and a hash of what it holds. */
export async function treeOf(root: string): Promise<string[]> {
  const entries = await fs.readdir(root, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const shown = path.relative(root, file);
    if (entry.isSymbolicLink()) return `${shown} -> ${await fs.readlink(file)}`;
    if (!entry.isFile()) return `${shown} ${entry.isDirectory() ? 'folder' : 'special'}`;
    const hash = createHash('sha256').update(await fs.readFile(file));
    return `${shown} ${hash.digest('hex')}`;
  });
  return (await Promise.all(lines)).sort();
}
