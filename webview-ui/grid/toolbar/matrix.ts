/** The confusion matrix: a table whose cells are buttons that show their images. */
import { element, setText } from '../../dom';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { matrixRows, type OnCell } from './matrixRows';

/** @param onCell a cell was chosen */
export function createMatrix(formatter: Formatter, onCell: OnCell) {
  const { strings } = formatter;
  const note = element('p', { class: 'muted' });
  const table = element('table', {});
  const root = element(
    'section',
    { class: 'matrix', attributes: { 'aria-label': strings.matrix } },
    note,
    table,
  );
  let shown: unknown[] = [];

  const update = (state: GridState): void => {
    const { list, query, project } = state;
    root.hidden = !state.matrixOpen || list === null;
    if (root.hidden || list === null) return;
    const key = [
      list.confusion,
      state.matrixStale,
      project?.blind,
      query.given,
      query.predicted,
      project?.latestRun,
    ];
    if (key.every((value, i) => value === shown[i])) return;
    shown = key;
    const text =
      project?.blind === true
        ? strings.matrixBlind
        : project?.latestRun === null || list.confusion.predicted.length === 0
          ? strings.matrixEmpty
          : '';
    note.hidden = text === '';
    table.hidden = text !== '';
    setText(note, text);
    if (text !== '') return;
    const focused = focusedCell(table);
    table.replaceChildren(...matrixRows(formatter, state, list.confusion, onCell));
    if (focused !== undefined) table.querySelector<HTMLElement>(`[data-cell="${focused}"]`)?.focus();
  };

  return { root, update };
}

/** The cell with the keyboard focus, so that it has it again after the table was rebuilt. */
function focusedCell(table: HTMLElement): string | undefined {
  const active = document.activeElement;
  return active instanceof HTMLElement && table.contains(active) ? active.dataset['cell'] : undefined;
}
