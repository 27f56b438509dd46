/** The open page, read and used by its tests as a person does. */
import { vi } from 'vitest';
import type { Page } from 'playwright-core';
import type { GridCommand, GridEvents } from '../../../src/protocol/gridApi';

declare global {
  interface Window {
    /** What harness/host.ts offers to tests. */
    readonly harness: {
      readonly calls: { readonly method: string; readonly params: readonly unknown[] }[];
      emit(event: keyof GridEvents, payload: unknown): void;
      failNext(message: string): void;
      failHeatmaps(message: string | null): void;
    };
  }
}

/** Has the host tell the page to carry out a command, as a keybinding does. */
export async function command(page: Page, what: GridCommand, items?: readonly string[]): Promise<void> {
  await page.evaluate(
    ([command, keys]) => {
      window.harness.emit('command', keys === undefined ? { command } : { command, items: keys });
    },
    [what, items] as const,
  );
}

/** The parameters of every call of one method so far. */
export function calls(page: Page, method: string): Promise<(readonly unknown[])[]> {
  return page.evaluate(
    (name) => window.harness.calls.filter((call) => call.method === name).map((call) => call.params),
    method,
  );
}

export async function failNext(page: Page, message: string): Promise<void> {
  await page.evaluate((text) => {
    window.harness.failNext(text);
  }, message);
}

export interface SeenTile {
  readonly key: string;
  readonly position: number;
  readonly label: string;
  readonly model: string;
  readonly marks: readonly string[];
  readonly selected: boolean;
  /** All words in it: text, titles, names, classes. */
  readonly text: string;
}

/** The tiles in the DOM, in the order of the list. */
export function tiles(page: Page): Promise<SeenTile[]> {
  return page.locator('.tile[data-key]').evaluateAll((found) =>
    found
      .map((tile) => ({
        key: tile.getAttribute('data-key') ?? '',
        position: Number(tile.getAttribute('aria-posinset')),
        label: tile.querySelectorAll('.value')[0]?.textContent ?? '',
        model: tile.querySelectorAll('.value')[1]?.textContent ?? '',
        marks: [...tile.querySelectorAll('.mark')].map((mark) => mark.textContent),
        selected: tile.getAttribute('aria-selected') === 'true',
        text: [tile, ...tile.querySelectorAll('*')]
          .flatMap((node) => [
            node.getAttribute('class'),
            node.getAttribute('title'),
            node.getAttribute('aria-label'),
          ])
          .concat(tile.textContent)
          .join(' '),
      }))
      .sort((a, b) => a.position - b.position),
  );
}

/** Position (from 1) of the tile with the keyboard focus. */
export async function focusedPosition(page: Page): Promise<number> {
  return Number(await page.evaluate(() => document.activeElement?.getAttribute('aria-posinset')));
}

/** Chooses in a dropdown of the toolbar by its name, as a pointer does. */
export async function choose(page: Page, name: string, option: string | RegExp): Promise<void> {
  const dropdown = page.getByRole('combobox', { name, exact: true });
  await dropdown.click();
  await dropdown.locator('vscode-option', { hasText: option }).first().click();
}

/** The sentence that a screen reader was told last. */
export async function announced(page: Page): Promise<string> {
  return ((await page.locator('.announcer').textContent()) ?? '').replace('\u00a0', '');
}

/** Waits until a check passes; ten seconds, because a busy machine paints late. */
export function eventually<T>(check: () => Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000 });
}
