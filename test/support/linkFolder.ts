/** A copy of a folder of many megabytes in a moment: its files are the same ones by other names. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/**
 * Copies folders, and hard links files; where the target is on another disk, copies them. Whoever writes into a linked file
 * writes into both: only for what is replaced as a whole, as pip does.
 * @param isLeftOut by the path in the source
 */
export async function linkFolder(
  from: string,
  to: string,
  isLeftOut: (file: string) => boolean = () => false,
): Promise<void> {
  await fs.mkdir(to, { recursive: true });
  for (const entry of await fs.readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (isLeftOut(source)) continue;
    if (entry.isDirectory()) await linkFolder(source, target, isLeftOut);
    else if (entry.isSymbolicLink()) await fs.symlink(await fs.readlink(source), target);
    else await fs.link(source, target).catch(() => fs.copyFile(source, target));
  }
}
