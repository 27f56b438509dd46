/** What the last check found, and what a person does about it from outside the grid. */
import { OverreadError } from '../core/base/errors';
import { checkKinds } from '../core/checks/kinds';
import { joinSamples, planJoin, type Joined } from '../core/project/joinSamples';
import type { CheckFindings, SampleFacts } from '../protocol/engineApi';
import { refuseBlind } from './blindReading';
import type { Open, OpenProjects } from './openProjects';

/** Of more the Problems panel and its quick fixes show none; the queue has all. */
const mostTold = 500;

/** Findings that hold; none in a blind reading. Whose labels they tell has been looked at. */
export function findingsOf({ project, blind, looks }: Open): CheckFindings {
  if (blind.on) return { findings: [], grave: 0, ignored: [] };
  const { checks, catalog } = project;
  const findings = checks.standing(mostTold);
  for (const { kind, samples, finding } of findings) {
    if (checkKinds[kind].while !== 'labels differ') continue;
    for (const sample of samples) for (const row of catalog.rowsOf(sample, finding)) looks.note(row);
  }
  return { findings, grave: checks.grave, ignored: checks.ignored.slice(0, mostTold) };
}

/** @throws OVR412 */
export function sampleFacts(
  { project, blind }: Pick<Open, 'project' | 'blind'>,
  samples: readonly string[],
): SampleFacts[] {
  refuseBlind(blind);
  const { catalog, labels, dataset } = project;
  return samples.flatMap((sample): SampleFacts[] => {
    const items = catalog.rowsOf(sample).map((row) => blind.item(row));
    const [first] = items;
    if (!first || first.split === null) return [];
    const present = items.filter(({ value }) => value === '1').map(({ finding }) => finding);
    return [
      {
        sample,
        split: first.split,
        patient: first.group,
        label: dataset.task === 'multi-class' ? (first.value ?? '') : present.join(', '),
        excluded: items.every(({ excluded }) => excluded),
        touches: labels.idsWith(sample),
      },
    ];
  });
}

/** @throws OVR412; as `planJoin` */
export function planTogether(
  { turns }: OpenProjects,
  { project, blind }: Open,
  samples: readonly string[],
): Promise<Joined> {
  refuseBlind(blind);
  return planJoin(project, samples, turns);
}

/** @throws OVR412, OVR405, OVR406; as `joinSamples` */
export async function keepTogether(
  projects: OpenProjects,
  open: Open,
  samples: readonly string[],
  reason: string,
): Promise<Joined> {
  const { project, blind } = open;
  refuseBlind(blind);
  project.folder.refuseUntrusted();
  const annotator = await projects.annotator(open, undefined);
  return joinSamples(project, samples, { annotator, reason, time: new Date() }, projects.turns);
}

/** @throws OVR400 where none is known */
export function knownSamples(
  { project }: Pick<Open, 'project'>,
  samples: readonly string[],
): readonly string[] {
  const known = samples.filter((sample) => project.labels.index(sample) !== undefined);
  if (known.length > 0) return known;
  throw new OverreadError({
    code: 'OVR400',
    message: 'The table has none of these images any more',
    fix: 'Check the data again',
  });
}
