/** Takes back that images are kept together: from now on their patients are those of the table again. */
import { OverreadError } from '../base/errors';
import { atOnce } from '../base/pieces';
import { ProblemList } from '../dataset/problemList';
import type { Annotator } from '../labels/model';
import { normaliseAnnotator } from '../labels/annotator';
import { appendParted, groupsFile, readJoinedGroups } from '../split/joinedGroups';
import { movedSamples, refuseMissing, type MovedSamples } from './movedSamples';
import { readProjectTable, type Project } from './project';

export interface Parted extends MovedSamples {
  /** Groups that samples were taken out of. */
  readonly groups: number;
}

/**
 * Writes a line for each sample and group into `splits/groups.csv` that takes it out again; the lines that joined it stay. A sample
 * that goes back into the test part may have been learnt from meanwhile.
 * @throws OVR400 no such sample; OVR001 nobody keeps it together with others; OVR003, OVR005 nothing can be written
 */
export async function partSamples(
  project: Pick<Project, 'folder' | 'config' | 'dataset' | 'assignment'>,
  samples: readonly string[],
  {
    annotator,
    reason,
    time,
  }: { readonly annotator: Annotator; readonly reason: string; readonly time: Date },
): Promise<Parted> {
  const { folder, config, dataset } = project;
  const wanted = [...new Set(samples)];
  refuseMissing(project, wanted);
  const ids = new Set(dataset.samples.map(({ id }) => id));
  const standing = await readJoinedGroups(folder.root, ids, new ProblemList());
  const lines = wanted.flatMap((sample) => {
    const groups = [...standing].filter(([, members]) => members.includes(sample));
    if (groups.length === 0) {
      throw new OverreadError({
        code: 'OVR001',
        message: `Nobody keeps "${sample}" together with others`,
        expected: `samples of ${groupsFile}`,
        fix: 'Images of one patient in the table are together by the table',
      });
    }
    return groups.map(([group]) => ({ sample, group }));
  });
  await appendParted(folder, lines, { reason, by: normaliseAnnotator(annotator.name), time });
  const after = await readProjectTable(folder, config);
  return { groups: new Set(lines.map(({ group }) => group)).size, ...atOnce(movedSamples(project, after)) };
}
