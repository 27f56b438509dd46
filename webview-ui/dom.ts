/** Small helpers to build DOM without markup strings: no page of ours ever parses HTML. */

/** What a new element starts with. `attributes` with null are left out. */
export interface ElementInit {
  readonly class?: string;
  readonly text?: string;
  readonly title?: string;
  readonly hidden?: boolean;
  readonly attributes?: Readonly<Record<string, string | null>>;
}

/** A new element with its children in order. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  init: ElementInit = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (init.class !== undefined) node.className = init.class;
  if (init.text !== undefined) node.textContent = init.text;
  if (init.title !== undefined) node.title = init.title;
  if (init.hidden === true) node.hidden = true;
  for (const [name, value] of Object.entries(init.attributes ?? {})) {
    if (value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Sets the text only where it differs: writing equal text still costs a layout. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets or removes an attribute, only where it differs. */
export function setAttribute(node: HTMLElement, name: string, value: string | null): void {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}
