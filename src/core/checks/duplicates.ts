/** The same image under several names: with different labels, in different parts of the split, or merely twice. */
import { shownValue } from '../base/visibleText';
import type { Sample } from '../dataset/model';
import { itemFlags } from '../labels/effectiveLabels';
import type { Project } from '../project/project';
import type { CheckContext } from './checkTable';
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
    const found = [...contradictionsOf(project, group), ...leakOf(project, group)];
    return found.length > 0 ? found : repetitionOf(project, group);
  });
}

const isExcluded = ({ labels, dataset }: Project, sample: number): boolean => {
  const first = sample * dataset.findings.length;
  return dataset.findings.every((_, f) => ((labels.flags[first + f] ?? 0) & itemFlags.excluded) !== 0);
};

/** A finding of which the same image has two values. */
function contradictionsOf(project: Project, group: Group): Check[] {
  const { dataset, labels } = project;
  return dataset.findings.flatMap((finding, f): Check[] => {
    const values = group.map((i) => ({ i, value: labels.valueAt(i * dataset.findings.length + f) }));
    const said = values.filter(({ value }) => value !== null && value !== 'uncertain');
    const [first] = said;
    const other = said.find(({ value }) => value !== first?.value);
    if (!first || !other) return [];
    const what = dataset.task === 'multi-class' ? '' : `, ${finding.name}`;
    const [a, b] = [first, other].map(({ i, value }) => `"${value ?? ''}" in ${nameOf(project, i)}`);
    return [
      check(
        project,
        said.map(({ i }) => i),
        {
          code: 'OVR311',
          kind: 'contradiction',
          severity: 'error',
          message: `The same image is ${a ?? ''} and ${b ?? ''}${what}`,
          fixes: [
            { title: 'Correct the label that is wrong', command: 'overread label DIR SAMPLE VALUE' },
            { title: 'Leave one of them out', command: 'overread exclude DIR SAMPLE' },
          ],
        },
      ),
    ];
  });
}

/** The same image in two parts. */
function leakOf(project: Project, group: Group): Check[] {
  const parts = new Map(group.map((i) => [project.assignment.split[i] ?? '', i]));
  if (parts.size < 2) return [];
  const where = [...parts].map(([part, i]) => `${part} (${nameOf(project, i)})`);
  return [
    check(project, group, {
      code: 'OVR312',
      kind: 'leak',
      severity: 'error',
      message: `The same image is in ${where.join(' and ')}: figures of that part count what was learnt by heart`,
      fixes: [
        { title: 'Leave one of them out', command: 'overread exclude DIR SAMPLE' },
        { title: 'Give them the same patient in the table, and remove splits/ to divide anew' },
      ],
    }),
  ];
}

function repetitionOf(project: Project, group: Group): Check[] {
  const { samples } = project.dataset;
  const patients = new Set(group.map((i) => samples[i]?.group));
  return [
    check(project, group, {
      code: 'OVR310',
      kind: 'exact-duplicate',
      severity: patients.size > 1 ? 'warning' : 'info',
      message: `The same image ${group.length} times${patients.size > 1 ? `, under ${patients.size} patients` : ''}: ${group
        .slice(0, 3)
        .map((i) => nameOf(project, i))
        .join(', ')}`,
      fixes: [{ title: 'Leave all but one out', command: 'overread exclude DIR SAMPLE' }],
    }),
  ];
}

function check(
  project: Project,
  group: Group,
  rest: Pick<Check, 'code' | 'kind' | 'severity' | 'message' | 'fixes'>,
): Check {
  const samples = group.flatMap((i): Sample[] => project.dataset.samples.slice(i, i + 1));
  const [first] = samples;
  return {
    ...rest,
    samples: samples.map(({ id }) => id),
    score: 1,
    ...(first ? { place: { file: project.config.dataset.table, row: first.row } } : {}),
  };
}

const nameOf = (project: Project, i: number): string => shownValue(project.dataset.samples[i]?.id ?? '');
