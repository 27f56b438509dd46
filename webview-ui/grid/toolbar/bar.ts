/**
 * The one bar of the page: the queue with its progress, filters, order and what acts on the list. What does not fit the
 * width of the editor moves into the overflow at its end; nothing wraps, so the images keep their height.
 */
import { createButton } from '../../controls';
import type { DisposableStore } from '../../disposables';
import { element, setAttribute } from '../../dom';

/** What an element that comes and goes may take of the bar at most, CSS px; it shrinks to that. */
const mostTaken = 240;

/** A group of controls, and the width of the page from which on it stands in the bar, CSS px. */
export interface BarGroup {
  readonly root: HTMLElement;
  readonly from: number;
}

/**
 * @param groups from left to right
 * @param overflow what stands in the overflow at every width
 * @param passing what is in the bar at times: while it is, the groups have so much less room
 */
export function createBar(
  label: string,
  groups: readonly BarGroup[],
  overflow: readonly HTMLElement[],
  passing: readonly HTMLElement[],
  disposables: DisposableStore,
) {
  const panel = element('div', {
    class: 'more-panel',
    hidden: true,
    attributes: { id: 'more-panel', role: 'group', 'aria-label': label },
  });
  const more = createButton({ label: '⋯', title: label, onClick: () => open(panel.hidden === true) });
  more.root.classList.add('more');
  setAttribute(more.root, 'aria-label', label);
  setAttribute(more.root, 'aria-expanded', 'false');
  const bar = element('div', { class: 'bar' });
  const root = element('div', { class: 'bar-frame' }, bar, panel);

  const open = (isOpen: boolean): void => {
    panel.hidden = !isOpen;
    setAttribute(more.root, 'aria-expanded', String(isOpen));
  };
  let placed = '';
  const arrange = (): void => {
    const width = root.clientWidth;
    if (width === 0) return;
    // Hidden, an element has no width.
    const taken = passing.reduce((sum, { scrollWidth }) => sum + Math.min(scrollWidth, mostTaken), 0);
    const inBar = groups.filter(({ from }) => from === 0 || width - taken >= from);
    const key = inBar.map(({ from }) => from).join();
    if (key === placed) return;
    placed = key;
    bar.replaceChildren(...inBar.map((group) => group.root), more.root);
    panel.replaceChildren(
      ...groups.filter((group) => !inBar.includes(group)).map((group) => group.root),
      ...overflow,
    );
  };
  bar.replaceChildren(...groups.map((group) => group.root), more.root);
  panel.replaceChildren(...overflow);
  for (const one of [root, ...passing]) {
    const observer = new ResizeObserver(arrange);
    observer.observe(one);
    disposables.onDispose(() => observer.disconnect());
  }
  disposables.listen(
    document,
    'pointerdown',
    (event) => {
      const inside =
        event.target instanceof Node && (panel.contains(event.target) || more.root.contains(event.target));
      if (!inside) open(false);
    },
    { capture: true },
  );
  disposables.listen(root, 'keydown', (event) => {
    if (event.key === 'Escape') open(false);
  });
  return { root, close: () => open(false) };
}
