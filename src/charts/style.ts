/**
 * How charts look. The colours stand in the elements themselves, so that a file is readable wherever it is
 * opened, on its own white ground; a page overrides them by class with the colours of the editor's theme.
 */

export const fontSize = 12;
export const fontFamily = 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif';

/** Attributes by role: each has its class. */
export const style = {
  background: { class: 'chart-background', fill: '#ffffff' },
  ink: { class: 'chart-ink', fill: '#1f2328' },
  muted: { class: 'chart-muted', fill: '#57606a' },
  grid: { class: 'chart-grid', stroke: '#d8dee4', 'stroke-width': 1 },
  leader: { class: 'chart-leader', stroke: '#8c959f', 'stroke-width': 1, fill: 'none' },
} as const;

/** The two parts of the data. Told apart by the shape of their marks as well as by colour. */
export const series = {
  out_of_fold: {
    name: 'Out of fold',
    mark: { class: 'chart-out-of-fold-mark', fill: '#0b5fa5', stroke: '#0b5fa5', 'stroke-width': 1.5 },
    line: { class: 'chart-out-of-fold-line', stroke: '#0b5fa5', 'stroke-width': 1.5, fill: 'none' },
  },
  validation: {
    name: 'Validation',
    mark: { class: 'chart-validation-mark', fill: '#ffffff', stroke: '#9a4d00', 'stroke-width': 1.5 },
    line: { class: 'chart-validation-line', stroke: '#9a4d00', 'stroke-width': 1.5, fill: 'none' },
  },
} as const;

/** The parts on which a run is looked at: a line that is whole, dashed or dotted, and the band around it. */
export const partStyles = {
  out_of_fold: {
    line: { ...series.out_of_fold.line },
    band: { class: 'chart-out-of-fold-band', fill: '#0b5fa5', 'fill-opacity': '0.14' },
    mark: series.out_of_fold.mark,
  },
  validation: {
    line: { ...series.validation.line, 'stroke-dasharray': '5 4' },
    band: { class: 'chart-validation-band', fill: '#9a4d00', 'fill-opacity': '0.12' },
    mark: series.validation.mark,
  },
  test: {
    line: {
      class: 'chart-test-line',
      stroke: '#57606a',
      'stroke-width': 1.5,
      fill: 'none',
      'stroke-dasharray': '1.5 3',
    },
    band: { class: 'chart-test-band', fill: '#57606a', 'fill-opacity': '0.12' },
    mark: { class: 'chart-test-mark', fill: '#57606a', stroke: '#57606a', 'stroke-width': 1.5 },
  },
} as const;

/**
 * About how wide a text is, px, on the safe side for the fonts above: a file cannot know which of them it gets.
 */
export function textWidth(text: string, size = fontSize): number {
  let ems = 0;
  for (const character of text) {
    if (/[ijlI.,:;'|!() ]/.test(character)) ems += 0.36;
    else if (/[mwMW@%]/.test(character)) ems += 0.95;
    else if (/[A-Z0-9_–]/.test(character)) ems += 0.66;
    else ems += character.charCodeAt(0) > 0x2fff ? 1.05 : 0.6;
  }
  return ems * size;
}

/** A text of at most this width, shortened in the middle, where long names differ least. */
export function fitText(text: string, width: number, size = fontSize): string {
  if (textWidth(text, size) <= width) return text;
  const characters = Array.from(text);
  for (let kept = characters.length - 1; kept > 2; kept--) {
    const head = Math.ceil(kept * 0.6);
    const short = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
    if (textWidth(short, size) <= width) return short;
  }
  return '…';
}
