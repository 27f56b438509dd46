/** Every text of the page of a DICOM file. */
import type { Texts } from '../texts';
import { imageTools } from '../viewer/strings';

export const english = {
  image:
    'Image. Plus and minus zoom, Shift with arrows pans, arrows go to the next or previous frame, 0 fits, I inverts, slash searches the elements.',
  loading: 'Loading…',
  tools: imageTools,
  frame: 'Frame',
  frameOf: '{frame} of {frames}',
  elements: 'Elements',
  search: 'Search elements',
  searchHint: 'number, keyword or value',
  tag: 'Tag',
  keyword: 'Keyword',
  vr: 'VR',
  value: 'Value',
  counted: { one: '{count} element', other: '{count} elements' },
  found: '{found} of {count} elements',
  firstOnly: 'the first {count} are listed',
  noPicture: 'No image to show: {why}.',
  failed: 'This file cannot be read',
};

export type DicomTexts = Texts<typeof english>;
