/** The toolbar of the image: how large it is shown, and which grey values are seen. */
import { createButton, createDropdown, createSlider, type ButtonControl, type Choice } from '../controls';
import { element, setAttribute, setText } from '../dom';
import { fill } from '../texts';
import type { ImageView } from './imageView';

/** Its texts. */
export interface ImageToolTexts {
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly invert: string;
  readonly auto: string;
  readonly reset: string;
  readonly window: string;
  readonly level: string;
  readonly preset: string;
  /** Of a window of the file: `W {window} L {level}`. */
  readonly presetNumbers: string;
  readonly presetNone: string;
}

/** @param name what it is called, where the label is a sign */
export function createTool(label: string, onClick: () => void, name = label): ButtonControl {
  const button = createButton({ label, title: name, onClick });
  if (name !== label) setAttribute(button.root, 'aria-label', name);
  return button;
}

/**
 * @param percentOver a zoom as text
 * @param more what stands among them
 */
export function createImageTools(
  texts: ImageToolTexts,
  percentOver: (share: number) => string,
  view: ImageView,
  ...more: readonly HTMLElement[]
) {
  const zoom = element('span', { class: 'muted zoom' });
  const invert = createTool(texts.invert, () => view.invert());
  const windowSlider = createSlider({
    label: texts.window,
    least: 1,
    most: 255,
    step: 1,
    onInput: (window) => view.setWindowLevel({ ...view.windowLevel, window }),
  });
  const levelSlider = createSlider({
    label: texts.level,
    least: 0,
    most: 255,
    step: 1,
    onInput: (level) => view.setWindowLevel({ ...view.windowLevel, level }),
  });
  // Of the file's own windows, where it has several.
  const presets = createDropdown({
    label: texts.preset,
    class: 'preset',
    onChange: (value) => {
      const chosen = view.fileLevels?.windows[Number(value)];
      if (chosen) view.useWindow(chosen);
    },
  });
  const root = element(
    'div',
    { class: 'tools', attributes: { role: 'toolbar', 'aria-label': texts.window } },
    createTool(texts.fit, () => view.fit()).root,
    createTool('−', () => view.zoomBy(0.8), texts.zoomOut).root,
    createTool('+', () => view.zoomBy(1.25), texts.zoomIn).root,
    zoom,
    invert.root,
    createTool(texts.auto, () => view.auto()).root,
    createTool(texts.reset, () => view.reset()).root,
    ...more,
    presets.root,
    element('div', { class: 'sliders' }, windowSlider.root, levelSlider.root),
  );
  const update = (): void => {
    const { window, level } = view.windowLevel;
    const most = view.levels - 1;
    const { choices, chosen } = presetsOf(view, texts);
    presets.root.hidden = choices.length < 2;
    if (choices.length > 1) presets.set(choices, chosen);
    windowSlider.set(Math.round(window), { least: 1, most });
    levelSlider.set(Math.round(level), { least: 0, most });
    invert.setPressed(view.isInverted);
    setText(zoom, percentOver(view.zoom));
  };
  return { root, update };
}

/** The windows of the file by name and numbers, as real values, and which of them is on. */
function presetsOf(
  { fileLevels, windowLevel }: ImageView,
  texts: ImageToolTexts,
): { readonly choices: readonly Choice[]; readonly chosen: string } {
  if (!fileLevels) return { choices: [], chosen: '' };
  const { windows } = fileLevels;
  const choices = windows.map(({ name, written }, i) => {
    const { width = 0, center = 0 } = written ?? {};
    const numbers = fill(texts.presetNumbers, { window: width, level: center });
    return { value: String(i), label: name === '' ? numbers : `${name} (${numbers})` };
  });
  const on = windows.findIndex(
    ({ window, level }) => window === windowLevel.window && level === windowLevel.level,
  );
  // What was set by hand is none of them.
  return on < 0
    ? { choices: [...choices, { value: '', label: texts.presetNone }], chosen: '' }
    : { choices, chosen: String(on) };
}
