/**
 * How often somebody looked at the test part. Looking is allowed and counted: every look makes the test
 * figures a little less of a test. One line per look in `splits/test-looks.jsonl`, so that it is versioned.
 */
import * as path from 'node:path';
import { readTextIfPresent } from '../base/files';
import type { ProjectFolder } from '../base/projectFolder';

const looksFile = 'splits/test-looks.jsonl';

/** Looks so far. */
export async function countTestLooks(root: string): Promise<number> {
  const text = (await readTextIfPresent(path.join(root, looksFile))) ?? '';
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

/**
 * Records a look. @param what the command or view that showed test samples
 * @throws OVR003 the file system refused; OVR005 a link is in the way, or the workspace is not trusted
 */
export async function recordTestLook(folder: ProjectFolder, what: string, time: Date): Promise<void> {
  const line = JSON.stringify({ v: 1, time: time.toISOString(), what });
  await folder.appendLine(looksFile, line, (first) => first.startsWith('{"v":'));
}
