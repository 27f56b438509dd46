/** The toolbar of the image: how large it is shown, and which grey values are seen. */
import { createButton, createSlider, type ButtonControl } from '../../controls';
import { element, setAttribute, setText } from '../../dom';
import type { ImageView } from '../../viewer/imageView';
import type { Formatter } from '../format';

/** @param name what it is called, where the label is a sign */
export function createTool(label: string, onClick: () => void, name = label): ButtonControl {
  const button = createButton({ label, title: name, onClick });
  if (name !== label) setAttribute(button.root, 'aria-label', name);
  return button;
}

/** @param more a button that stands among them */
export function createImageTools(formatter: Formatter, view: ImageView, more: HTMLElement) {
  const { detail } = formatter.strings;
  const zoom = element('span', { class: 'muted zoom' });
  const invert = createTool(detail.invert, () => view.invert());
  const windowSlider = createSlider({
    label: detail.window,
    least: 1,
    most: 255,
    step: 1,
    onInput: (window) => view.setWindowLevel({ ...view.windowLevel, window }),
  });
  const levelSlider = createSlider({
    label: detail.level,
    least: 0,
    most: 255,
    step: 1,
    onInput: (level) => view.setWindowLevel({ ...view.windowLevel, level }),
  });
  const root = element(
    'div',
    { class: 'tools', attributes: { role: 'toolbar', 'aria-label': detail.window } },
    createTool(detail.fit, () => view.fit()).root,
    createTool('−', () => view.zoomBy(0.8), detail.zoomOut).root,
    createTool('+', () => view.zoomBy(1.25), detail.zoomIn).root,
    zoom,
    invert.root,
    createTool(detail.auto, () => view.auto()).root,
    createTool(detail.reset, () => view.reset()).root,
    more,
    element('div', { class: 'sliders' }, windowSlider.root, levelSlider.root),
  );
  const update = (): void => {
    const { window, level } = view.windowLevel;
    const most = view.levels - 1;
    windowSlider.set(Math.round(window), { least: 1, most });
    levelSlider.set(Math.round(level), { least: 0, most });
    invert.setPressed(view.isInverted);
    setText(zoom, formatter.percentOver(view.zoom));
  };
  return { root, update };
}
