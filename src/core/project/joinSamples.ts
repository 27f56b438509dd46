/** Keeps images together that are one patient after all: in patients, parts and folds, from now on. */
import { OverreadError } from '../base/errors';
import type { Annotator } from '../labels/model';
import { normaliseAnnotator } from '../labels/annotator';
import { appendJoinedGroup, groupsFile } from '../split/joinedGroups';
import type { MovedSample } from '../split/keepTogether';
import { readProjectTable, type Project } from './project';

export interface Joined {
  /** Of these samples. */
  readonly patientsBefore: number;
  /** Samples whose part is another than before. */
  readonly moved: readonly MovedSample[];
  /** Samples of the training part whose fold is another than before. */
  readonly foldsChanged: number;
}

/**
 * Writes a line for each sample into `splits/groups.csv`.
 * @throws OVR400 no such sample; OVR001 they are one patient already; OVR003, OVR005 nothing can be written
 */
export async function joinSamples(
  project: Pick<Project, 'folder' | 'config' | 'dataset' | 'assignment'>,
  samples: readonly string[],
  {
    annotator,
    reason,
    time,
  }: { readonly annotator: Annotator; readonly reason: string; readonly time: Date },
): Promise<Joined> {
  const { folder, config, dataset, assignment } = project;
  const place = new Map(dataset.samples.map(({ id }, i) => [id, i]));
  const ids = [...new Set(samples)];
  const missing = ids.find((id) => !place.has(id));
  if (missing !== undefined) {
    throw new OverreadError({
      code: 'OVR400',
      message: `The table has no sample "${missing}"`,
      fix: 'Name samples as overread check does',
    });
  }
  const patients = new Set(ids.map((id) => dataset.samples[place.get(id) ?? -1]?.group));
  if (patients.size < 2) {
    throw new OverreadError({
      code: 'OVR001',
      message: 'These images are of one patient already: nothing has to be kept together',
      expected: 'images of at least two patients',
      fix: `Look into ${groupsFile}, or name others`,
    });
  }
  const by = normaliseAnnotator(annotator.name);
  await appendJoinedGroup(folder, { samples: ids, reason, by, time });
  const after = await readProjectTable(folder, config);
  const moved: MovedSample[] = [];
  let foldsChanged = 0;
  for (const [i, { id }] of dataset.samples.entries()) {
    const [from, to] = [assignment.split[i], after.assignment.split[i]];
    if (from !== undefined && to !== undefined && from !== to) moved.push({ sample: id, from, to });
    else if (assignment.fold[i] !== after.assignment.fold[i]) foldsChanged++;
  }
  return { patientsBefore: patients.size, moved, foldsChanged };
}
