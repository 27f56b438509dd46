/** What a run was made from, as one hash: two runs with the same fingerprint saw the same data. */
import { createHash } from 'node:crypto';
import { itemFlags } from '../labels/effectiveLabels';
import type { Project } from './project';

/**
 * SHA-256 over every sample's id, content hash, split, fold and effective labels, in the order of ids, so
 * that a re-sorted table is the same data.
 *
 * @param contentHashes one per sample; empty where the image could not be read
 */
export function dataFingerprint(project: Project, contentHashes: readonly string[]): string {
  const { dataset, assignment, labels } = project;
  const order = [...dataset.samples.entries()].sort(([, a], [, b]) => compareText(a.id, b.id));
  const hash = createHash('sha256');
  for (const [i, sample] of order) {
    const values = dataset.findings.map((_, f) => {
      const item = i * dataset.findings.length + f;
      if (((labels.flags[item] ?? 0) & itemFlags.masked) !== 0) return '\u0001';
      return labels.valueAt(item) ?? '\u0002';
    });
    const fields = [sample.id, contentHashes[i] ?? '', assignment.split[i], assignment.fold[i], ...values];
    hash.update(`${fields.join('\u0000')}\n`);
  }
  return hash.digest('hex');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
