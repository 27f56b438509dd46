/**
 * How often somebody looked at the test part. Looking is allowed and counted: every look makes the test
 * figures a little less of a test. One line per look in `splits/test-looks.jsonl`, so that it is versioned.
 * Nothing shows figures or items of the test part unless it was asked to, and counted the look.
 */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { readTextIfPresent } from '../base/files';
import type { ProjectFolder } from '../base/projectFolder';
import type { RunMetrics, ShownMetrics } from '../evaluation/model';

const looksFile = 'splits/test-looks.jsonl';

/** The figures that may be shown without being asked for: those of all parts as one were. */
export function withoutTest({ out_of_fold, validation, all }: RunMetrics): ShownMetrics {
  return { out_of_fold, validation, ...(all ? { all } : {}) };
}

/** Looks so far. */
export async function countTestLooks(root: string): Promise<number> {
  const text = (await readTextIfPresent(path.join(root, looksFile))) ?? '';
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

/** The same for showing it: null where the file cannot be read. */
export async function testLooksSoFar(root: string): Promise<number | null> {
  return countTestLooks(root).catch((error: unknown) => {
    if (error instanceof OverreadError) return null;
    throw error;
  });
}

/**
 * Records a look. @param what the command or view that showed test samples
 * @throws OVR003 the file system refused; OVR005 a link is in the way, or the workspace is not trusted
 */
export async function recordTestLook(folder: ProjectFolder, what: string, time: Date): Promise<void> {
  const line = JSON.stringify({ v: 1, time: time.toISOString(), what });
  await folder.appendLine(looksFile, line, (first) => first.startsWith('{"v":'));
}
