/** `overread check`: everything that can be found in the data of a project. */
import { projectCacheFolder } from '../base/userCache';
import type { WorkOptions } from '../base/ports';
import { ContentHashes } from '../images/contentHashes';
import type { Project } from '../project/project';
import { checkTable, type CheckRow } from './checkTable';
import { isIgnored } from './ignored';
import type { Check } from './model';
import { readImages, type CheckedImage } from './readImages';
import { checkedFeatures, type CheckedFeatures } from './similar/features';

export interface CheckOptions extends WorkOptions {
  /** The user's cache, for what images held when they were last read. */
  readonly cacheDir: string;
  /** Names the folder of the key that features are signed with; without it nothing is said that needs features. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Does not decode images: only whether they are there and which are the same. */
  readonly quick?: boolean;
  /** Other checks than all. */
  readonly rows?: readonly CheckRow[];
}

export interface CheckReport {
  readonly samples: number;
  /** Contradictions, then the worst. */
  readonly checks: readonly Check[];
  /** What `check.ignore` lets be. */
  readonly ignored: readonly Check[];
  /** Those of both that every reading of the project tells anew. */
  readonly told: ReadonlySet<Check>;
}

/** Runs the checks one after the other. @throws OVR002 */
export async function checkProject(project: Project, options: CheckOptions): Promise<CheckReport> {
  const memo = await ContentHashes.open(
    project.folder.root,
    projectCacheFolder(options.cacheDir, project.folder.root),
  );
  let images: Promise<readonly CheckedImage[]> | undefined;
  let features: Promise<CheckedFeatures | string | null> | undefined;
  const { env } = options;
  const readFeatures = (): Promise<CheckedFeatures | string | null> =>
    options.quick === true || env === undefined
      ? Promise.resolve(null)
      : checkedFeatures(project, { ...options, env });
  const context = {
    ...options,
    project,
    images: () => (images ??= readImages(project, { ...options, memo })),
    features: () => (features ??= readFeatures()),
  };
  const checks: Check[] = [];
  const told = new Set<Check>();
  for (const { run, isReading } of options.rows ?? checkTable) {
    const found = await run(context);
    checks.push(...found);
    if (isReading === true) for (const check of found) told.add(check);
  }
  const sorted = checks.sort((a, b) => rank(a) - rank(b));
  return {
    samples: project.dataset.samples.length,
    checks: sorted.filter((check) => !isIgnored(project.config, check)),
    ignored: sorted.filter((check) => isIgnored(project.config, check)),
    told,
  };
}

const severities: readonly Check['severity'][] = ['error', 'warning', 'info'];

/** Contradictions come first: at least one of the labels is wrong, whatever a model says. */
const rank = ({ severity, kind }: Check): number =>
  kind === 'contradiction' ? -1 : severities.indexOf(severity);
