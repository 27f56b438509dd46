/** A text that is cut in its middle where it does not fit: names of classes differ at either end. */
import { element } from '../../dom';
import { tailsOf, usualTail } from './nameTails';

/** Shorter texts are cut at their end, if at all. */
const shortest = 14;

/** Of the project that the page shows. */
let tails = tailsOf([]);

/** From now on these names are cut so that they differ. */
export function tellApart(names: readonly string[]): void {
  tails = tailsOf(names);
}

/** Sets the text and, as tooltip, the whole of it; only where it differs. */
export function setMiddleText(node: HTMLElement, text: string): void {
  if (node.textContent === text) return;
  node.title = text;
  if (text.length < shortest) {
    node.textContent = text;
    return;
  }
  const letters = Array.from(text);
  const cut = letters.length - (tails.get(text) ?? usualTail);
  node.replaceChildren(
    element('span', { class: 'head', text: letters.slice(0, cut).join('') }),
    element('span', { class: 'tail', text: letters.slice(cut).join('') }),
  );
}

/** A new element of this class with such a text. */
export function middleText(className: string, text: string): HTMLElement {
  const node = element('span', { class: className });
  setMiddleText(node, text);
  return node;
}
