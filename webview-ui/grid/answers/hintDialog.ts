/**
 * Letters on choices: while it is open the next keys spell a letter, or two, and take its choice; whatever they are called
 * otherwise, none of them does anything else. Shift with all of them takes what is written beside the choice.
 */
import type { DisposableStore } from '../../disposables';
import { element, setText } from '../../dom';
import { middleText } from '../tiles/middleText';

export interface HintChoice {
  readonly text: string;
  /** What is typed. */
  readonly hint: string;
  /** A sign before the text, which `spoken` says in words. */
  readonly sign?: string;
  readonly spoken?: string;
  /** What Shift and the letters do, in a word; absent: nothing. */
  readonly withShift?: string;
  /** A line above this choice and those after it. */
  readonly heading?: string;
}

export interface HintsOptions {
  readonly title: string;
  /** The choice at this place was taken. */
  choose(index: number): void;
  /** What Shift and the letters of a choice do, or in a text why they do nothing. Absent: Shift makes no difference. */
  readonly withShift?: (index: number) => string | (() => void);
  closed(): void;
}

export interface HintsView {
  readonly help: string;
  readonly choices: readonly HintChoice[];
}

/** What the browser does with them in a dialog is what they are for. */
const scrolling = new Set(['Escape', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End']);

/** The gap between what the choices are for and the letters, CSS px. */
const gap = 6;

export class Hints {
  readonly root: HTMLDialogElement;
  private readonly help = element('p', { class: 'muted' });
  private readonly list = element('div', { class: 'hint-choices' });
  private readonly refusal = element('p', { class: 'hint-refusal', attributes: { role: 'status' } });
  private choices: readonly HintChoice[] = [];
  private typed = '';
  /** All that was typed had Shift. */
  private shifted = true;
  /** The key that made the choice, as long as it may be held. */
  private held: string | undefined;

  constructor(
    private readonly options: HintsOptions,
    disposables: DisposableStore,
  ) {
    this.root = element(
      'dialog',
      { class: 'label-hints', attributes: { 'aria-label': options.title, tabindex: '-1' } },
      this.help,
      this.list,
      this.refusal,
    );
    disposables.listen(this.root, 'close' as 'blur', () => options.closed());
    disposables.listen(this.root, 'keydown', (event) => this.onKey(event));
    disposables.listen(this.root, 'mousedown', (event) => {
      if (event.target === this.root) this.root.close();
    });
    const capture = { capture: true };
    disposables.listen(window, 'keydown', (event) => this.dropRepeats(event), capture);
    disposables.listen(
      window,
      'keyup',
      ({ code }) => {
        if (code === this.held) this.held = undefined;
      },
      capture,
    );
  }

  get isOpen(): boolean {
    return this.root.open;
  }

  /** @param beside what the choices are for, which stays in view where there is room */
  open(view: HintsView, beside?: DOMRect): void {
    if (this.isOpen) return;
    this.forget();
    setText(this.refusal, '');
    this.update(view);
    // Closing gives the keys back to what had them, and that may be another tile by then: `closed` gives them.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.root.showModal();
    // The keys are for the whole of it, whatever is drawn anew.
    this.root.focus();
    this.place(beside);
  }

  /** Draws the choices as they are now; what was typed stays. */
  update({ help, choices }: HintsView): void {
    setText(this.help, help);
    this.choices = choices;
    this.list.replaceChildren(...choices.flatMap((choice, index) => this.nodesOf(choice, index)));
    this.markOut();
  }

  close(): void {
    this.root.close();
  }

  private nodesOf(choice: HintChoice, index: number): readonly HTMLElement[] {
    const { text, hint, sign, spoken, withShift, heading } = choice;
    const letters = hint.toUpperCase();
    const said = `${letters} ${spoken ?? text}`;
    const button = element(
      'button',
      {
        class: 'label-button',
        title: text,
        attributes: {
          type: 'button',
          'data-hint': hint,
          'aria-label': withShift === undefined ? said : `${said}. Shift+${letters}: ${withShift}`,
        },
      },
      element('kbd', { text: letters }),
      ...(sign === undefined ? [] : [element('span', { class: 'label-sign', text: sign })]),
      middleText('word', text),
      ...(withShift === undefined ? [] : [element('span', { class: 'with-shift', text: `⇧ ${withShift}` })]),
    );
    button.addEventListener('click', () => this.take(index));
    return heading === undefined ? [button] : [element('p', { class: 'muted', text: heading }), button];
  }

  private onKey(event: KeyboardEvent): void {
    // Nothing of what is spelt reaches the editor; Escape closes a dialog by itself.
    event.stopPropagation();
    if (scrolling.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.repeat) return;
    this.spell(event.key.toLowerCase(), event.shiftKey);
    if (!this.isOpen) this.held = event.code;
  }

  private spell(key: string, shift: boolean): void {
    if (key === 'backspace') this.forget();
    else if (this.choices.some(({ hint }) => hint.startsWith(this.typed + key))) {
      this.typed += key;
      this.shifted &&= shift;
    } else return;
    setText(this.refusal, '');
    const chosen = this.choices.findIndex(({ hint }) => hint === this.typed);
    if (chosen >= 0) this.take(chosen, this.shifted);
    this.markOut();
  }

  private take(index: number, shifted = false): void {
    this.forget();
    const { options } = this;
    // What it would give is read before it is given.
    if (shifted && options.withShift && !this.reveal(index)) return;
    const work = shifted && options.withShift ? options.withShift(index) : (): void => options.choose(index);
    if (typeof work === 'string') {
      setText(this.refusal, work);
      return;
    }
    this.root.close();
    work();
  }

  /** Scrolls to a choice. False where it was out of view. */
  private reveal(index: number): boolean {
    const choice = this.list.querySelectorAll('[data-hint]')[index];
    if (!choice) return false;
    const [inner, outer] = [choice.getBoundingClientRect(), this.root.getBoundingClientRect()];
    const isSeen = inner.top >= outer.top && inner.bottom <= outer.bottom;
    choice.scrollIntoView({ block: 'nearest' });
    return isSeen;
  }

  private forget(): void {
    this.typed = '';
    this.shifted = true;
  }

  private markOut(): void {
    for (const choice of this.list.querySelectorAll('[data-hint]'))
      choice.classList.toggle('out', !(choice.getAttribute('data-hint') ?? '').startsWith(this.typed));
  }

  /** The key that made a choice has done its work: held on, it is no answer of its own to what has the keys now. */
  private dropRepeats(event: KeyboardEvent): void {
    if (this.held === undefined) return;
    if (event.repeat && event.code === this.held) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (!event.repeat) this.held = undefined;
  }

  /** Below what the choices are for, else above; where neither has room, or nothing is given, at the foot of the page. */
  private place(beside: DOMRect | undefined): void {
    const { root } = this;
    const height = root.offsetHeight;
    const foot = Math.max(gap, innerHeight - height - gap);
    const below = beside ? beside.bottom + gap : foot;
    const above = beside ? beside.top - gap - height : foot;
    root.style.top = `${below <= foot ? below : above >= gap ? above : foot}px`;
  }
}
