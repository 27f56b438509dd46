/**
 * The table of the confusion matrix: one tab stop, arrows inside. It is built once for its labels; after an answer only the
 * counts that changed are written, since forty classes make 1,600 cells.
 */
import { element, setAttribute, setText } from '../../dom';
import { fill } from '../../texts';
import type { ConfusionCounts } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import { noValue } from '../state/confusion';
import type { GridState } from '../state/model';
import { multiLabelOf } from '../state/queries';
import { middleText } from '../tiles/middleText';
import { mostDiffering } from './topConfusions';

export type OnCell = (given: string, predicted: string) => void;

/** So many columns have their names above them as they are; of more the names are turned, of even more numbered. */
const mostPlain = 4;
const mostTurned = 14;

interface Cell {
  readonly button: HTMLButtonElement;
  readonly given: string;
  readonly predicted: string;
}

export class MatrixTable {
  readonly root = element('table', {});
  private readonly caption = element('span', {});
  private cells: readonly (readonly Cell[])[] = [];
  private totals: readonly HTMLElement[] = [];
  private built = '';
  private at = { row: 0, column: 0 };

  constructor(
    private readonly formatter: Formatter,
    private readonly onCell: OnCell,
  ) {
    this.root.addEventListener('keydown', (event) => this.onKey(event));
    this.root.addEventListener('focusin', (event) => this.onFocus(event.target));
    this.root.addEventListener('click', (event) => this.onClick(event.target));
  }

  /** Shows these counts. */
  update(state: GridState, confusion: ConfusionCounts): void {
    const { strings } = this.formatter;
    const multiLabel = multiLabelOf(state);
    const signature = JSON.stringify([confusion.labels, confusion.predicted, multiLabel]);
    if (signature !== this.built) {
      this.built = signature;
      this.build(confusion, multiLabel);
    }
    setText(this.caption, state.matrixStale ? strings.matrixStale : strings.matrixCaption);
    const most = mostDiffering(confusion);
    this.cells.forEach((row, i) => {
      row.forEach((cell, j) => this.write(cell, confusion.counts[i]?.[j] ?? 0, most, state, multiLabel));
      const sum = (confusion.counts[i] ?? []).reduce((total, n) => total + n, 0);
      const total = this.totals[i];
      if (total) setText(total, this.formatter.count(sum));
    });
  }

  private build({ labels, predicted }: ConfusionCounts, multiLabel: boolean): void {
    const name = (value: string): string =>
      this.formatter.value(value === noValue ? null : value, multiLabel);
    const numbered = predicted.length > mostTurned;
    this.root.className = numbered ? 'numbered' : predicted.length > mostPlain ? 'turned' : '';
    this.cells = labels.map((given) =>
      predicted.map((said) => ({
        given,
        predicted: said,
        button: element('button', { attributes: { type: 'button', tabindex: '-1' } }),
      })),
    );
    this.cells.forEach((row, i) => row.forEach(({ button }, j) => (button.dataset['cell'] = `${i}-${j}`)));
    this.totals = labels.map(() => element('td', { class: 'total' }));
    const rows = labels.map((label, i) => {
      const number = numbered ? predicted.indexOf(label) + 1 : 0;
      return element(
        'tr',
        {},
        element(
          'th',
          { title: name(label), attributes: { scope: 'row' } },
          number > 0 ? `${number} ` : '',
          middleText('word', name(label)),
        ),
        ...(this.cells[i] ?? []).map(({ button }) => element('td', {}, button)),
        this.totals[i] ?? '',
      );
    });
    this.root.replaceChildren(
      element('caption', {}, this.caption),
      element('thead', {}, this.headRow(predicted.map(name), numbered)),
      element('tbody', {}, ...rows),
    );
    this.point(Math.min(this.at.row, labels.length - 1), Math.min(this.at.column, predicted.length - 1));
  }

  private headRow(columns: readonly string[], numbered: boolean): HTMLElement {
    const { strings } = this.formatter;
    return element(
      'tr',
      {},
      element('th', { class: 'corner', text: `${strings.given} ↓  ${strings.predicted} →` }),
      ...columns.map((text, i) =>
        element(
          'th',
          { title: text, attributes: { scope: 'col', ...(numbered ? { 'aria-label': text } : {}) } },
          numbered ? element('span', { text: String(i + 1) }) : middleText('word', text),
        ),
      ),
      element('th', { class: 'total', text: strings.matrixTotal, attributes: { scope: 'col' } }),
    );
  }

  /** Where label and model differ a cell is the darker the more images differ so. */
  private write(cell: Cell, n: number, most: number, state: GridState, multiLabel: boolean): void {
    const { button, given, predicted } = cell;
    const { query } = state;
    const pressed = String(isOnly(query.given, given) && isOnly(query.predicted, predicted));
    setAttribute(button, 'aria-pressed', pressed);
    const text = this.formatter.count(n);
    const agrees = given === predicted;
    const share = agrees || n === 0 ? '' : (0.15 + 0.6 * (n / most)).toFixed(2);
    if (
      button.textContent === text &&
      button.style.getPropertyValue('--share') === share &&
      button.title !== ''
    )
      return;
    setText(button, text);
    button.className = agrees ? 'agree' : n === 0 ? 'none' : 'differ';
    button.style.setProperty('--share', share);
    const name = (value: string): string =>
      this.formatter.value(value === noValue ? null : value, multiLabel);
    const said = fill(this.formatter.strings.matrixCell, {
      count: this.formatter.units(n, multiLabel),
      given: name(given),
      predicted: name(predicted),
    });
    button.title = said;
    setAttribute(button, 'aria-label', said);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, column } = this.at;
    const last = (this.cells[0]?.length ?? 1) - 1;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [row, 0],
      End: [row, last],
    };
    const to = moves[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    const within = (at: number, count: number): number => Math.min(Math.max(at, 0), count);
    this.point(within(to[0], this.cells.length - 1), within(to[1], last));
    this.cells[this.at.row]?.[this.at.column]?.button.focus();
  }

  private onFocus(target: EventTarget | null): void {
    const place = this.placeOf(target);
    if (place) this.point(place.row, place.column);
  }

  private onClick(target: EventTarget | null): void {
    const place = this.placeOf(target);
    const cell = place && this.cells[place.row]?.[place.column];
    if (!cell) return;
    this.point(place.row, place.column);
    this.onCell(cell.given, cell.predicted);
  }

  private placeOf(target: EventTarget | null): { row: number; column: number } | undefined {
    const name = target instanceof HTMLElement ? target.dataset['cell'] : undefined;
    const [row, column] = (name ?? '').split('-').map(Number);
    return name === undefined || row === undefined || column === undefined ? undefined : { row, column };
  }

  /** The cell that Tab goes to. */
  private point(row: number, column: number): void {
    this.cells[this.at.row]?.[this.at.column]?.button.setAttribute('tabindex', '-1');
    this.at = { row: Math.max(0, row), column: Math.max(0, column) };
    this.cells[this.at.row]?.[this.at.column]?.button.setAttribute('tabindex', '0');
  }
}

function isOnly(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted?.length === 1 && wanted[0] === value;
}
