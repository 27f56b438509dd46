/** Every text of the page of a DICOM file. */
import type { Texts } from '../texts';

export const english = {
  image:
    'Image. Plus and minus zoom, Shift with arrows pans, arrows go to the next or previous frame, 0 fits, I inverts, slash searches the elements.',
  loading: 'Loading…',
  tools: {
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit',
    invert: 'Invert',
    auto: 'Auto',
    reset: 'Reset',
    window: 'Window',
    level: 'Level',
    preset: 'Preset',
    presetNumbers: 'W {window} L {level}',
    presetNone: 'By hand',
  },
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
