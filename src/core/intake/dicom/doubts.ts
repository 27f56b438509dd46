/** What a person should know of a folder of DICOM files before it is a project, and why it cannot be one. */
import * as path from 'node:path';
import { OverreadError } from '../../base/errors';
import type { Problem } from '../../base/report';
import { loadConfig } from '../../config/config';
import type { Columns } from './imageColumns';
import type { LinkedLabels } from './labelsOf';
import type { Grouping } from './patients';
import type { Pseudonyms } from './pseudonyms';

/** Other names for the same patients would part their images anew. @throws OVR103 */
export async function refuseOtherKey(root: string, { fingerprint }: Pseudonyms): Promise<void> {
  const before = await loadConfig(root).catch(() => undefined);
  const known = before?.dataset.pseudonym_key;
  if (known === undefined || known === null || known === fingerprint) return;
  throw new OverreadError({
    code: 'OVR103',
    message: 'The project names its patients by another key than yours',
    place: { file: 'overread.yaml', field: 'dataset.pseudonym_key' },
    expected: `the key ${known}; yours is ${fingerprint}`,
    fix: 'Ask whoever made the project for the key (overread pseudonyms --export FILE) and name it with --key FILE',
  });
}

export const info = (code: 'OVR301', message: string): Problem => ({ code, severity: 'info', message });

export function doubtsOfPatients({ placeholders }: Grouping, images: number): Problem[] {
  const count = [...placeholders.values()].reduce((sum, one) => sum + one, 0);
  if (count === 0) return [];
  return [
    {
      code: 'OVR213',
      severity: 'warning',
      message:
        `${count} of ${images} images have no number of their patient (none, a word in its place, or one that several ` +
        'people share): each study counts as a patient',
      fix: 'Images of one person may stand in two parts. Where another column names the person: --group COLUMN with --keep COLUMN',
    },
  ];
}

export function doubtsOfPrivacy(burnedIn: readonly string[], hidden: boolean): Problem[] {
  const open = burnedIn.filter((text) => text.toUpperCase() !== 'NO').length;
  const problems: Problem[] = [];
  if (open > 0) {
    problems.push({
      code: 'OVR215',
      severity: 'warning',
      message: `${open} of ${burnedIn.length} images do not say that no text is burned into them (BurnedInAnnotation is not NO)`,
      expected: 'that somebody has looked: text in pixels is not found here',
      fix: 'Look at the images before pictures of them are passed on',
    });
  }
  if (hidden) {
    problems.push({
      code: 'OVR215',
      severity: 'warning',
      message:
        'The paths of the files tell who the images are of: samples are called by a hash, and samples.csv holds the paths',
      fix: 'Keep samples.csv to yourself, or copy the files under other names first',
    });
  }
  return problems;
}

export function noImages(folder: string, others: number): OverreadError {
  return new OverreadError({
    code: 'OVR104',
    message: `There is no DICOM image in ${path.basename(folder)}${others > 0 ? `; ${others} files there are no DICOM` : ''}`,
    expected: 'a folder with .dcm files, or files without an ending that begin as DICOM does',
    fix:
      others > 0
        ? 'For other images: overread init DIR --images FOLDER or --csv FILE'
        : 'Name another folder',
  });
}

export function noLabels(own: Columns, labels: LinkedLabels | undefined): OverreadError {
  return new OverreadError({
    code: 'OVR104',
    message: labels ? 'No column of the table of labels looks like labels' : 'Nothing says the labels',
    ...(labels ? { place: { file: labels.table.file } } : {}),
    expected: labels
      ? '--label COLUMN or --findings A,B,C'
      : `a table of labels (--labels FILE, --on AccessionNumber), or one of these columns as the label (--label): ${[...own.keys()].slice(3).join(', ')}`,
    fix: 'For one folder per class: overread init DIR --images FOLDER',
  });
}
