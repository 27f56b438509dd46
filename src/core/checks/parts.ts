/** Classes and findings that a part of the split does not have: its figures say nothing of them. */
import { counted } from '../base/counted';
import { splits } from '../dataset/model';
import type { CheckContext } from './checkTable';
import type { Check } from './model';

export function partChecks({ project }: CheckContext): Check[] {
  const { dataset, labels, assignment } = project;
  const wanted = dataset.findings.flatMap((finding, f) =>
    (dataset.task === 'multi-class' ? finding.values : ['1']).map((value) => ({ finding, f, value })),
  );
  return splits.flatMap((part) => {
    const members = assignment.split.flatMap((one, i) => (one === part ? [i] : []));
    // An empty part, and a class that no part has, were told before.
    if (members.length === 0) return [];
    return wanted.flatMap(({ finding, f, value }): Check[] => {
      const has = (i: number): boolean => labels.valueAt(i * dataset.findings.length + f) === value;
      if (members.some(has) || !dataset.samples.some((_, i) => has(i))) return [];
      const what = dataset.task === 'multi-class' ? `has the class "${value}"` : `has "${finding.name}"`;
      return [
        {
          ...{ code: 'OVR209', kind: 'class-absent', severity: 'warning', samples: [], score: null },
          message: `No image of the ${part} part (${counted(members.length, 'image')}) ${what}`,
          fixes: [{ title: 'Add patients who have it, or divide anew: remove splits/' }],
          place: { file: project.config.dataset.table },
        },
      ];
    });
  });
}
