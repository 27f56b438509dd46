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

type ToJoin = Pick<Project, 'folder' | 'config' | 'dataset' | 'assignment'>;

/**
 * What keeping these samples together would do; nothing is written.
 * @throws OVR400 no such sample; OVR001 they are one patient already
 */
export async function planJoin(project: ToJoin, samples: readonly string[]): Promise<Joined> {
  const { folder, config, dataset, assignment } = project;
  const ids = [...new Set(samples)];
  const patientsBefore = refuseJoining(project, ids);
  const after = await readProjectTable(folder, config, ids);
  const moved: MovedSample[] = [];
  let foldsChanged = 0;
  for (const [i, { id }] of dataset.samples.entries()) {
    const [from, to] = [assignment.split[i], after.assignment.split[i]];
    if (from !== undefined && to !== undefined && from !== to) moved.push({ sample: id, from, to });
    else if (assignment.fold[i] !== after.assignment.fold[i]) foldsChanged++;
  }
  return { patientsBefore, moved, foldsChanged };
}

/**
 * Writes a line for each sample into `splits/groups.csv`.
 * @throws as `planJoin`; OVR003, OVR005 nothing can be written
 */
export async function joinSamples(
  project: ToJoin,
  samples: readonly string[],
  {
    annotator,
    reason,
    time,
  }: { readonly annotator: Annotator; readonly reason: string; readonly time: Date },
): Promise<Joined> {
  const joined = await planJoin(project, samples);
  const by = normaliseAnnotator(annotator.name);
  await appendJoinedGroup(project.folder, { samples: [...new Set(samples)], reason, by, time });
  return joined;
}

/** How many patients the samples are of. @throws OVR400, OVR001 */
function refuseJoining({ dataset }: Pick<Project, 'dataset'>, ids: readonly string[]): number {
  const place = new Map(dataset.samples.map(({ id }, i) => [id, i]));
  const missing = ids.find((id) => !place.has(id));
  if (missing !== undefined) {
    throw new OverreadError({
      code: 'OVR400',
      message: `The table has no sample "${missing}"`,
      fix: 'Name samples as overread check does',
    });
  }
  const patients = new Set(ids.map((id) => dataset.samples[place.get(id) ?? -1]?.group));
  if (patients.size >= 2) return patients.size;
  throw new OverreadError({
    code: 'OVR001',
    message: 'These images are of one patient already: nothing has to be kept together',
    expected: 'images of at least two patients',
    fix: `Look into ${groupsFile}, or name others`,
  });
}
