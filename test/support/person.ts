/** A person at work in the window, whose steps are counted. A key that is typed into a box counts as one, a drag would as one. */
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** How many steps a task took. */
export interface TaskRow {
  readonly task: string;
  readonly clicks: number;
  readonly keys: number;
}

export class Person {
  private clicks = 0;
  private keys = 0;

  /** @param type what a key that is pressed does */
  constructor(private readonly type: (key: string) => Promise<void>) {}

  async click(target: Locator, modifiers: ('Shift' | 'Control')[] = []): Promise<void> {
    this.clicks++;
    await target.click({ modifiers });
  }

  async press(key: string): Promise<void> {
    this.keys++;
    await this.type(key);
  }

  /** The row of the table, of which no figure is above `most`. */
  done(task: string, most: { readonly clicks: number; readonly keys: number }): TaskRow {
    expect(this.clicks).toBeLessThanOrEqual(most.clicks);
    expect(this.keys).toBeLessThanOrEqual(most.keys);
    return { task, clicks: this.clicks, keys: this.keys };
  }
}
