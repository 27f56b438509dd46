/** Keeps images together that are one patient after all: in patients, parts and folds, from now on. */
import { OverreadError } from '../base/errors';
import { inTurns, ownTurns, type Turns } from '../base/pieces';
import type { Annotator } from '../labels/model';
import { normaliseAnnotator } from '../labels/annotator';
import { appendJoinedGroup, groupsFile } from '../split/joinedGroups';
import { movedSamples, refuseMissing, type MovedSamples } from './movedSamples';
import { readProjectTable, type Project } from './project';

export interface Joined extends MovedSamples {
  /** Of these samples. */
  readonly patientsBefore: number;
}

type ToJoin = Pick<Project, 'folder' | 'config' | 'dataset' | 'assignment'>;

/**
 * What keeping these samples together would do; nothing is written.
 * @throws OVR400 no such sample; OVR001 they are one patient already
 */
export async function planJoin(
  project: ToJoin,
  samples: readonly string[],
  turns: Turns = ownTurns,
): Promise<Joined> {
  const ids = [...new Set(samples)];
  const patientsBefore = refuseJoining(project, ids);
  const after = await readProjectTable(project.folder, project.config, ids, turns);
  return { patientsBefore, ...(await inTurns(movedSamples(project, after), turns)) };
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
  turns: Turns = ownTurns,
): Promise<Joined> {
  const joined = await planJoin(project, samples, turns);
  const by = normaliseAnnotator(annotator.name);
  await appendJoinedGroup(project.folder, { samples: [...new Set(samples)], reason, by, time });
  return joined;
}

/** How many patients the samples are of. @throws OVR400, OVR001 */
function refuseJoining(project: Pick<Project, 'dataset'>, ids: readonly string[]): number {
  refuseMissing(project, ids);
  const wanted = new Set(ids);
  const patients = new Set<string>();
  for (const { id, group } of project.dataset.samples) if (wanted.has(id)) patients.add(group);
  if (patients.size >= 2) return patients.size;
  throw new OverreadError({
    code: 'OVR001',
    message: 'These images are of one patient already: nothing has to be kept together',
    expected: 'images of at least two patients',
    fix: `Look into ${groupsFile}, or name others`,
  });
}
