/** What stands in the table of the confusion matrix: its caption, its head, and a row for each label. */
import { element } from '../../dom';
import { fill } from '../../texts';
import type { ConfusionCounts } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import { noValue } from '../state/confusion';
import type { GridState } from '../state/model';
import { multiLabelOf } from '../state/queries';

export type OnCell = (given: string, predicted: string) => void;

/** The children of the table. */
export function matrixRows(
  formatter: Formatter,
  state: GridState,
  confusion: ConfusionCounts,
  onCell: OnCell,
): readonly HTMLElement[] {
  const { strings } = formatter;
  const multiLabel = multiLabelOf(state);
  const name = (value: string): string => formatter.value(value === noValue ? null : value, multiLabel);
  const cell = cellMaker(formatter, state, confusion, name);
  const body = confusion.labels.map((label, i) => {
    const counts = confusion.counts[i] ?? [];
    const cells = confusion.predicted.map((predicted, j) => {
      const button = cell(label, predicted, counts[j] ?? 0);
      button.dataset['cell'] = `${i}-${j}`;
      button.addEventListener('click', () => onCell(label, predicted));
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
    element('thead', {}, headRow(formatter, confusion.predicted.map(name))),
    element('tbody', {}, ...body),
  ];
}

/** @param columns what the model may say, as it is shown */
function headRow({ strings }: Formatter, columns: readonly string[]): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { class: 'corner', text: `${strings.given} ↓  ${strings.predicted} →` }),
    ...columns.map((text) => element('th', { text, title: text, attributes: { scope: 'col' } })),
    element('th', { class: 'total', text: strings.matrixTotal, attributes: { scope: 'col' } }),
  );
}

/** Makes the button of a cell. Where label and model differ it is the darker the more images differ so. */
function cellMaker(
  formatter: Formatter,
  state: GridState,
  { labels, predicted: columns, counts }: ConfusionCounts,
  name: (value: string) => string,
): (label: string, predicted: string, n: number) => HTMLButtonElement {
  const { query } = state;
  const only = (wanted: readonly string[] | undefined, value: string): boolean =>
    wanted?.length === 1 && wanted[0] === value;
  const differing = counts.flatMap((row, i) => row.filter((_, j) => labels[i] !== columns[j]));
  const most = Math.max(1, ...differing);
  return (label, predicted, n) => {
    const agrees = label === predicted;
    const said = fill(formatter.strings.matrixCell, {
      count: formatter.units(n, multiLabelOf(state)),
      given: name(label),
      predicted: name(predicted),
    });
    const button = element('button', {
      class: agrees ? 'agree' : n === 0 ? 'none' : 'differ',
      text: formatter.count(n),
      title: said,
      attributes: {
        type: 'button',
        'aria-label': said,
        'aria-pressed': String(only(query.given, label) && only(query.predicted, predicted)),
      },
    });
    if (!agrees && n > 0) button.style.setProperty('--share', (0.15 + 0.6 * (n / most)).toFixed(2));
    return button;
  };
}
