/** Where a project lies. Apart from what opens one, so that commands that only write beside it load nothing else. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../base/errors';

/** The absolute folder of a project, checked to exist. @throws OverreadError OVR100 */
export async function projectFolder(dir: string): Promise<string> {
  const stat = await fs.stat(dir).catch(() => undefined);
  if (stat?.isDirectory() === true) return path.resolve(dir);
  throw new OverreadError({
    code: 'OVR100',
    message: 'There is no such folder',
    place: { file: dir },
    fix: 'Make a project in it with "overread init"',
  });
}
