/** Tables of figures in a page. */
import { element } from './dom';

/** A table that scrolls sideways on its own, by keyboard too, so that the page does not. Its first column names the rows. */
export function scrolledTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  captionShown = false,
): HTMLElement {
  const table = element(
    'table',
    {},
    element('caption', { ...(captionShown ? {} : { class: 'unseen' }), text: caption }),
    element(
      'thead',
      {},
      element('tr', {}, ...head.map((text) => element('th', { text, attributes: { scope: 'col' } }))),
    ),
    element(
      'tbody',
      {},
      ...rows.map((cells) =>
        element(
          'tr',
          {},
          ...cells.map((text, n) =>
            n === 0 ? element('th', { text, attributes: { scope: 'row' } }) : element('td', { text }),
          ),
        ),
      ),
    ),
  );
  return element(
    'div',
    { class: 'table', attributes: { role: 'region', 'aria-label': caption, tabindex: '0' } },
    table,
  );
}
