/** One image under several labels: at least one of them is wrong. */
import type { Project } from '../project/project';
import { letBe, nameOf, sampleCheck } from './groupCheck';
import type { Check } from './model';

/**
 * A finding for each of the project's findings of which these samples have two values, by the labels that stand.
 * @param what the beginning of the sentence
 * @param score how sure it is that they are one image
 */
export function contradictionChecks(
  project: Project,
  group: readonly number[],
  what: string,
  score: number,
): Check[] {
  const { dataset, labels } = project;
  return dataset.findings.flatMap((finding, f): Check[] => {
    const values = group.map((i) => ({ i, value: labels.valueAt(i * dataset.findings.length + f) }));
    const said = values.filter(({ value }) => value !== null && value !== 'uncertain');
    const [first] = said;
    const other = said.find(({ value }) => value !== first?.value);
    if (!first || !other) return [];
    const which = dataset.task === 'multi-class' ? '' : `, ${finding.name}`;
    const [a, b] = [first, other].map(({ i, value }) => `"${value ?? ''}" in ${nameOf(project, i)}`);
    return [
      sampleCheck(
        project,
        said.map(({ i }) => i),
        score,
        {
          ...{ code: 'OVR311', kind: 'contradiction', severity: 'error' },
          finding: finding.name,
          message: `${what} ${a ?? ''} and ${b ?? ''}${which}`,
          fixes: [
            { title: 'Correct the label that is wrong', command: 'overread label DIR SAMPLE VALUE' },
            { title: 'Leave one of them out', command: 'overread exclude DIR SAMPLE' },
            letBe('OVR311'),
          ],
        },
      ),
    ];
  });
}
