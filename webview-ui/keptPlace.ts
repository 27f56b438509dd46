/**
 * Where somebody was in a page. The editor lets go of a page whose tab is hidden and loads it anew when it is shown: then
 * the control that had the focus has it again, what was in view is in view, and what was chosen is chosen.
 */
import type { VsCodeApi } from './connection';
import type { Disposable } from './disposables';

interface Place {
  /** The control that had the focus; null: none. */
  readonly focus: string | null;
  /** Pixels from the top of the document. */
  readonly top: number;
  readonly choices: Readonly<Record<string, string>>;
}

/** Frames for which a control is waited for that was enabled just now: the toolkit enables what is inside it a frame later. */
const mostFrames = 10;
const start: Place = { focus: null, top: 0, choices: {} };

export class KeptPlace implements Disposable {
  private readonly ends = new AbortController();
  private place: Place;
  /** What is gone back to once it is there. */
  private isWanted: boolean;
  private state: object;

  constructor(private readonly api: VsCodeApi) {
    const state = api.getState();
    const saved = placeIn(state);
    this.state = typeof state === 'object' && state !== null ? state : {};
    this.place = saved ?? start;
    this.isWanted = saved !== undefined;
    const { signal } = this.ends;
    document.addEventListener('focusin', () => this.follow(), { signal });
    document.addEventListener('scrollend', () => this.follow(), { signal });
    // From another part of the window the keys may come back to the page, and to nothing in it.
    window.addEventListener(
      'focus',
      () => {
        if (document.activeElement === null || document.activeElement === document.body) this.isWanted = true;
        this.restore();
      },
      { signal },
    );
    // Whoever presses something is where they want to be.
    for (const event of ['pointerdown', 'keydown'] as const) {
      window.addEventListener(event, () => (this.isWanted = false), { signal, capture: true });
    }
  }

  /** What the page saves beside its place: what it is found again by. */
  setState(state: object): void {
    this.state = state;
    this.save(this.place);
  }

  /** What was chosen under a name; undefined: nothing. Text that a page wrote once, to be checked like any other. */
  choice(name: string): string | undefined {
    return Object.hasOwn(this.place.choices, name) ? this.place.choices[name] : undefined;
  }

  /** @param value undefined: what the page begins with */
  choose(name: string, value: string | undefined): void {
    const { [name]: _, ...others } = this.place.choices;
    this.save({ ...this.place, choices: value === undefined ? others : { ...others, [name]: value } });
  }

  /**
   * Call when something was drawn: goes back to what had the focus, once that is there and the window's focus is in the page.
   * @param frames for which it is tried
   */
  restore(frames = mostFrames): void {
    if (!this.isWanted) return;
    const { focus, top } = this.place;
    window.scrollTo({ top, behavior: 'instant' });
    const control = focus === null ? undefined : controls().find((one) => keyOf(one) === focus);
    if (!control || !document.hasFocus()) return;
    control.focus({ preventScroll: true });
    if (document.activeElement === control) this.isWanted = false;
    else if (frames > 0) requestAnimationFrame(() => this.restore(frames - 1));
  }

  dispose(): void {
    this.ends.abort();
  }

  private follow(): void {
    if (this.isWanted) return;
    const active = document.activeElement;
    const focus = active === null || active === document.body ? null : keyOf(active);
    this.save({ ...this.place, focus, top: window.scrollY });
  }

  private save(place: Place): void {
    this.place = place;
    this.api.setState({ ...this.state, place });
  }
}

function placeIn(state: unknown): Place | undefined {
  if (typeof state !== 'object' || state === null || !('place' in state)) return undefined;
  const { place } = state;
  if (typeof place !== 'object' || place === null) return undefined;
  const { focus, top, choices } = place as Readonly<Record<string, unknown>>;
  if (typeof top !== 'number' || (focus !== null && typeof focus !== 'string')) return undefined;
  if (typeof choices !== 'object' || choices === null) return undefined;
  const texts = Object.entries(choices).filter((one): one is [string, string] => typeof one[1] === 'string');
  return { focus, top, choices: Object.fromEntries(texts) };
}

function controls(): HTMLElement[] {
  const kinds = '[tabindex], input, vscode-button, vscode-dropdown, vscode-text-field';
  return [...document.querySelectorAll<HTMLElement>(kinds)];
}

/** A control by what it is and what it is called, which is the same when the page is made anew. */
function keyOf(control: Element): string {
  return `${control.localName} ${control.getAttribute('aria-label') ?? control.textContent.trim()}`;
}
