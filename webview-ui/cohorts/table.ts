/** Tables that screen readers can walk through, and that scroll sideways on their own. */
import { element } from '../dom';

export type Cell = string | HTMLElement;

export interface TableInit {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly { readonly cells: readonly Cell[]; readonly class?: string }[];
}

export function createTable({ caption, columns, rows }: TableInit): HTMLElement {
  const head = columns.map((text) => element('th', { text, attributes: { scope: 'col' } }));
  const body = rows.map(({ cells, class: name }) =>
    element(
      'tr',
      name === undefined ? {} : { class: name },
      ...cells.map((cell, i) => cellOf(cell, i === 0)),
    ),
  );
  const table = element(
    'table',
    {},
    element('caption', { class: 'unseen', text: caption }),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
  return element(
    'div',
    { class: 'table', attributes: { role: 'region', 'aria-label': caption, tabindex: '0' } },
    table,
  );
}

function cellOf(cell: Cell, isFirst: boolean): HTMLElement {
  const node = isFirst ? element('th', { attributes: { scope: 'row' } }) : element('td');
  node.append(cell);
  return node;
}
