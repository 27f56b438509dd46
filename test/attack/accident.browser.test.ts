/**
 * Labels changed by accident: the real page in a browser, by keys. The host that the harness plays carries out what the
 * keys of VS Code do; `accident.window.test.ts` is in VS Code itself.
 */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GridCommand } from '../../src/protocol/gridApi';
import { Harness, hasBrowser, type OpenPage } from '../webview-ui/harness/browser';
import { calls, command, eventually } from '../webview-ui/support/gridPage';
import { ReviewPage } from '../support/reviewPage';

let harness: Harness;
/** One window, in which each test loads the page anew; `instance` tells them apart, so that none finds another's state. */
let opened: OpenPage;
let instance = 0;

async function open(
  options: Readonly<Record<string, string | number>> = {},
  viewport = { width: 1280, height: 800 },
): Promise<ReviewPage> {
  await opened.page.setViewportSize(viewport);
  await harness.load(opened.page, { ...options, instance: ++instance });
  return new ReviewPage(opened.page);
}

/** The keybindings of the manifest that answer. */
const keys: Readonly<Record<string, GridCommand>> = {
  a: { name: 'accept' },
  k: { name: 'keep' },
  u: { name: 'uncertain' },
  '1': { name: 'label', index: 0 },
  '2': { name: 'label', index: 1 },
  '3': { name: 'label', index: 2 },
  'Control+z': { name: 'undo' },
};

/** A key with its command, which VS Code sends back while its `when` clause (the page's report) holds. */
async function answer(page: ReviewPage, key: keyof typeof keys): Promise<void> {
  const [focus] = (await calls(page.window, 'focus')).at(-1) as [
    { gridFocused: boolean; textFocused: boolean },
  ];
  await page.press(key);
  if (focus.gridFocused && !focus.textFocused) await command(page.window, keys[key]!);
}

/** The items of every answer so far, by how many. */
const answered = async (page: Page): Promise<readonly number[]> =>
  (await calls(page, 'edit')).map(([edit]) => (edit as { items: readonly string[] }).items.length);

describe.skipIf(!hasBrowser)('8 (section 4) labels changed by accident, in the page', () => {
  beforeAll(async () => {
    harness = await Harness.start();
    opened = await harness.open();
  });
  afterAll(async () => {
    await harness.close();
  });
  afterEach(() => {
    expect(opened.faults.splice(0)).toEqual([]);
  });

  describe('the selection', () => {
    it('is spent by an answer, so that the next one far below hits the focused image alone', async () => {
      const page = await open();
      await page.press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight');
      await answer(page, 'a');
      await eventually(async () => {
        expect(await answered(page.window)).toEqual([5]);
      });
      await page.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown');
      const at = await page.focusedPosition();
      expect(at).toBeGreaterThan(20);
      const others = await Promise.all([4, 5].map((position) => page.labelOf(position)));
      await answer(page, '3');
      await eventually(async () => {
        expect(await page.labelOf(at)).toBe('effusion');
        expect(await answered(page.window)).toEqual([5, 1]);
      });
      await page.press('Home');
      expect(await Promise.all([4, 5].map((position) => page.labelOf(position)))).toEqual(others);
    });

    it('is left behind by every plain move', async () => {
      const page = await open();
      for (const key of ['ArrowDown', 'ArrowLeft', 'Home', 'End', 'PageDown', 'PageUp']) {
        await page.press('Home', 'ArrowDown', 'Shift+ArrowRight', 'Shift+ArrowRight');
        await expect.poll(() => page.targets.textContent()).toContain('3 images selected');
        await page.press(key);
        expect([key, await page.targets.isVisible()]).toEqual([key, false]);
        expect((await page.focused())?.selected).toBe(false);
      }
    });

    it('is left behind by a click, kept by Ctrl+arrows, and added to by Ctrl+Space', async () => {
      const page = await open();
      await page.press('Shift+ArrowRight', 'Control+ArrowRight', 'Control+ArrowRight');
      expect(await page.focusedPosition()).toBe(4);
      expect((await page.focused())?.selected).toBe(false);
      await page.press('Control+Space');
      await expect.poll(() => page.targets.textContent()).toContain('3 images selected');
      await page.tile(6).click();
      expect(await page.targets.isVisible()).toBe(false);
    });

    it('is said while it lasts: how many, how many out of view, the keys and the way out', async () => {
      const page = await open();
      await page.press('Shift+ArrowRight', 'Shift+ArrowRight');
      await expect.poll(() => page.targets.textContent()).toMatch(/^3 images selected.*1–3 label.*Esc/);
      await page.press('Control+End');
      await expect.poll(() => page.targets.textContent()).toMatch(/3 images selected.*3 images not in view/);
      await page.press('Escape');
      expect(await page.targets.isVisible()).toBe(false);
    });

    it('of which nothing was saved is there again', async () => {
      const page = await open();
      await page.press('Shift+ArrowRight', 'Shift+ArrowRight');
      await page.window.evaluate(() => window.harness.failNext('The label file is locked'));
      await answer(page, '2');
      await page.frame.getByRole('alert').getByText('Not saved').waitFor();
      await expect.poll(() => page.targets.textContent()).toContain('3 images selected');
    });
  });

  it('says where an answer goes when the focused image is scrolled out of view', async () => {
    const page = await open();
    await page.tile(1).click();
    await page.tiles.hover();
    await page.window.mouse.wheel(0, 2_000);
    await expect.poll(() => page.targets.textContent()).toContain('Answers go to image 1');
    await page.press('ArrowRight');
    expect(await page.targets.isVisible()).toBe(false);
  });

  it('marks an image as uncertain in place of its class, and says which one that was', async () => {
    const page = await open();
    const label = await page.labelOf(1);
    await answer(page, 'u');
    await eventually(async () => {
      expect(await page.labelOf(1)).toBe(`uncertain (was ${label})`);
    });
    await page.choose('Queue', /Uncertain \(1 image\)/);
    await eventually(async () => {
      expect(await page.total()).toBe(1);
    });
    expect(await page.labelOf(1)).toBe(`uncertain (was ${label})`);
  });

  describe('the focused image stays in view', () => {
    it('whatever takes room from the list or gives it back', async () => {
      const page = await open({ tile: 112 }, { width: 1000, height: 760 });
      // The last row that is in view: what takes room would push it out first.
      await page.press('ArrowDown');
      const columns = (await page.focusedPosition()) - 1;
      while (await page.isWholeInView((await page.focusedPosition()) + columns))
        await page.press('ArrowDown');
      const at = await page.focusedPosition();
      expect(await page.isWholeInView(at)).toBe(true);
      const holds = async (what: string): Promise<void> => {
        await eventually(async () => {
          expect([what, await page.focusedPosition(), await page.isWholeInView(at)]).toEqual([
            what,
            at,
            true,
          ]);
        });
      };
      await page.button('Matrix').click();
      await holds('matrix closed');
      await page.button('Matrix').click();
      await holds('matrix opened');
      await command(page.window, { name: 'toggleDetail' });
      await holds('details opened');
      await page.window.setViewportSize({ width: 1000, height: 460 });
      await holds('panel opened');
      await page.window.setViewportSize({ width: 640, height: 460 });
      await holds('window narrowed');
      await page.window.setViewportSize({ width: 1000, height: 760 });
      await holds('panel closed');
      await command(page.window, { name: 'toggleDetail' });
      await holds('details closed');
      await page.window.evaluate(() => {
        document.body.style.fontSize = '22px';
      });
      await holds('larger letters');
      await page.window.evaluate(() => window.harness.failNext('The label file is locked'));
      await page.frame.getByRole('checkbox', { name: 'Advance' }).click();
      await answer(page, '1');
      await page.frame.getByRole('alert').getByText('Not saved').waitFor();
      await holds('notice appeared');
      await page.frame.getByRole('button', { name: 'Dismiss' }).click();
      await holds('notice gone');
      await page.frame.getByRole('slider', { name: 'Tile size' }).click({ position: { x: 80, y: 12 } });
      await holds('larger tiles');
    });
  });

  describe('the focus comes back', () => {
    const has = async (page: ReviewPage, at: number): Promise<void> => {
      await eventually(async () => {
        expect(await page.focusedPosition()).toBe(at);
      });
    };

    it('from whatever is clicked, and no key reaches that control', async () => {
      const page = await open();
      await page.press('ArrowRight', 'ArrowRight');
      for (const name of ['Matrix', 'Matrix', 'Select all', 'Details', 'Details']) {
        await page.button(name).click();
        await has(page, 3);
      }
      await page.press('Escape');
      await page.frame.getByRole('checkbox', { name: 'Advance' }).click();
      await has(page, 3);
      await page.frame.getByRole('slider', { name: 'Tile size' }).click();
      await has(page, 3);
      await page.matrix.locator('caption').click();
      await has(page, 3);
      // Space and Enter would press the button that was clicked last.
      await page.button('Details').click();
      await page.frame.getByRole('separator').click();
      await has(page, 3);
      await page.press('Space');
      await expect.poll(async () => (await page.focused())?.selected).toBe(true);
      await page.matrix.getByRole('button').nth(1).click();
      await has(page, 1);
    });

    it.each([0, 300])(
      'from a dropdown that was chosen in, and from one that was left, when lists take %i ms',
      async (delay) => {
        const page = await open({ delay });
        const before = await page.nameOf(1);
        await page.choose('Sort by', 'Path');
        await has(page, 1);
        // The list may still be on its way: the move counts in it.
        await page.press('ArrowRight');
        await page.dropdown('Queue').click();
        await page.press('Escape');
        await eventually(async () => {
          expect(await page.nameOf(1)).not.toBe(before);
        });
        await has(page, 2);
        await page.dropdown('Queue').click();
        await page.press('ArrowDown', 'Enter');
        await has(page, 1);
      },
    );

    it('from the filter by Enter, unless it is wrong, and by Escape', async () => {
      const page = await open();
      await page.filter.fill('colour = 3');
      await page.press('Enter');
      await page.frame.getByText('The filter was not applied').waitFor();
      expect(await page.focusedPosition()).toBe(0);
      await page.filter.fill('p > 0.9');
      await page.press('Enter');
      await has(page, 1);
      await page.press('ArrowRight');
      await page.filter.click();
      await page.window.keyboard.type('a1');
      await page.press('Escape');
      await has(page, 2);
      expect(await page.filter.inputValue()).toBe('p > 0.9');
      expect(await answered(page.window)).toEqual([]);
    });

    it('by Escape from the details, and to the tiles when the host brings the page to the front', async () => {
      const page = await open();
      await page.press('ArrowRight', 'Enter');
      await page.frame.getByRole('application').waitFor();
      await page.frame.getByRole('textbox', { name: 'Reason' }).click();
      await page.press('Escape');
      await has(page, 2);
      await page.frame.getByRole('textbox', { name: 'Reason' }).click();
      await page.window.evaluate(() => {
        const query = { queue: 'all', splits: [], sort: 'path', descending: false };
        window.harness.emit('show', { query });
      });
      await has(page, 1);
    });

    it('but never from another part of the window, where keys may be text', async () => {
      const page = await open();
      await page.press('ArrowRight');
      await page.window.evaluate(() => {
        document.hasFocus = () => false;
        const query = { queue: 'all', splits: [], sort: 'path', descending: false };
        window.harness.emit('show', { query });
      });
      await eventually(async () => {
        expect(await page.total()).toBe(690);
      });
      expect(await page.window.evaluate(() => document.activeElement === document.body)).toBe(true);
      await page.window.evaluate(() => {
        document.hasFocus = () => true;
        window.dispatchEvent(new Event('focus'));
      });
      await has(page, 1);
    });

    it('and a text that was marked stays marked', async () => {
      const page = await open();
      await command(page.window, { name: 'toggleDetail' });
      const path = page.frame.getByRole('definition').filter({ hasText: 'site' }).first();
      await path.click({ clickCount: 3 });
      await has(page, 1);
      const marked = await page.window.evaluate(() => document.getSelection()?.toString());
      expect(marked?.trim()).toMatch(/^site.*png$/);
    });

    it('but a control that was reached with Tab keeps it until Escape', async () => {
      const page = await open();
      await page.press('Shift+Tab');
      expect(await page.focused()).toBeNull();
      await page.window.evaluate(() => window.dispatchEvent(new Event('focus')));
      await page.window.waitForTimeout(50);
      expect(await page.focused()).toBeNull();
      await page.press('Escape');
      await has(page, 1);
    });
  });

  describe('undo', () => {
    it('says which image has which label again, and shows it', async () => {
      const page = await open();
      const name = (await page.nameOf(1)).split('.png')[0]!;
      const label = await page.labelOf(1);
      await answer(page, '1');
      await answer(page, 'Control+z');
      const text = `Undone: ${name}.png → ${label}`;
      await expect.poll(() => page.lastChange.textContent()).toContain(text);
      expect(await page.said()).toContain(text);
      expect(await page.focusedPosition()).toBe(1);
    });

    it('of several says how many have which label again, and lists them on request and back', async () => {
      const page = await open();
      await page.choose('Label', 'effusion');
      await eventually(async () => {
        expect(await page.labelOf(1)).toBe('effusion');
      });
      const total = await page.total();
      await page.press('Shift+ArrowRight', 'Shift+ArrowRight');
      await answer(page, '2');
      await expect.poll(() => page.lastChange.textContent()).toContain('3 images → pneumonia');
      await page.press('End');
      await answer(page, 'Control+z');
      await expect.poll(() => page.lastChange.textContent()).toContain('Undone: 3 images → effusion');
      await eventually(async () => {
        expect(await page.focusedPosition()).toBe(1);
      });
      await page.lastChange.getByRole('button', { name: 'Show' }).click();
      await eventually(async () => {
        expect(await page.total()).toBe(3);
      });
      await page.lastChange.getByRole('button', { name: 'Back' }).click();
      await eventually(async () => {
        expect(await page.total()).toBe(total);
      });
    });

    it('brings back into view what had left the list', async () => {
      const page = await open();
      const name = await page.nameOf(1);
      const total = await page.total();
      await answer(page, 'a');
      await page.choose('Sort by', 'Confidence');
      await eventually(async () => {
        expect(await page.total()).toBe(total - 1);
      });
      await page.press('End');
      await answer(page, 'Control+z');
      await eventually(async () => {
        expect((await page.focused())?.name).toBe(name);
      });
      expect(await page.total()).toBe(total);
    });
  });
});
