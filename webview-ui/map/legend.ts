/** What the colours mean, and each group as a way into the review grid without a pointer. */
import type { CategoryColour, MapColour } from '../../src/protocol/mapApi';
import { createButton } from '../controls';
import { element } from '../dom';
import { fill } from '../texts';
import { categoryColour, noColour, rangeOf, scaleColour, type Rgb } from './colours';
import type { MapTexts } from './strings';

/** @param onShow opens the points of a group */
export function createLegend(
  colour: MapColour,
  texts: MapTexts,
  onShow: (points: readonly number[]) => void,
): HTMLElement {
  return colour.kind === 'category' ? groupList(colour, texts, onShow) : scale(colour, texts, onShow);
}

function groupList(
  { names, codes }: CategoryColour,
  texts: MapTexts,
  onShow: (points: readonly number[]) => void,
): HTMLElement {
  const points = new Map<number, number[]>();
  codes.forEach((code, n) => {
    const own = points.get(code);
    if (own) own.push(n);
    else points.set(code, [n]);
  });
  const rows = [...names.keys(), -1].flatMap((code) => {
    const own = points.get(code);
    if (!own) return [];
    const name = names[code] ?? texts.none;
    return [groupRow(name, categoryColour(code), own, texts, onShow)];
  });
  return element('ul', { class: 'legend', attributes: { 'aria-label': texts.groups } }, ...rows);
}

/** A number in fifths of its range, so that it has groups as well. */
function scale(
  { values }: Extract<MapColour, { readonly kind: 'number' }>,
  texts: MapTexts,
  onShow: (points: readonly number[]) => void,
): HTMLElement {
  const [low, high] = rangeOf(values);
  const steps = 5;
  const groups = Array.from({ length: steps }, () => new Array<number>());
  const none: number[] = [];
  values.forEach((value, n) => {
    if (Number.isNaN(value)) none.push(n);
    else
      groups[Math.max(0, Math.min(steps - 1, Math.floor((steps * (value - low)) / (high - low || 1))))]?.push(
        n,
      );
  });
  const edge = (k: number): string => Number((low + ((high - low) * k) / steps).toPrecision(3)).toString();
  const rows = groups.map((own, k) =>
    groupRow(`${edge(k)} – ${edge(k + 1)}`, scaleColour((k + 0.5) / steps), own, texts, onShow),
  );
  const rest = none.length === 0 ? [] : [groupRow(texts.none, noColour, none, texts, onShow)];
  return element('ul', { class: 'legend', attributes: { 'aria-label': texts.groups } }, ...rows, ...rest);
}

function groupRow(
  name: string,
  colour: Rgb,
  points: readonly number[],
  texts: MapTexts,
  onShow: (points: readonly number[]) => void,
): HTMLElement {
  const mark = element('span', { class: 'mark', attributes: { 'aria-hidden': 'true' } });
  // The policy refuses style attributes; the object model is not one.
  mark.style.setProperty('background-color', `rgb(${colour.join(', ')})`);
  const title = fill(texts.showGroup, { n: points.length, name });
  const { root } = createButton({ label: String(points.length), title, onClick: () => onShow(points) });
  root.setAttribute('aria-label', title);
  return element('li', {}, mark, element('span', { class: 'name', text: name, title: name }), root);
}
