/** The English texts of the image tools: a part of the texts of every page that has them. */
import type { ImageToolTexts } from './imageTools';

export const imageTools = {
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
} satisfies ImageToolTexts;
