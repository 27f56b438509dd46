/** A document as plain data, written out with everything of data escaped: markup is only what stands in our code. */
import { attributeText, type SvgNode } from '../../charts/svg';

/** An element of HTML is built like one of SVG. */
export type HtmlNode = SvgNode;

/** An element. */
export function html(
  tag: string,
  attributes: HtmlNode['attributes'] = {},
  ...children: readonly (HtmlNode | string)[]
): HtmlNode {
  return { tag, attributes, children };
}

/** Elements that have no content and no end. */
const empty = new Set(['br', 'img', 'meta', 'hr', 'col']);

/** The text of an element. Style sheets are ours: they are written as they are, and hold no data. */
export function serialiseHtml(node: HtmlNode | string): string {
  if (typeof node === 'string') return escaped(node);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${escaped(attributeText(value))}"`)
    .join('');
  if (empty.has(node.tag)) return `<${node.tag}${attributes}>`;
  const isStyle = node.tag === 'style';
  const inner = node.children
    .map((child) => (isStyle && typeof child === 'string' ? child : serialiseHtml(child)))
    .join('');
  return `<${node.tag}${attributes}>${inner}</${node.tag}>`;
}

/** Also what HTML forbids, and what turns the direction of the text around it. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Surrogate}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, (found) =>
      '\t\n'.includes(found) ? found : '\ufffd',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A table with named columns; the first cell of each row names it. */
export function tableOf(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): HtmlNode {
  const table = html(
    'table',
    {},
    html('caption', {}, caption),
    // Above the names of rows there is nothing to say.
    html(
      'thead',
      {},
      html('tr', {}, ...head.map((text) => (text === '' ? html('td') : html('th', { scope: 'col' }, text)))),
    ),
    html(
      'tbody',
      {},
      ...rows.map((cells) =>
        html(
          'tr',
          {},
          ...cells.map((text, n) => (n === 0 ? html('th', { scope: 'row' }, text) : cell(text))),
        ),
      ),
    ),
  );
  // Where it is wider than the window it scrolls by itself, by keyboard too.
  return html('div', { class: 'table', role: 'region', 'aria-label': caption, tabindex: '0' }, table);
}

/** A figure and its interval may stand on two lines; the interval is not broken. */
function cell(text: string): HtmlNode {
  const [, figure, interval] = /^(\S+) (\(\S+–\S+\))$/.exec(text) ?? [];
  if (figure === undefined || interval === undefined) return html('td', {}, text);
  return html('td', {}, `${figure} `, html('span', { class: 'interval' }, interval));
}

/** Names and what they are. */
export function factsOf(facts: readonly (readonly [name: string, value: string])[]): HtmlNode {
  return html('dl', {}, ...facts.flatMap(([name, value]) => [html('dt', {}, name), html('dd', {}, value)]));
}

export function paragraph(text: string): HtmlNode {
  return html('p', {}, text);
}
