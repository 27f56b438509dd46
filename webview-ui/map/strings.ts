/** Every text of the map. */
import type { Texts } from '../texts';

export const english = {
  starting: 'Placing the images…',
  failed: 'The map cannot be shown',
  title: 'Map of {name}',
  colour: 'Colour',
  place: 'Place by',
  components: 'First two components',
  umap: 'UMAP',
  placing: 'UMAP is placing the images…',
  lasso: 'Lasso',
  lassoTitle:
    'Draw around images to open them in the review grid (L; else dragging moves the map, Shift and dragging draws)',
  whole: 'Whole map',
  canvas:
    'Map of images. Arrow keys move, plus and minus zoom, 0 shows the whole map, Enter lists the images nearest to the middle.',
  groups: 'Groups',
  none: 'no value',
  low: 'low',
  high: 'high',
  showGroup: 'Show the {n} images of {name} in the review grid',
  nearest: 'Nearest to the middle',
  showNearest: 'Show these in the review grid',
  shown: '{n} images are in the review grid.',
  tooMany: '{n} images are more than a list takes; the first {most} are in the review grid.',
  nobody: 'No image lies there.',
  testCounted: 'The test part is listed too: opening images from the map counts as a look at it.',
  placed: '{n} of {all} images have features.',
  noWebgl:
    'This editor has no WebGL 2, so the points cannot be drawn; the groups can be opened all the same.',
} as const;

export type MapTexts = Texts<typeof english>;
