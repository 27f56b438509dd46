/** When a crashed engine may start again: soon at first, then ever later, then only on request. */

/** The first pause; it doubles with each crash that follows closely. */
const firstPauseMs = 250;
const longestPauseMs = 15_000;
/** A run that lasted this long was a good one: what came before it is forgotten. */
const stableMs = 60_000;
/** After so many crashes in a row the engine stays down until the user asks for it. */
const mostCrashes = 6;

export class RestartPolicy {
  private crashes = 0;
  private startedAt = 0;
  private notBefore = 0;

  constructor(private readonly now: () => number = Date.now) {}

  started(): void {
    this.startedAt = this.now();
  }

  /** True for the first crash of a row: the one to tell the user about. */
  crashed(): boolean {
    const now = this.now();
    if (now - this.startedAt >= stableMs) this.crashes = 0;
    this.crashes++;
    this.notBefore = now + Math.min(longestPauseMs, firstPauseMs * 2 ** (this.crashes - 1));
    return this.crashes === 1;
  }

  /** Milliseconds to wait before the next start; null: not without the user's word. */
  pause(): number | null {
    if (this.crashes >= mostCrashes) return null;
    return Math.max(0, this.notBefore - this.now());
  }

  /** The user asked for a start. */
  forgive(): void {
    this.crashes = 0;
    this.notBefore = 0;
  }
}
