/** A chart's plain data as elements of the page: built one by one, so that no data is ever parsed as markup. */
import { attributeText, type SvgNode } from '../src/charts/svg';

const namespace = 'http://www.w3.org/2000/svg';

/** The element with everything in it. */
export function drawSvg(node: SvgNode): SVGElement {
  const element = document.createElementNS(namespace, node.tag);
  for (const [name, value] of Object.entries(node.attributes)) {
    element.setAttribute(name, attributeText(value));
  }
  element.append(...node.children.map((child) => (typeof child === 'string' ? child : drawSvg(child))));
  return element;
}
