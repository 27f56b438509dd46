/** A drawing as plain data: written to a file as text, or built in a page element by element. */

export interface SvgNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgNode | string)[];
}

/** An element. Numbers are px, rounded to a tenth. */
export function svg(
  tag: string,
  attributes: SvgNode['attributes'] = {},
  ...children: readonly (SvgNode | string)[]
): SvgNode {
  return { tag, attributes, children };
}

/** An attribute's value as it is written. */
export function attributeText(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}

/** The drawing as a document of its own. Whatever the data hold is text in it, never markup. */
export function serialiseSvg(root: SvgNode): string {
  const whole = { ...root, attributes: { xmlns: 'http://www.w3.org/2000/svg', ...root.attributes } };
  return `${render(whole, '')}\n`;
}

function render(node: SvgNode | string, indent: string): string {
  if (typeof node === 'string') return escapeText(node);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${escapeText(attributeText(value))}"`)
    .join('');
  if (node.children.length === 0) return `${indent}<${node.tag}${attributes}/>`;
  // Space inside text elements would be drawn.
  const inline = node.children.every((child) => typeof child === 'string');
  const inner = inline
    ? node.children.map((child) => render(child, '')).join('')
    : `\n${node.children.map((child) => render(child, `${indent}  `)).join('\n')}\n${indent}`;
  return `${indent}<${node.tag}${attributes}>${inner}</${node.tag}>`;
}

/** Also drops what XML forbids: control characters and lone surrogates. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu, (found) =>
      '\t\n\r'.includes(found) ? found : '\ufffd',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
