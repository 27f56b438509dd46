/**
 * How often somebody looked at the test part. Looking is allowed and counted: every look makes the test
 * figures a little less of a test. One line per look in `splits/test-looks.jsonl`, so that it is versioned.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readTextIfPresent } from '../base/files';

function looksFile(root: string): string {
  return path.join(root, 'splits', 'test-looks.jsonl');
}

/** Looks so far. */
export async function countTestLooks(root: string): Promise<number> {
  const text = (await readTextIfPresent(looksFile(root))) ?? '';
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

/** Records a look. @param what the command or view that showed test samples */
export async function recordTestLook(root: string, what: string, time: Date): Promise<void> {
  await fs.mkdir(path.dirname(looksFile(root)), { recursive: true });
  await fs.appendFile(looksFile(root), `${JSON.stringify({ v: 1, time: time.toISOString(), what })}\n`);
}
