/** Findings about what images look like: blank, without contrast, inverted, cropped, tiny. */
import { counted } from '../../base/counted';
import type { ErrorCode } from '../../base/errors';
import type { CheckContext } from '../checkTable';
import { isExcluded } from '../excluded';
import { letBe, nameOf, sampleCheck } from '../groupCheck';
import type { Check, CheckFix } from '../model';
import { pictureFaults, type PictureFault, type PictureKind } from './pictureFaults';

interface Kind {
  readonly code: ErrorCode;
  readonly severity: Check['severity'];
  /** Behind a number of images. */
  readonly what: string;
  readonly fixes: readonly CheckFix[];
}

const leaveOut: CheckFix = { title: 'Leave it out', command: 'overread exclude DIR SAMPLES' };

const kinds: Readonly<Record<PictureKind, Kind>> = {
  blank: { code: 'OVR316', severity: 'warning', what: 'in which nothing is to be seen', fixes: [leaveOut] },
  'low-contrast': { code: 'OVR316', severity: 'info', what: 'with little contrast', fixes: [leaveOut] },
  inverted: {
    code: 'OVR317',
    severity: 'warning',
    what: 'whose black and white seem to be exchanged',
    fixes: [
      {
        title:
          'Export it again with its photometric interpretation applied (MONOCHROME1), or invert the file',
      },
      leaveOut,
    ],
  },
  cropped: { code: 'OVR318', severity: 'info', what: 'that seem to be cropped', fixes: [leaveOut] },
  tiny: { code: 'OVR319', severity: 'info', what: 'of few pixels', fixes: [leaveOut] },
};

/** More of a kind are one finding: then it is the set that is so. */
const mostListed = 50;
const mostShare = 0.2;

export async function pictureChecks({ project, images }: CheckContext): Promise<Check[]> {
  const sketches = (await images()).map(({ sketch }, i) => (isExcluded(project, i) ? undefined : sketch));
  const known = sketches.filter((one) => one !== undefined).length;
  const all = pictureFaults(sketches);
  return [...new Set(all.map(({ kind }) => kind))].flatMap((kind) => {
    const faults = all.filter((fault) => fault.kind === kind);
    const { code, severity, what, fixes } = kinds[kind];
    const isOfSet = faults.length > mostListed || faults.length > Math.max(1, mostShare * known);
    const finding = (own: readonly PictureFault[], message: string): Check =>
      sampleCheck(
        project,
        own.map(({ image }) => image),
        null,
        { code, kind, severity, message, fixes: [...fixes, letBe(code)] },
      );
    if (!isOfSet) {
      return faults.map((fault) => finding([fault], `${nameOf(project, fault.image)}: ${fault.measured}`));
    }
    const some = faults.slice(0, 3).map(({ image, measured }) => `${nameOf(project, image)} (${measured})`);
    return [
      finding(
        faults,
        `${counted(faults.length, 'image')} ${what}: ${some.join(', ')}${faults.length > 3 ? ', …' : ''}`,
      ),
    ];
  });
}
