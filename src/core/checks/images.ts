/** Images that are missing, may be several files, or cannot be read: one finding for each kind of fault. */
import { counted } from '../base/counted';
import { readMovedImages } from '../dataset/movedImages';
import type { CheckContext } from './checkTable';
import type { Check, CheckFix, CheckKind } from './model';
import { asCheck } from './projectProblems';

interface Kind {
  readonly kind: CheckKind;
  readonly what: string;
  readonly fix?: CheckFix;
}

const kinds: Readonly<Record<string, Kind>> = {
  OVR205: { kind: 'image-missing', what: 'outside the declared folders' },
  OVR212: { kind: 'image-ambiguous', what: 'of which several files may be meant' },
  OVR300: {
    kind: 'image-missing',
    what: 'missing',
    fix: { title: 'Find images that were moved', command: 'overread relink DIR' },
  },
  OVR302: { kind: 'image-unreadable', what: 'too large' },
  OVR306: { kind: 'image-unreadable', what: 'without a picture' },
};

const unreadable: Kind = { kind: 'image-unreadable', what: 'that cannot be read' };

/** Samples that are named in the message. */
const named = 3;

export async function imageChecks({ project, images }: CheckContext): Promise<Check[]> {
  const { samples } = project.dataset;
  const byCode = new Map<
    string,
    { first: string; fix: string | undefined; row: number; samples: string[] }
  >();
  for (const [i, { problem }] of (await images()).entries()) {
    const sample = samples[i];
    if (!problem || !sample) continue;
    const known = byCode.get(problem.code);
    if (known) known.samples.push(sample.id);
    else
      byCode.set(problem.code, {
        first: problem.message,
        fix: problem.fix,
        row: sample.row,
        samples: [sample.id],
      });
  }
  const damaged = (await readMovedImages(project.root)).problems;
  return [
    ...damaged.map((problem) => asCheck(problem, 'image-missing', [])),
    ...[...byCode].map(([code, { first, fix, row, samples: ids }]): Check => {
      const { kind, what, fix: way } = kinds[code] ?? unreadable;
      const some = ids.slice(0, named).join(', ');
      return {
        ...{ code, kind, severity: code === 'OVR306' ? 'info' : 'error', samples: ids, score: null },
        message: `${counted(ids.length, 'image')} ${what}: ${some}${ids.length > named ? ', …' : ''} (${first})`,
        fixes: [...(way ? [way] : []), ...(fix === undefined ? [] : [{ title: fix }])],
        place: { file: project.config.dataset.table, row },
      };
    }),
  ];
}
