/** What may be meant, below a text field: chosen with the arrows and Enter or Tab, or by a click. */
import { element, setAttribute } from '../../dom';
import type { Completion } from '../filter/completions';

/** @param take a suggestion was chosen */
export function createSuggestions(
  input: HTMLInputElement,
  label: string,
  kinds: Readonly<Record<Completion['kind'], string>>,
  take: (completion: Completion) => void,
) {
  const id = 'filter-suggestions';
  const root = element('div', {
    class: 'suggestions',
    hidden: true,
    attributes: { id, role: 'listbox', 'aria-label': label },
  });
  let shown: readonly Completion[] = [];
  let active = -1;
  setAttribute(input, 'aria-autocomplete', 'list');
  setAttribute(input, 'aria-controls', id);

  const point = (index: number): void => {
    active = index;
    [...root.children].forEach((child, i) =>
      setAttribute(child as HTMLElement, 'aria-selected', String(i === index)),
    );
    root.children[index]?.scrollIntoView({ block: 'nearest' });
    setAttribute(input, 'aria-activedescendant', index < 0 ? null : `${id}-${index}`);
  };
  const close = (): void => {
    root.hidden = true;
    shown = [];
    point(-1);
  };
  const show = (completions: readonly Completion[]): void => {
    shown = completions;
    root.replaceChildren(
      ...completions.map(({ label: text, kind }, index) =>
        element(
          'div',
          { class: 'suggestion', attributes: { id: `${id}-${index}`, role: 'option' } },
          element('span', { class: 'name', text }),
          element('span', { class: 'muted', text: kinds[kind] }),
        ),
      ),
    );
    root.hidden = completions.length === 0;
    point(-1);
  };
  // The field keeps the keys.
  root.addEventListener('mousedown', (event) => event.preventDefault());
  root.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('.suggestion') : null;
    const chosen = option && shown[[...root.children].indexOf(option)];
    if (chosen) take(chosen);
  });
  return {
    root,
    show,
    close,
    /** True when the key was for the suggestions. */
    onKey: (event: KeyboardEvent): boolean => {
      if (root.hidden) return false;
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) {
        point(Math.min(Math.max(active + step, -1), shown.length - 1));
        return true;
      }
      const chosen = shown[active];
      if ((event.key !== 'Enter' && event.key !== 'Tab') || !chosen) return false;
      take(chosen);
      return true;
    },
  };
}
