/** Every text of the page that the command's own report does not bring with it. */
import type { Texts } from '../texts';

export const english = {
  starting: 'Looking at the data…',
  title: 'New project',
  from: 'From {source}. Nothing is written until you make the project; it goes to {root}.',
  make: 'Make Project',
  cancel: 'Cancel',
  failed: 'This cannot be a project yet',
  expected: 'Expected: {expected}',
  counts: '{samples} images of {patients} patients',
  settings: 'What was understood',
  setting: 'Setting',
  value: 'Value',
  because: 'Because',
  guessed: 'As guessed',
  pathColumn: 'Column with the images',
  labelColumn: 'Column with the labels',
  columnHint: 'its name, then Enter',
  level: 'Level of folders that is the classes',
  none: 'None',
  classes: 'Labels',
  noImages: 'No image of it was found.',
  ignored: 'Not used',
  kept: 'Kept beside the images, as filters: {columns}',
  problems: 'To look at',
} as const;

export type NewProjectTexts = Texts<typeof english>;
