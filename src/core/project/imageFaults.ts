/**
 * Images that cannot be read, told so that a person finds the cause: how many there are of each kind, and the rows
 * of the first. One wrong folder in overread.yaml makes a fault of every row.
 */
import { OverreadError, type ErrorCode } from '../base/errors';
import type { Problem } from '../base/report';

/** An image without features: the line of its row in the table, and why. */
export interface RowFault {
  readonly row: number;
  readonly problem: Problem;
}

/** The images of a project that could not be read. */
export interface ImageFaults {
  readonly table: string;
  readonly images: number;
  /** In the order of the table. */
  readonly faults: readonly RowFault[];
}

/** Faults of one code that are listed one by one. */
const listedPerCode = 100;
/** Rows that are named for each code. */
const rowsNamed = 3;

const kinds: Partial<Record<string, string>> = {
  OVR003: 'refused by the file system',
  OVR205: 'outside the declared folders',
  OVR300: 'missing',
  OVR301: 'cannot be decoded',
  OVR302: 'too large',
};

const remedies: Partial<Record<string, string>> = {
  OVR003: 'Check the permissions of the images and the state of the disk',
  OVR205: 'Add the folder of the images to dataset.roots in overread.yaml',
  OVR300:
    'Check dataset.images, dataset.path and dataset.extension in overread.yaml, and that the images are there; dataset.search finds them in several folders, overread relink those that were moved',
};

/** `212 of 690 images cannot be read: 200 × OVR300 missing (rows 2, 3, 4, …), 12 × OVR301 cannot be decoded (row 7)` */
export function describeFaults({ images, faults }: ImageFaults): string {
  const counts = byCode(faults).map(([code, found]) => {
    const rows = found.slice(0, rowsNamed).map(({ row }) => row);
    const named = `${found.length === 1 ? 'row' : 'rows'} ${rows.join(', ')}${found.length > rows.length ? ', …' : ''}`;
    return `${found.length} × ${[code, kinds[code]].filter((part) => part !== undefined).join(' ')} (${named})`;
  });
  return `${faults.length} of ${images} images cannot be read: ${counts.join(', ')}`;
}

/**
 * What is told of them: one warning (OVR305) that counts all, then the first of each kind.
 */
export function faultProblems(all: ImageFaults): readonly Problem[] {
  const { table, faults } = all;
  const [first] = faults;
  if (!first) return [];
  const summary: Problem = {
    code: 'OVR305' satisfies ErrorCode,
    severity: 'warning',
    message: describeFaults(all),
    place: { file: table, row: first.row },
    ...fixOf(faults),
  };
  const listed = byCode(faults).flatMap(([, found]) => found.slice(0, listedPerCode));
  return [summary, ...listed.sort((a, b) => a.row - b.row).map(({ problem }) => problem)];
}

/** @throws OVR303 with the faults behind it, when not one image could be read */
export function refuseUnreadable(all: ImageFaults): void {
  const [first] = all.faults;
  if (!first || all.faults.length < all.images) return;
  throw new OverreadError({
    code: 'OVR303',
    message: describeFaults(all),
    place: { file: all.table, row: first.row },
    ...fixOf(all.faults),
    problems: faultProblems(all),
  });
}

/**
 * What stopped the work, with the images that could not be read: they may be the reason.
 * @param error what was thrown when nothing could be learnt from the others
 */
export function withFaults(error: unknown, all: ImageFaults): unknown {
  const starved = error instanceof OverreadError && ['OVR700', 'OVR207'].includes(error.code);
  if (!starved || all.faults.length === 0) return error;
  const { code, message, place, expected, fix } = error;
  return new OverreadError({
    code,
    message: `${message}; ${describeFaults(all)}`,
    ...(place ? { place } : {}),
    ...(expected === undefined ? {} : { expected }),
    ...(fix === undefined ? {} : { fix }),
    problems: faultProblems(all),
    cause: error,
  });
}

/** The commonest kind first. */
function byCode(faults: readonly RowFault[]): readonly (readonly [string, readonly RowFault[]])[] {
  const found = new Map<string, RowFault[]>();
  for (const fault of faults) {
    const same = found.get(fault.problem.code);
    if (same) same.push(fault);
    else found.set(fault.problem.code, [fault]);
  }
  return [...found].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
}

function fixOf(faults: readonly RowFault[]): { readonly fix?: string } {
  const [first] = byCode(faults);
  const fix = first && (remedies[first[0]] ?? faults[0]?.problem.fix);
  return fix === undefined ? {} : { fix };
}
