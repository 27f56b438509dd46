/** The same image under several names: with different labels, in different parts of the split, or merely twice. */
import type { Project } from '../project/project';
import type { CheckContext } from './checkTable';
import { contradictionChecks } from './contradictionChecks';
import { isExcluded } from './excluded';
import { asOnePatient, groupFixes, letBe, nameOf, sampleCheck } from './groupCheck';
import type { Check } from './model';

/** Samples of one content, by their places in the dataset. */
type Group = readonly number[];

export async function duplicateChecks({ project, images }: CheckContext): Promise<Check[]> {
  const byHash = new Map<string, number[]>();
  for (const [i, { hash }] of (await images()).entries()) {
    if (hash === undefined || isExcluded(project, i)) continue;
    const known = byHash.get(hash);
    if (known) known.push(i);
    else byHash.set(hash, [i]);
  }
  const groups = [...byHash.values()].filter(({ length }) => length > 1);
  return groups.flatMap((group) => {
    const found = [...contradictionChecks(project, group, 'The same image is', 1), ...leakOf(project, group)];
    return found.length > 0 ? found : repetitionOf(project, group);
  });
}

/** The same image in two parts. */
function leakOf(project: Project, group: Group): Check[] {
  const parts = new Map(group.map((i) => [project.assignment.split[i] ?? '', i]));
  if (parts.size < 2) return [];
  const where = [...parts].map(([part, i]) => `${part} (${nameOf(project, i)})`);
  return [
    sampleCheck(project, group, 1, {
      ...{ code: 'OVR312', kind: 'leak', severity: 'error' },
      message: `The same image is in ${where.join(' and ')}: figures of that part count what was learnt by heart`,
      fixes: groupFixes('OVR312'),
    }),
  ];
}

function repetitionOf(project: Project, group: Group): Check[] {
  const { samples } = project.dataset;
  const patients = new Set(group.map((i) => samples[i]?.group));
  const leaveOut = { title: 'Leave all but one out', command: 'overread exclude DIR SAMPLE' };
  return [
    sampleCheck(project, group, 1, {
      code: 'OVR310',
      kind: 'exact-duplicate',
      severity: patients.size > 1 ? 'warning' : 'info',
      message: `The same image ${group.length} times${patients.size > 1 ? `, under ${patients.size} patients` : ''}: ${group
        .slice(0, 3)
        .map((i) => nameOf(project, i))
        .join(', ')}`,
      fixes: [leaveOut, ...(patients.size > 1 ? [asOnePatient] : []), letBe('OVR310')],
    }),
  ];
}
