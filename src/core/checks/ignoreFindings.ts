/** Lets findings of the check be: entries of `check.ignore` in overread.yaml, each with its reason. */
import { OverreadError } from '../base/errors';
import { readPlainFile } from '../base/readPlain';
import { configFile, type ProjectConfig } from '../config/config';
import { appendToConfigList } from '../config/configList';
import { refuseMissing } from '../project/movedSamples';
import type { Project } from '../project/project';

export type IgnoredFinding = ProjectConfig['check']['ignore'][number];

export interface IgnoredFindings {
  /** What was written. */
  readonly added: readonly IgnoredFinding[];
  /** What stood there already, whatever its reason: it stays as it is. */
  readonly known: readonly IgnoredFinding[];
}

/**
 * Writes an entry for each sample, or one for all findings of the code; comments of the file stay.
 * @param samples ids; none: all findings of the code
 * @throws OVR001 no code, no reason; OVR400 no such sample; OVR003, OVR005 nothing can be written; what `appendToConfigList` throws
 */
export async function ignoreFindings(
  project: Pick<Project, 'folder' | 'config' | 'dataset'>,
  code: string,
  samples: readonly string[],
  reason: string,
): Promise<IgnoredFindings> {
  refuseUnusable(code, reason);
  refuseMissing(project, samples);
  const { folder, config } = project;
  const wanted = samples.length === 0 ? [undefined] : [...new Set(samples)];
  const standing = (sample: string | undefined): IgnoredFinding | undefined =>
    config.check.ignore.find((one) => one.code === code && (one.sample ?? sample) === sample);
  const added = wanted
    .filter((sample) => !standing(sample))
    .map((sample) => ({ code, ...(sample === undefined ? {} : { sample }), reason: reason.trim() }));
  const known = wanted.flatMap((sample) => standing(sample) ?? []);
  if (added.length > 0) {
    const before = (await readPlainFile(folder.path(configFile))).toString('utf8');
    await folder.writeFile(
      configFile,
      added.reduce((text, entry) => appendToConfigList(text, ['check', 'ignore'], entry), before),
    );
  }
  return { added, known };
}

function refuseUnusable(code: string, reason: string): void {
  if (!/^OVR\d{3}$/.test(code)) {
    throw new OverreadError({
      code: 'OVR001',
      message: `"${code}" is no code of a finding`,
      expected: 'OVR and three digits',
      fix: 'Name the code as overread check prints it',
    });
  }
  if (reason.trim() === '') {
    throw new OverreadError({
      code: 'OVR001',
      message: 'There is no reason',
      fix: 'Say why the finding may be let be: --reason TEXT',
    });
  }
}
