/**
 * A key that works while it is held, and switches when it is merely tapped: what it shows is seen at a glance, or stays.
 */

/** ms from which on a key is held and not tapped. */
const heldFor = 300;

export interface Switch {
  /** Whether it is on now. */
  readonly isOn: () => boolean;
  /** Turns it on or off. */
  readonly turn: () => void;
}

export class HeldKey {
  private down: { readonly since: number; readonly wasOn: boolean } | undefined;

  constructor(private readonly what: Switch) {}

  /**
   * The key went down; what repeats of itself while it is held says nothing new.
   * @param now ms, when that was: a page that is busy hears of it later
   */
  press(now: number, repeats: boolean): void {
    if (repeats || this.down) return;
    this.down = { since: now, wasOn: this.what.isOn() };
    if (!this.down.wasOn) this.what.turn();
  }

  /** The key was let go of, or the window has lost the keys. */
  release(now: number): void {
    const { down } = this;
    this.down = undefined;
    if (!down || !this.what.isOn()) return;
    const held = now - down.since >= heldFor;
    if (held !== down.wasOn) this.what.turn();
  }
}
