/** `overread check`: everything that can be found in the data of a project without a model. */
import { projectCacheFolder } from '../base/userCache';
import type { WorkOptions } from '../base/ports';
import { ContentHashes } from '../images/contentHashes';
import type { Project } from '../project/project';
import { checkTable, type CheckRow } from './checkTable';
import type { Check } from './model';
import { readImages, type CheckedImage } from './readImages';

export interface CheckOptions extends WorkOptions {
  /** The user's cache, for what images held when they were last read. */
  readonly cacheDir: string;
  /** Does not decode images: only whether they are there and which are the same. */
  readonly quick?: boolean;
  /** Other checks than all. */
  readonly rows?: readonly CheckRow[];
}

export interface CheckReport {
  readonly samples: number;
  /** The worst first. */
  readonly checks: readonly Check[];
}

/** Runs the checks one after the other. @throws OVR002 */
export async function checkProject(project: Project, options: CheckOptions): Promise<CheckReport> {
  const memo = await ContentHashes.open(
    project.folder.root,
    projectCacheFolder(options.cacheDir, project.folder.root),
  );
  let images: Promise<readonly CheckedImage[]> | undefined;
  const context = {
    ...options,
    project,
    images: () => (images ??= readImages(project, { ...options, memo })),
  };
  const checks: Check[] = [];
  for (const { run } of options.rows ?? checkTable) checks.push(...(await run(context)));
  const order: readonly Check['severity'][] = ['error', 'warning', 'info'];
  return {
    samples: project.dataset.samples.length,
    checks: order.flatMap((severity) => checks.filter((check) => check.severity === severity)),
  };
}
