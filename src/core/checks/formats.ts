/** What became of images on their way to pixels that a person may not expect, one finding for each kind. */
import { counted } from '../base/counted';
import { noticeSentences, type NoticeKind } from '../images/notices';
import type { CheckContext } from './checkTable';
import type { Check } from './model';

export async function formatChecks({ project, images }: CheckContext): Promise<Check[]> {
  const found = new Map<NoticeKind, { readonly samples: string[]; readonly details: Set<string> }>();
  for (const [i, { notices }] of (await images()).entries()) {
    for (const { kind, detail } of notices) {
      const known = found.get(kind) ?? { samples: [], details: new Set() };
      found.set(kind, known);
      known.samples.push(project.dataset.samples[i]?.id ?? '');
      if (detail !== '') known.details.add(detail);
    }
  }
  return [...found].map(([kind, { samples, details }]) => {
    const listed = [...details].sort().slice(0, 5).join(', ');
    return {
      ...{ code: 'OVR313', kind: 'format', severity: 'info', samples, score: null, fixes: [] },
      message: `${counted(samples.length, 'image')} ${noticeSentences[kind]}${listed === '' ? '' : ` (${listed})`}`,
      place: { file: project.config.dataset.table },
    };
  });
}
