/** The open review grid, read and used as its reviewer does. */
import type { Frame, Locator } from 'playwright-core';
import { eventually } from './eventually';
import type { Workbench } from './workbench';

/** What one tile shows. */
export interface ShownTile {
  readonly key: string;
  /** Position in the list, from 1. */
  readonly position: number;
  readonly label: string;
  readonly model: string;
  /** What a screen reader says of it. */
  readonly name: string;
}

export class Grid {
  private constructor(
    private readonly workbench: Workbench,
    readonly frame: Frame,
  ) {}

  /** The grid that is visible now; waits until its first tile shows its item. */
  static async find(workbench: Workbench, timeoutMs = 120_000): Promise<Grid> {
    return new Grid(workbench, await workbench.webview('.tile[data-key]', timeoutMs));
  }

  /** The tiles in the page (those in view and a few around), in their order. */
  tiles(): Promise<ShownTile[]> {
    return this.frame.locator('.tile[data-key]').evaluateAll((tiles) =>
      tiles
        .map((tile) => ({
          key: tile.getAttribute('data-key') ?? '',
          position: Number(tile.getAttribute('aria-posinset')),
          label: tile.querySelectorAll('.value')[0]?.textContent ?? '',
          model: tile.querySelectorAll('.value')[1]?.textContent ?? '',
          name: tile.getAttribute('aria-label') ?? '',
        }))
        .sort((a, b) => a.position - b.position),
    );
  }

  /** How many items the list has. */
  async total(): Promise<number> {
    const size = await this.frame.locator('.tile[data-key]').first().getAttribute('aria-setsize');
    return Number(size);
  }

  tile(key: string): Locator {
    return this.frame.locator(`.tile[data-key=${JSON.stringify(key)}]`);
  }

  /** Waits until the pictures in view are painted; gives how many there are. */
  async picturesPainted(): Promise<number> {
    return eventually(
      'the pictures in view are painted',
      async () => {
        const counts = await this.frame.locator('.tile[data-key] img.picture').evaluateAll((images) => {
          const inView = images.filter((image) => {
            const box = image.getBoundingClientRect();
            return box.bottom > 0 && box.top < innerHeight;
          });
          const painted = inView.filter(
            (image) => image instanceof HTMLImageElement && image.naturalWidth > 0,
          );
          return { inView: inView.length, painted: painted.length };
        });
        if (counts.inView === 0 || counts.painted < counts.inView) {
          throw new Error(`${String(counts.painted)} of ${String(counts.inView)} are`);
        }
        return counts.painted;
      },
      120_000,
    );
  }

  /** The share of the image's canvas in Read mode that has colour: 0 for a grey image without a heat map. */
  colouredShareOfStage(): Promise<number> {
    return this.frame.locator('.stage canvas').evaluate((stage) => {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d', { willReadFrequently: true });
      const { width, height } = stage as HTMLCanvasElement;
      [canvas.width, canvas.height] = [width, height];
      context?.drawImage(stage as HTMLCanvasElement, 0, 0);
      const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      let coloured = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (Math.abs((data[at] ?? 0) - (data[at + 2] ?? 0)) > 12) coloured += 1;
      }
      return coloured / (width * height);
    });
  }

  /** Gives a tile the keyboard focus, and so the keys to the grid, of which the editor knows then. @param timeout ms to wait for it */
  async focus(key: string, timeout = 30_000): Promise<void> {
    await this.tile(key).locator('.frame').click({ timeout });
    await this.frame.locator(`.tile.focused[data-key=${JSON.stringify(key)}]`).waitFor({ timeout });
    await this.frame.locator('html[data-keys="tiles"]').waitFor({ timeout });
  }

  /** Selects the first `count` tiles of the list by keyboard: they need not all be in view. */
  async selectFirst(count: number): Promise<void> {
    await this.press('Control+Home');
    const first = this.frame.locator('.tile[aria-posinset="1"]');
    await first.locator('.frame').click();
    for (let more = 1; more < count; more++) await this.press('Shift+ArrowRight');
    await this.frame
      .getByText(new RegExp(`^${String(count)} (images?|items?) selected$`))
      .first()
      .waitFor();
  }

  /** Waits until an edit of this tile is acknowledged, which it is only once it is on disk. */
  async edited(key: string, timeoutMs = 30_000): Promise<void> {
    const saved = `.tile[data-key=${JSON.stringify(key)}]:not(.pending)`;
    await this.frame.locator(saved).locator('.mark', { hasText: 'Edited' }).waitFor({ timeout: timeoutMs });
  }

  /** The keys of the tiles that the page shows as answered and saved. */
  acknowledged(): Promise<string[]> {
    return this.frame
      .locator('.tile[data-key]:not(.pending)')
      .evaluateAll((tiles) =>
        tiles
          .filter((tile) => [...tile.querySelectorAll('.mark')].some((mark) => mark.textContent === 'Edited'))
          .map((tile) => tile.getAttribute('data-key') ?? ''),
      );
  }

  /** Presses a key as a person does: VS Code's keybinding carries it out. */
  async press(key: string): Promise<void> {
    await this.workbench.page.keyboard.press(key);
  }

  /** How far the queue is done, such as `11 of 97`. */
  countsText(): Promise<string> {
    return this.frame.locator('[data-test="counts"]').innerText();
  }
}
