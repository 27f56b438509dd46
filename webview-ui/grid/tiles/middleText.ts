/** A text that is cut in its middle where it does not fit: names of classes differ at either end. */
import { element } from '../../dom';

/** Shorter texts are cut at their end, if at all. */
const shortest = 14;
/** Characters at the end that stay. */
const kept = 7;

/** Sets the text and, as tooltip, the whole of it; only where it differs. */
export function setMiddleText(node: HTMLElement, text: string): void {
  if (node.textContent === text) return;
  node.title = text;
  if (text.length < shortest) {
    node.textContent = text;
    return;
  }
  const letters = Array.from(text);
  node.replaceChildren(
    element('span', { class: 'head', text: letters.slice(0, -kept).join('') }),
    element('span', { class: 'tail', text: letters.slice(-kept).join('') }),
  );
}

/** A new element of this class with such a text. */
export function middleText(className: string, text: string): HTMLElement {
  const node = element('span', { class: className });
  setMiddleText(node, text);
  return node;
}
