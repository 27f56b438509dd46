/** The open page, read and used by its tests as a person does. */
import { expect, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { patience } from '../../../scripts/test/patience.mjs';
import type { GridCommand, GridEvents, GridMethods } from '../../../src/protocol/gridApi';

declare global {
  interface Window {
    /** What harness/host.ts offers to tests. */
    readonly harness: {
      readonly calls: { readonly method: string; readonly params: readonly unknown[] }[];
      emit(event: keyof GridEvents, payload: unknown): void;
      failNext(message: string): void;
      failHeatmaps(message: string | null): void;
      hold(method: keyof GridMethods): void;
      release(method: keyof GridMethods): void;
      /** Aborted when the page is closed: what a test listens to in the document ends with it. */
      readonly ended: AbortSignal;
      end(): void;
    };
  }
}

/** Until the page has drawn what it knows now: what waits for the next frame is done before this. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
}

/** Presses keys; until the page has drawn where they led. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await drawn(page);
}

/** Until the page has heard of all that its host has sent so far. */
export async function heard(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // What is posted later is heard later.
    await new Promise<void>((resolve) => {
      const hear = ({ data }: MessageEvent<unknown>): void => {
        if (data !== 'heard') return;
        window.removeEventListener('message', hear);
        resolve();
      };
      window.addEventListener('message', hear);
      window.postMessage('heard', '*');
    });
  });
}

/** Until the page shows the list that it was asked for last, by what was done in it. */
export async function listed(page: Page): Promise<void> {
  await expect.poll(() => page.locator('main').getAttribute('aria-busy')).toBe('false');
  await drawn(page);
}

/** Has the host tell the page to carry out a command, as a keybinding does; until the page has heard of it and drawn it. */
export async function command(page: Page, what: GridCommand, items?: readonly string[]): Promise<void> {
  await page.evaluate(
    ([command, keys]) => {
      window.harness.emit('command', keys === undefined ? { command } : { command, items: keys });
    },
    [what, items] as const,
  );
  await heard(page);
  await drawn(page);
}

/** Presses keys one after the other before the page has drawn another frame, as one who types ahead of a busy machine does. */
export async function typeAhead(page: Page, keys: readonly string[]): Promise<void> {
  await page.evaluate((pressed) => {
    for (const key of pressed) {
      // Let go of before the page hears that it was pressed.
      const events = ['keydown', 'keyup'].map(
        (type) => new KeyboardEvent(type, { key, bubbles: true, cancelable: true }),
      );
      for (const event of events) (document.activeElement ?? document.body).dispatchEvent(event);
    }
  }, keys);
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

/** From now on the host takes its time with a method: it answers when `giveAnswers` is called, and not before. */
export async function holdAnswers(page: Page, method: keyof GridMethods): Promise<void> {
  await page.evaluate((name) => window.harness.hold(name), method);
}

/** The host answers what it was asked, and goes on as usual. */
export async function giveAnswers(page: Page, method: keyof GridMethods): Promise<void> {
  await page.evaluate((name) => window.harness.release(name), method);
}

/** Waits until the canvas of Read mode has the size of its place, and so the image is where it stays. */
export async function stageFitted(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.locator('.stage').evaluate((stage) => {
        const { width, height } = stage.querySelector('canvas') ?? { width: 0, height: 0 };
        return [
          width - Math.round(stage.clientWidth * devicePixelRatio),
          height - Math.round(stage.clientHeight * devicePixelRatio),
        ];
      }),
    )
    .toEqual([0, 0]);
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

/** Waits until the keyboard focus is on the tile at a position. */
export async function atPosition(page: Page, position: number): Promise<void> {
  await expect.poll(() => focusedPosition(page)).toBe(position);
}

/** Waits until a check passes; as long as `expect.poll` does, because a busy machine paints late. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: patience });
}
