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
        i === 0 ? element('th', { text, attributes: { scope: 'row' } }) : figure(text),
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

/** A figure and its interval, which may stand on two lines. */
function figure(text: string): HTMLElement {
  const at = text.indexOf(' (');
  if (at < 0) return element('td', { text });
  const parts = [text.slice(0, at), text.slice(at + 1)].map((part) => element('span', { text: part }));
  const [value, interval] = parts;
  return element('td', { class: 'estimate' }, ...(value && interval ? [value, ' ', interval] : []));
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
