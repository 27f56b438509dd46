/** What became of images on their way to pixels that a person may not expect, one finding for each kind. */
import { counted } from '../base/counted';
import type { NoticeKind } from '../images/notices';
import type { CheckContext } from './checkTable';
import type { Check } from './model';

const sentences: Readonly<Record<NoticeKind, string>> = {
  turned: 'turned as the EXIF orientation says; other programs may show them otherwise',
  stretched: 'of numbers that are no grey levels, stretched between their tags or percentiles',
  'part of the range': 'with 16 bit that use a part of the range, brightened for the network',
  inks: 'in inks, converted without their profile',
  transparency: 'with transparency, which is dropped',
  'first picture': 'of several pictures, of which the first is taken',
};

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
      message: `${counted(samples.length, 'image')} ${sentences[kind]}${listed === '' ? '' : ` (${listed})`}`,
      place: { file: project.config.dataset.table },
    };
  });
}
