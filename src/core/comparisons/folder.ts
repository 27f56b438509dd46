/**
 * Comparison folders: `comparisons/<UTC time without colons>-<name>/`. They are no runs: nothing becomes the
 * run that is shown by comparing, and review goes on with the run that it has.
 */
import * as path from 'node:path';
import { JsonFault } from '../base/checkedJson';
import { OverreadError } from '../base/errors';
import { readTextIfPresent } from '../base/files';
import { isLfsPointer, lfsPointer } from '../base/lfsPointer';
import type { ProjectFolder } from '../base/projectFolder';
import { folderSlug, listWholeFolders, timedName } from '../base/wholeFolders';
import { parseComparison } from './comparisonSchema';
import type { Comparison, ComparisonSummary } from '../evaluation/comparison';

/** What a comparison's folder holds. */
export const comparisonFiles = {
  record: 'compare.json',
  predictions: 'predictions.parquet',
  chart: 'compare.svg',
  table: 'compare.md',
} as const;

/** Where the comparisons of a project lie, below its root. */
export const comparisonsName = 'comparisons';

function comparisonsFolder(root: string): string {
  return path.join(root, comparisonsName);
}

/** `2026-11-23T081500.123Z-name`. */
export function comparisonName(time: Date, name: string): string {
  return timedName(time, folderSlug(name, 'comparison'));
}

/** Names of the finished comparisons, newest first. */
async function listComparisonNames(root: string): Promise<string[]> {
  return (await listWholeFolders(comparisonsFolder(root), comparisonFiles.record)).reverse();
}

/** Finished comparisons, newest first. One that cannot be read is left out and told through `onUnreadable`. */
export async function listComparisons(
  root: string,
  onUnreadable?: (comparison: string, error: OverreadError) => void,
): Promise<ComparisonSummary[]> {
  const summaries: ComparisonSummary[] = [];
  for (const name of await listComparisonNames(root)) {
    try {
      summaries.push(summaryOf(await readComparison(root, name)));
    } catch (error) {
      if (!(error instanceof OverreadError)) throw error;
      onUnreadable?.(name, error);
    }
  }
  return summaries;
}

function summaryOf(record: Comparison): ComparisonSummary {
  const { comparison, name, created, kind, models, failed, best } = record;
  const top = best === null ? undefined : models[best];
  const auroc = top?.out_of_fold.auroc_macro.value ?? null;
  return {
    comparison,
    name,
    created,
    kind,
    models: models.length,
    failed: failed.length,
    best: top && auroc !== null ? { label: top.label, auroc } : null,
  };
}

/**
 * Reads compare.json. @param comparison the folder's name
 * @throws OVR800 there is no such comparison; OVR801 it cannot be read
 */
export async function readComparison(root: string, comparison: string): Promise<Comparison> {
  const place = { file: path.join('comparisons', comparison, comparisonFiles.record) };
  // A name from a page or an editor's state must not lead out of the folder.
  const plain = path.basename(comparison) === comparison && !comparison.startsWith('.');
  const text = plain ? await readTextIfPresent(path.join(root, place.file)) : undefined;
  if (text === undefined) {
    throw new OverreadError({ code: 'OVR800', message: `No comparison is named "${comparison}"` });
  }
  try {
    return parseComparison(text);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const unfetched = isLfsPointer(Buffer.from(text.slice(0, 64)));
    throw new OverreadError({
      code: 'OVR801',
      message: `The comparison ${comparison} cannot be used: ${unfetched ? `compare.json ${lfsPointer.what}` : error.message}`,
      place: { ...place, ...(error.field === undefined ? {} : { field: error.field }) },
      fix: unfetched
        ? lfsPointer.fix
        : 'Restore its folder from version control, or delete it and make it again',
      cause: error,
    });
  }
}

/** Removes a comparison. @throws OVR800 there is no such one */
export async function deleteComparison(folder: ProjectFolder, comparison: string): Promise<void> {
  if (!(await listComparisonNames(folder.root)).includes(comparison)) {
    throw new OverreadError({ code: 'OVR800', message: `No comparison is named "${comparison}"` });
  }
  await folder.removeWholeFolder(comparisonsName, comparison);
}
