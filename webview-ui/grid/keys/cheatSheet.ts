/** The keys of the page, from the table that the keybindings are made from. Opened by `?`, closed by Escape. */
import type { DisposableStore } from '../../disposables';
import { element } from '../../dom';
import { gridKeyRows, keyName, type GridKeyRow, type GridMode } from '../../../src/protocol/gridKeys';
import { createTool } from '../../viewer/imageTools';
import { valuesByKey, type Formatter } from '../format';
import { multiLabelOf } from '../state/queries';
import type { GridState } from '../state/model';

const modes: readonly GridMode[] = ['grid', 'read'];

/** @param closed the keys go back to the tiles */
export function createCheatSheet(formatter: Formatter, closed: () => void, disposables: DisposableStore) {
  const { strings } = formatter;
  const onMac = navigator.userAgent.includes('Mac');
  const labels = element('p', { class: 'label-keys' });
  const body = element('div', { class: 'key-groups', attributes: { tabindex: '0' } });
  const root = element(
    'dialog',
    { class: 'cheat-sheet', attributes: { 'aria-label': strings.keys.title } },
    element(
      'header',
      {},
      element('h2', { text: strings.keys.title }),
      createTool('✕', () => root.close(), strings.keys.close).root,
    ),
    labels,
    body,
    element('p', { class: 'muted', text: strings.keys.note }),
  );
  disposables.listen(root, 'close' as 'blur', closed);
  disposables.listen(root, 'keydown', keepKeys);
  disposables.listen(root, 'mousedown', (event) => {
    // The ground beside it.
    if (event.target === root) root.close();
  });

  const textOf = (row: GridKeyRow, mode: GridMode): string => strings.keys.does[row.name]?.[mode] ?? '';
  const tableOf = (group: GridKeyRow['group']): HTMLElement => {
    const rows = gridKeyRows.filter((row) => row.group === group);
    return element(
      'table',
      {},
      element('caption', { text: strings.keys.groups[group] }),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { text: strings.keys.key, attributes: { scope: 'col' } }),
          ...modes.map((mode) =>
            element('th', { text: strings.keys.modes[mode], attributes: { scope: 'col' } }),
          ),
        ),
      ),
      element('tbody', {}, ...rows.map((row) => rowOf(row))),
    );
  };
  const rowOf = (row: GridKeyRow): HTMLElement => {
    const keys = row.name === 'label' ? ['1–9'] : row.keys.map((key) => keyName(key, onMac));
    const names = element('th', { attributes: { scope: 'row' } });
    keys.forEach((key) => names.append(element('kbd', { text: key }), ' '));
    const [grid, read] = modes.map((mode) => textOf(row, mode));
    const cells =
      grid === read
        ? [element('td', { text: grid ?? '', attributes: { colspan: '2' } })]
        : [grid, read].map((text) => element('td', { text: text === '' ? '–' : (text ?? '') }));
    return element('tr', {}, names, ...cells);
  };

  const open = (state: GridState): void => {
    if (root.open) return;
    const multiLabel = multiLabelOf(state);
    const values = valuesByKey(state.project, state.query.finding).slice(0, 9);
    labels.replaceChildren(
      ...values.flatMap((value, i) => [
        element(
          'span',
          { class: 'label-button' },
          element('kbd', { text: String(i + 1) }),
          ` ${formatter.value(value, multiLabel)}`,
        ),
        ' ',
      ]),
    );
    if (body.childElementCount === 0) {
      const groups = [...new Set(gridKeyRows.map(({ group }) => group))];
      body.replaceChildren(...groups.map(tableOf));
    }
    root.showModal();
    body.focus();
  };
  return { root, open };
}

/** What is pressed here answers nothing: the editor may not have heard yet that the tiles have lost the keys. */
function keepKeys(event: KeyboardEvent): void {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
}
