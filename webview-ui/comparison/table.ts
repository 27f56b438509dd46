/** The figures of a comparison as a table that screen readers can walk through. */
import type { ComparisonTable } from '../../src/charts/comparisonTable';
import { element } from '../dom';
import type { ComparisonTexts } from './strings';

/** Scrolls sideways on its own, by keyboard too, so that the page does not. */
export function createTable({ columns, rows }: ComparisonTable, texts: ComparisonTexts): HTMLElement {
  const head = element(
    'tr',
    {},
    ...columns.map(({ title, about }) =>
      element('th', { text: title, title: about, attributes: { scope: 'col' } }),
    ),
  );
  const body = rows.map(({ cells, best }) =>
    element(
      'tr',
      best ? { class: 'best' } : {},
      ...cells.map((text, i) =>
        i === 0 ? element('th', { text, attributes: { scope: 'row' } }) : element('td', { text }),
      ),
    ),
  );
  const table = element(
    'table',
    {},
    element('caption', { class: 'unseen', text: texts.table }),
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
  return element(
    'div',
    { class: 'table', attributes: { role: 'region', 'aria-label': texts.table, tabindex: '0' } },
    table,
  );
}

/** What each column says, for those who do not hover. */
export function createColumnHelp({ columns }: ComparisonTable, texts: ComparisonTexts): HTMLElement {
  const list = element(
    'dl',
    {},
    ...columns.flatMap(({ title, about }) => [
      element('dt', { text: title }),
      element('dd', { text: `${about}.` }),
    ]),
  );
  return element('details', {}, element('summary', { text: texts.columns }), list);
}
