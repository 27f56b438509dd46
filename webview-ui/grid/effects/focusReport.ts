/**
 * Tells the host what has the focus, so that the `when` clauses of its keybindings are right. Two more lines
 * of defence keep text from becoming labels while a report is on its way: plain characters typed into a
 * control never leave the page, and a key's command that arrives before the host has confirmed is dropped.
 */
import { textControls } from '../../controls';
import type { DisposableStore } from '../../disposables';
import type { EffectContext } from './context';

export class FocusReport {
  private told = '';
  private unconfirmed = 0;

  constructor(
    private readonly context: EffectContext,
    private readonly targets: () => number,
    /** Parts in which keys are commands: the tiles and the image. */
    private readonly parts: readonly HTMLElement[],
    disposables: DisposableStore,
  ) {
    const report = (): void => this.report();
    // focusout comes before the new element has the focus: look after the event.
    const later = (): void => queueMicrotask(report);
    disposables.listen(document, 'focusin', report);
    disposables.listen(document, 'focusout', later);
    disposables.listen(window, 'focus', report);
    disposables.listen(window, 'blur', report);
    disposables.listen(document, 'keydown', keepText);
    disposables.listen(document, 'keydown', keepPage);
    disposables.add(context.store.subscribe(report));
    this.report();
  }

  /** True when a command without items cannot be meant: text is typed, or a dialog open, and the host may not know yet. */
  get dropsKeys(): boolean {
    const isElsewhere = textFocused() || document.querySelector('dialog[open]') !== null;
    return this.unconfirmed > 0 && document.hasFocus() && isElsewhere;
  }

  private report(): void {
    const active = document.activeElement;
    const here = document.hasFocus();
    const inParts = active === document.body || this.parts.some((part) => part.contains(active));
    const text = here && textFocused();
    const state = { gridFocused: here && !text && inParts, textFocused: text, selected: this.targets() };
    const telling = JSON.stringify(state);
    if (telling === this.told) return;
    this.told = telling;
    this.unconfirmed += 1;
    this.mark(state.gridFocused);
    void this.context.rpc
      .call('focus', state)
      .catch(() => undefined)
      .finally(() => {
        this.unconfirmed -= 1;
        this.mark(state.gridFocused);
      });
  }

  /** In the document, for tests: a key that is pressed before the editor knows that it applies does nothing. */
  private mark(here: boolean): void {
    const told = here ? 'tiles' : 'elsewhere';
    document.documentElement.dataset['keys'] = this.unconfirmed > 0 ? 'untold' : told;
  }
}

function textFocused(): boolean {
  return document.activeElement?.matches(textControls) === true;
}

/** "Select all" is a command of the host that means the tiles; the browser would mark the page's text. */
function keepPage(event: KeyboardEvent): void {
  if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey) && !textFocused())
    event.preventDefault();
}

/** VS Code listens on the window: what is typed into a control stops before. */
function keepText(event: KeyboardEvent): void {
  const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain && event.target instanceof Element && event.target.matches(textControls)) event.stopPropagation();
}
