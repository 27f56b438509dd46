/**
 * The review page as a person with a keyboard or a screen reader has it: by roles and accessible names alone, so that
 * it serves any page that keeps them, in a browser of its own and inside VS Code.
 */
import type { Frame, Keyboard, Locator, Page } from 'playwright-core';
import type { Workbench } from './workbench';

/** What the page says of one image. */
export interface SaidTile {
  /** Position in the list, from 1. */
  readonly position: number;
  /** `image.png. Label normal. Model pneumonia 99%. Model disagrees` */
  readonly name: string;
  readonly selected: boolean;
}

export class ReviewPage {
  readonly tiles: Locator;
  /** What an answer will hit, where that is not simply the image with the focus. */
  readonly targets: Locator;
  readonly lastChange: Locator;
  readonly matrix: Locator;
  readonly filter: Locator;
  private readonly keyboard: Keyboard;

  /** @param window the window that takes the keys; `frame`: the document of the page in it */
  constructor(
    readonly window: Page,
    readonly frame: Page | Frame = window,
  ) {
    this.keyboard = window.keyboard;
    this.tiles = frame.getByRole('listbox', { name: 'Images' });
    this.targets = frame.getByRole('group', { name: 'What an answer will hit' });
    this.lastChange = frame.getByRole('group', { name: 'Last change' });
    this.matrix = frame.getByRole('region', { name: 'Confusion matrix' });
    this.filter = frame.getByRole('textbox', { name: 'SQL filter' });
  }

  /** The page that is on show in VS Code; waits until it lists an image. */
  static async find(workbench: Workbench): Promise<ReviewPage> {
    return new ReviewPage(
      workbench.page,
      await workbench.webview('[role="listbox"][aria-label="Images"] [role="option"]'),
    );
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.keyboard.press(key);
  }

  /** Waits until the editor knows that the keys are for the tiles, or for the image: only then do its keybindings apply. */
  async keysApply(): Promise<void> {
    await this.frame.locator('html[data-keys="tiles"]').waitFor();
  }

  tile(position: number): Locator {
    return this.tiles.locator(`[role="option"][aria-posinset="${String(position)}"]`);
  }

  /** The image with the keyboard focus; null when the focus is elsewhere. */
  async focused(): Promise<SaidTile | null> {
    return this.frame.evaluate(() => {
      const active = document.hasFocus() ? document.activeElement : null;
      if (active?.getAttribute('role') !== 'option') return null;
      return {
        position: Number(active.getAttribute('aria-posinset')),
        name: active.getAttribute('aria-label') ?? '',
        selected: active.getAttribute('aria-selected') === 'true',
      };
    });
  }

  async focusedPosition(): Promise<number> {
    return (await this.focused())?.position ?? 0;
  }

  /** Whether the whole of the image with this position is between the edges of the list. */
  async isWholeInView(position: number): Promise<boolean> {
    const tile = this.tile(position);
    if (!(await tile.isVisible())) return false;
    const [box, list] = await Promise.all([tile.boundingBox(), this.tiles.boundingBox()]);
    if (!box || !list) return false;
    return box.y >= list.y - 1 && box.y + box.height <= list.y + list.height + 1;
  }

  async nameOf(position: number): Promise<string> {
    return (await this.tile(position).getAttribute('aria-label')) ?? '';
  }

  /** The label that the page says an image has. */
  async labelOf(position: number): Promise<string> {
    return labelIn(await this.nameOf(position));
  }

  /** How many images the list has. */
  async total(): Promise<number> {
    return Number(await this.tiles.getByRole('option').first().getAttribute('aria-setsize'));
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('toolbar').getByRole('button', { name });
  }

  dropdown(name: string): Locator {
    return this.frame.getByRole('combobox', { name, exact: true });
  }

  /** Chooses in a dropdown by its name, as a pointer does. */
  async choose(name: string, option: string | RegExp): Promise<void> {
    await this.dropdown(name).click();
    await this.dropdown(name).getByRole('option', { name: option }).first().click();
  }

  /** The sentences of the live regions, as a screen reader hears them. */
  async said(): Promise<string> {
    const texts = await this.frame.getByRole('status').allTextContents();
    return texts.join(' ').replaceAll('\u00a0', ' ').trim();
  }
}

/** The label in what a tile says of itself. */
export function labelIn(name: string): string {
  return /\. Label (.*?)\. Model /.exec(name)?.[1] ?? '';
}
