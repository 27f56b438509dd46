/** What the last check of an open project found, as far as it still holds. */
import type { Project } from '../project/project';
import { ItemChecks } from './itemChecks';
import { keptChecksFile, readKeptChecks, tableHash } from './keptChecks';
import { projectChecks } from './projectProblems';

/** @param cacheDir the user's cache. Nothing is looked at again: without a check only the faults of reading are there. */
export async function openChecks(project: Project, cacheDir: string): Promise<ItemChecks> {
  const kept = await readKeptChecks(keptChecksFile(cacheDir, project.folder.root));
  const table = kept ? await tableHash(project.root, project.config) : '';
  return ItemChecks.of({ ...project, table }, kept, projectChecks(project));
}
