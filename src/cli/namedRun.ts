/** A run as a command line names it: by its project and a name, or by its own folder. */
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { exists } from '../core/base/files';
import { openProject, type Project } from '../core/project/project';
import { runFiles } from '../core/runs/runFile';
import { findWholeRun, type WholeRun } from '../core/runs/wholeRun';
import type { CommandContext } from './command';

export interface NamedRun {
  readonly project: Project;
  readonly run: WholeRun;
}

/**
 * Opens the project and the run.
 * @param dir a project, or one of its run folders
 * @param wanted its name or a part of it; without it the run that is shown. What is wrong with the project is not told:
 *   most commands that ask are about other images
 * @throws OVR001 two runs are named; OVR100 no project; OVR800, OVR801 no such run
 */
export async function openNamedRun(
  context: CommandContext,
  dir: string,
  wanted: string | undefined,
): Promise<NamedRun> {
  const folder = context.resolve(dir);
  const isRun = await exists(path.join(folder, runFiles.record));
  if (isRun && wanted !== undefined) {
    throw new OverreadError({
      code: 'OVR001',
      message: 'Two runs are named',
      expected: 'the folder of a run, or a project and --run',
    });
  }
  const root = await context.project(isRun ? path.join(dir, '..', '..') : dir);
  const project = await openProject(root, { policy: context.policy });
  const name = isRun ? path.basename(folder) : wanted;
  const run = await findWholeRun(project.root, name, project.dataset, (problem) =>
    context.out.problem(problem),
  );
  return { project, run };
}
