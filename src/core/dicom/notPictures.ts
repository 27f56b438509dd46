/** Files that are left out though they are DICOM: what they hold is no picture that a person reads. */
import type { DataSet } from 'dicom-parser';
import { textOf, textsOf } from './attributes';

/** Storage classes whose pixels are not an image: segmentations, dose, maps, calibration. */
const classes: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.3.10': 'a directory of other files',
  '1.2.840.10008.5.1.4.1.1.66.4': 'a segmentation',
  '1.2.840.10008.5.1.4.1.1.66.7': 'a label map of segments',
  '1.2.840.10008.5.1.4.1.1.481.2': 'a radiotherapy dose',
  '1.2.840.10008.5.1.4.1.1.30': 'a parametric map',
  '1.2.840.10008.5.1.4.1.1.66': 'raw data',
};

/**
 * Why a file with pixels is no picture to read: its kind, a localiser, or an image that is still to be processed. Files
 * without pixels (reports, presentation states, key objects, plans) are told by that. Undefined: it is one.
 */
export function whyNoPicture(dataSet: DataSet): string | undefined {
  const kind = classes[textOf(dataSet, 'x00080016')];
  if (kind !== undefined) return `it is ${kind}`;
  if (textOf(dataSet, 'x00080068').toUpperCase() === 'FOR PROCESSING') return 'it is an image FOR PROCESSING';
  const isLocaliser = textsOf(dataSet, 'x00080008').some((value) => value.toUpperCase() === 'LOCALIZER');
  return isLocaliser ? 'it is a localiser' : undefined;
}
