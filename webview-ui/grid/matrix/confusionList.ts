/** The most frequent confusions as a list of one tab stop, above a matrix of many classes. */
import { element, setAttribute } from '../../dom';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import { noValue } from '../state/confusion';
import { multiLabelOf } from '../state/queries';
import type { GridState } from '../state/model';
import type { OnCell } from './matrixTable';
import type { Confusion } from './topConfusions';
import { middleText } from '../tiles/middleText';

export class ConfusionList {
  readonly root = element('ol', { class: 'confusions' });
  private shown = '';
  private confusions: readonly Confusion[] = [];
  private at = 0;

  constructor(
    private readonly formatter: Formatter,
    private readonly onCell: OnCell,
  ) {
    setAttribute(this.root, 'aria-label', formatter.strings.topConfusions);
    this.root.addEventListener('keydown', (event) => this.onKey(event));
    this.root.addEventListener('click', (event) => {
      const at = this.indexOf(event.target);
      const chosen = this.confusions[at];
      if (!chosen) return;
      this.point(at);
      this.onCell(chosen.given, chosen.predicted);
    });
  }

  /** @param confusions none: there is no list */
  update(state: GridState, confusions: readonly Confusion[]): void {
    const { query } = state;
    const multiLabel = multiLabelOf(state);
    const signature = JSON.stringify([confusions, query.given, query.predicted, multiLabel]);
    if (signature === this.shown) return;
    this.shown = signature;
    this.confusions = confusions;
    const hadFocus = this.root.contains(document.activeElement);
    const name = (value: string): string =>
      this.formatter.value(value === noValue ? null : value, multiLabel);
    this.root.hidden = confusions.length === 0;
    this.root.replaceChildren(
      ...confusions.map(({ given, predicted, count }) => {
        const said = fill(this.formatter.strings.matrixCell, {
          count: this.formatter.units(count, multiLabel),
          given: name(given),
          predicted: name(predicted),
        });
        const isOn = query.given?.[0] === given && query.predicted?.[0] === predicted;
        return element(
          'li',
          {},
          element(
            'button',
            {
              title: said,
              attributes: {
                type: 'button',
                tabindex: '-1',
                'aria-label': said,
                'aria-pressed': String(isOn),
              },
            },
            element(
              'span',
              { class: 'names' },
              middleText('name', name(given)),
              element('span', { class: 'to', text: ' → ' }),
              middleText('name', name(predicted)),
            ),
            element('span', { class: 'count', text: this.formatter.count(count) }),
          ),
        );
      }),
    );
    this.point(Math.min(this.at, confusions.length - 1), hadFocus);
  }

  private onKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.point(Math.min(Math.max(this.at + step, 0), this.confusions.length - 1), true);
  }

  private point(at: number, focus = false): void {
    this.at = Math.max(0, at);
    [...this.root.querySelectorAll('button')].forEach((button, i) => {
      setAttribute(button, 'tabindex', i === this.at ? '0' : '-1');
      if (focus && i === this.at) button.focus();
    });
  }

  private indexOf(target: EventTarget | null): number {
    const item = target instanceof Element ? target.closest('li') : null;
    return item === null ? -1 : [...this.root.children].indexOf(item);
  }
}
