/**
 * The findings in doubt on the tile of an image: a line each, the worst first, the one that the keys are for in an
 * outline. What has no line is counted; the lines follow the focus, so that what an answer hits is always seen.
 */
import { element, setAttribute, setText } from '../../dom';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import { setMiddleText } from '../tiles/middleText';
import { figuresTitle, signOf, type ShownFinding } from './words';

/** Lines of a tile: as many as its label and prediction take where it stands for one finding. */
const lines = 3;

export interface ChipsView {
  readonly chips: readonly ShownFinding[];
  /** The finding that the keys are for; undefined where the tile is not the focused one, or has none. */
  readonly acting: string | undefined;
  /** Nothing may be said of any finding. */
  readonly hidden: boolean;
}

interface Line {
  readonly root: HTMLElement;
  readonly sign: HTMLElement;
  readonly name: HTMLElement;
  readonly figures: HTMLElement;
}

export class TileChips {
  readonly root = element('div', { class: 'finding-chips', hidden: true });
  private readonly lines: readonly Line[];
  private readonly rest = element('div', { class: 'line rest muted' });

  constructor(private readonly formatter: Formatter) {
    this.lines = Array.from({ length: lines }, () => newLine());
    this.root.append(...this.lines.map(({ root }) => root), this.rest);
  }

  /** @param view undefined on the tile of an item */
  bind(view: ChipsView | undefined): void {
    this.root.hidden = view === undefined;
    if (!view) return;
    const { chips, acting } = view;
    const [first, count] = chipsShown(
      chips.map(({ item }) => item.finding),
      acting,
    );
    this.lines.forEach((line, n) => {
      const chip = n < count ? chips[first + n] : undefined;
      line.root.hidden = chip === undefined;
      if (chip) this.bindLine(line, chip, acting);
    });
    const more = chips.length - count;
    const { findings } = this.formatter.strings;
    const none = view.hidden ? findings.hidden : findings.none;
    this.rest.hidden = chips.length > 0 && more === 0;
    setText(
      this.rest,
      chips.length === 0 ? none : more > 0 ? fill(findings.more, { n: this.formatter.count(more) }) : '',
    );
  }

  private bindLine(
    { root, sign, name, figures }: Line,
    chip: ShownFinding,
    acting: string | undefined,
  ): void {
    const { item, shown, state } = chip;
    setAttribute(root, 'data-finding', item.finding);
    setAttribute(root, 'data-state', state);
    root.classList.toggle('acting', item.finding === acting);
    root.classList.toggle('wrong', shown.agrees === false);
    root.title = `${chip.sentence}. ${figuresTitle(item, this.formatter)}`;
    setText(sign, signOf(shown));
    setMiddleText(name, item.finding);
    setText(figures, chip.figures);
  }
}

/**
 * Which chips have a line: the first of them, and how many. All where they fit, else one line is for the rest.
 * @param acting is among those shown
 */
export function chipsShown(
  findings: readonly string[],
  acting: string | undefined,
): readonly [first: number, count: number] {
  if (findings.length <= lines) return [0, findings.length];
  const count = lines - 1;
  const at = acting === undefined ? 0 : Math.max(0, findings.indexOf(acting));
  return [Math.min(Math.max(0, at - count + 1), findings.length - count), count];
}

/** The finding of the chip that an event happened on. */
export function chipAt(target: EventTarget | null): string | undefined {
  const chip = target instanceof Element ? target.closest<HTMLElement>('.finding-chip') : null;
  return chip?.dataset['finding'];
}

function newLine(): Line {
  const sign = element('span', { class: 'label-sign', attributes: { 'aria-hidden': 'true' } });
  const name = element('span', { class: 'name' });
  const figures = element('span', { class: 'percent figures' });
  return { root: element('div', { class: 'line finding-chip' }, sign, name, figures), sign, name, figures };
}
