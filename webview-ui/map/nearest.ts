/** The images around the middle of the map as a list: the way of the keyboard and of screen readers to single points. */
import { createButton } from '../controls';
import { element } from '../dom';
import type { MapTexts } from './strings';

export interface NearPoint {
  readonly name: string;
  readonly value: string;
  readonly point: number;
}

export function createNearest(
  points: readonly NearPoint[],
  texts: MapTexts,
  onShow: (points: readonly number[]) => void,
): HTMLElement {
  const all = createButton({
    label: texts.showNearest,
    onClick: () => onShow(points.map(({ point }) => point)),
  });
  return element(
    'section',
    { attributes: { 'aria-label': texts.nearest } },
    element('h2', { text: texts.nearest }),
    all.root,
    element(
      'ol',
      {},
      ...points.map(({ name, value }) =>
        element('li', { title: name }, name, ' ', element('span', { class: 'muted', text: value })),
      ),
    ),
  );
}
