/** The confusion matrix: a table whose cells are buttons that show their images. */
import { element, setText } from '../../dom';
import type { ConfusionCounts } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import { noValue } from '../state/confusion';
import type { GridState } from '../state/model';

/** @param onCell a cell, a whole row (`predicted` null) or a whole column (`given` null) was chosen */
export function createMatrix(
  formatter: Formatter,
  onCell: (given: string | null, predicted: string | null) => void,
) {
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
    const { list, settings, query, project } = state;
    root.hidden = !state.matrixOpen || list === null;
    if (root.hidden || list === null) return;
    const key = [
      list.confusion,
      state.matrixStale,
      settings.blind,
      query.given,
      query.predicted,
      project?.latestRun,
    ];
    if (key.every((value, i) => value === shown[i])) return;
    shown = key;
    const text = settings.blind
      ? strings.matrixBlind
      : project?.latestRun === null || list.confusion.predicted.length === 0
        ? strings.matrixEmpty
        : '';
    note.hidden = text === '';
    table.hidden = text !== '';
    setText(note, text);
    if (text !== '') return;
    const focused = focusedCell(table);
    table.replaceChildren(...rows(state, list.confusion));
    if (focused !== undefined) table.querySelector<HTMLElement>(`[data-cell="${focused}"]`)?.focus();
  };

  const rows = (state: GridState, confusion: ConfusionCounts): readonly HTMLElement[] => {
    const multiLabel = state.project?.task === 'multi-label';
    const name = (value: string): string => formatter.value(value === noValue ? null : value, multiLabel);
    const { given, predicted } = state.query;
    const only = (wanted: readonly string[] | undefined, value: string): boolean =>
      wanted?.length === 1 && wanted[0] === value;
    const most = Math.max(
      1,
      ...confusion.counts.flatMap((row, i) =>
        row.filter((_, j) => confusion.labels[i] !== confusion.predicted[j]),
      ),
    );
    const head = element(
      'tr',
      {},
      element('th', { class: 'corner', text: `${strings.given} ↓  ${strings.predicted} →` }),
      ...confusion.predicted.map((value) =>
        element('th', { text: name(value), title: name(value), attributes: { scope: 'col' } }),
      ),
      element('th', { class: 'total', text: strings.matrixTotal, attributes: { scope: 'col' } }),
    );
    const body = confusion.labels.map((label, i) => {
      const counts = confusion.counts[i] ?? [];
      const cells = confusion.predicted.map((other, j) => {
        const n = counts[j] ?? 0;
        const button = element('button', {
          class: label === other ? 'agree' : n === 0 ? 'none' : 'differ',
          text: formatter.count(n),
          title: formatter.plural(strings.matrixCell, n, { given: name(label), predicted: name(other) }),
          attributes: {
            type: 'button',
            'data-cell': `${i}-${j}`,
            'aria-label': formatter.plural(strings.matrixCell, n, {
              given: name(label),
              predicted: name(other),
            }),
            'aria-pressed': String(only(given, label) && only(predicted, other)),
          },
        });
        if (label !== other && n > 0)
          button.style.setProperty('--share', (0.15 + 0.6 * (n / most)).toFixed(2));
        button.addEventListener('click', () => onCell(label, other));
        return element('td', {}, button);
      });
      const sum = counts.reduce((total, n) => total + n, 0);
      return element(
        'tr',
        {},
        element('th', { text: name(label), title: name(label), attributes: { scope: 'row' } }),
        ...cells,
        element('td', { class: 'total', text: formatter.count(sum) }),
      );
    });
    return [
      element('caption', { text: state.matrixStale ? strings.matrixStale : strings.matrixCaption }),
      element('thead', {}, head),
      element('tbody', {}, ...body),
    ];
  };
  return { root, update };
}

/** The cell with the keyboard focus, so that it has it again after the table was rebuilt. */
function focusedCell(table: HTMLElement): string | undefined {
  const active = document.activeElement;
  return active instanceof HTMLElement && table.contains(active) ? active.dataset['cell'] : undefined;
}
