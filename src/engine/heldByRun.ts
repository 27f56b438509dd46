/** What a process beside the engine reads once for all that is asked of a run. */
import type { RunPlace } from './runPlace';

export class HeldByRun<T> {
  private held: { readonly run: string; readonly value: Promise<T> } | undefined;

  /** @param read what fails is read again the next time */
  constructor(private readonly read: (place: RunPlace) => Promise<T>) {}

  of(place: RunPlace): Promise<T> {
    if (this.held?.run === place.run) return this.held.value;
    const value = this.read(place);
    this.held = { run: place.run, value };
    value.catch(() => {
      if (this.held?.value === value) this.held = undefined;
    });
    return value;
  }

  forget(): void {
    this.held = undefined;
  }
}
