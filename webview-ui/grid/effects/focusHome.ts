/**
 * The keyboard focus belongs to the focused tile (in Read mode to its picture among its neighbours, or the image): keys must not reach a control
 * that merely was clicked, and must not be lost when one disappears. Whoever goes to a control with Tab stays
 * there; text that is being typed is never left on its own; Escape leads back from everywhere.
 */
import type { DisposableStore } from '../../disposables';

export interface Homes {
  /** Gives the focus to the focused tile, `force` also where the window's focus is elsewhere; false without a tile. */
  readonly focusTile: (force: boolean) => boolean;
  readonly tiles: HTMLElement;
  /** The image of Read mode, and its neighbours. */
  readonly stage: HTMLElement;
  readonly strip: HTMLElement;
}

/** What is typed into, with what belongs to it: a click on a suggestion is a part of typing. */
const typing = 'vscode-text-field, vscode-text-area, .where';
const dropdown = 'vscode-dropdown';
/** What does its work when it is clicked, and needs no focus for it. */
const clickable = 'vscode-button, vscode-checkbox, button, [role="separator"]';

export class FocusHome {
  private pointer = false;
  /** A button of the mouse is down: a drag is under way. */
  private pressed = false;
  /** The control that was reached with Tab. */
  private reached: Element | null = null;
  private last: 'tiles' | 'stage' = 'tiles';
  /** The tile was to have the focus while the keys were elsewhere in the window: it has it when they come. */
  private owed = false;

  constructor(
    private readonly homes: Homes,
    disposables: DisposableStore,
  ) {
    const start = (): void => {
      this.pointer = true;
      this.pressed = true;
      this.owed = false;
    };
    disposables.listen(document, 'pointerdown', start, { capture: true });
    disposables.listen(document, 'mousedown', (event) => {
      if (event.target instanceof Element && event.target.closest(clickable)) event.preventDefault();
    });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      disposables.listen(document, end, (event) => {
        this.pressed = false;
        later(() => this.afterPointer(event.target));
      });
    }
    disposables.listen(document, 'click', (event) => {
      if (event.detail > 0) later(() => this.afterPointer(event.target));
    });
    disposables.listen(document, 'keydown', (event) => this.onKey(event), { capture: true });
    disposables.listen(document, 'focusin', () => this.onFocus());
    disposables.listen(window, 'focus', () => later(() => this.onWindowFocus()));
  }

  /** To the tile, from wherever in the page the focus is. */
  toTile(force = false): void {
    this.owed = !force && !document.hasFocus();
    if (this.owed || this.homes.focusTile(force)) return;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }

  /**
   * The editor has just given the page the keys. It focuses the frame around the page and, 50 ms later, the page in it, unless
   * that frame reported in between that it had no focus, which it looks at every 250 ms: then the keys would be nowhere.
   */
  takeKeys(): void {
    if (this.isHere) this.goHome(true);
  }

  /** The keys are where answers are given, or nowhere. */
  get isHere(): boolean {
    const active = document.activeElement;
    return active === document.body || this.isHome(active);
  }

  /** Something was drawn anew: when that took the focused control away, the focus goes home. */
  check(): void {
    if (document.hasFocus() && document.activeElement === document.body) this.settle();
  }

  private onWindowFocus(): void {
    if (this.pressed) return;
    if (this.owed) this.toTile();
    else this.settle();
  }

  private onFocus(): void {
    const active = document.activeElement;
    const { tiles, strip } = this.homes;
    if (tiles.contains(active) || strip.contains(active)) this.last = 'tiles';
    else if (this.homes.stage.contains(active)) this.last = 'stage';
    if (!this.pointer) this.reached = active;
    else if (active !== this.reached) this.reached = null;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Tab') this.pointer = false;
    this.pressed = false;
    const active = document.activeElement;
    if (this.isHome(active)) return;
    if (event.key === 'Escape') later(() => this.toTile());
    // A list that was opened by a click is done with once a key has closed it.
    else if (active?.matches(dropdown) === true) later(() => this.settle());
  }

  /** A click went to something: unless it is typed into, or still open, its work is done. */
  private afterPointer(target: EventTarget | null): void {
    const element = target instanceof Element ? target : null;
    const active = document.activeElement;
    if (this.pressed || this.isHome(active) || isOpen(active) || element?.closest(typing)) return;
    // A suggestion that was taken is gone: the field goes on.
    if (element?.isConnected === false && active?.closest(typing)) return;
    this.goHome(true);
  }

  private settle(): void {
    const active = document.activeElement;
    if (this.pressed || this.isHome(active) || isOpen(active)) return;
    const stays = active !== null && active !== document.body;
    if (stays && (active.closest(typing) || active === this.reached)) return;
    this.goHome();
  }

  private goHome(force = false): void {
    if (this.last === 'stage' && this.homes.stage.offsetParent !== null) this.homes.stage.focus();
    else this.toTile(force);
  }

  private isHome(element: Element | null): boolean {
    const { tiles, stage, strip } = this.homes;
    return [tiles, stage, strip].some((home) => home.contains(element));
  }
}

/** After everyone has heard of the event. */
function later(work: () => void): void {
  setTimeout(work, 0);
}

function isOpen(element: Element | null): boolean {
  return element?.matches(dropdown) === true && (element as Element & { open?: boolean }).open === true;
}
