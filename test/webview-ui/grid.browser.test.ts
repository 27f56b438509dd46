/** The real page in a real browser, over the real catalog of a made-up project. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import {
  announced,
  atPosition,
  calls,
  choose,
  command,
  eventually,
  failNext,
  focusedPosition,
  giveAnswers,
  holdAnswers,
  stageFitted,
  tiles,
} from './support/gridPage';
import { heardKeys } from './support/heardKeys';
import { openPages } from './support/openPages';

/** What the model got wrong in the training and validation parts of the project. */
const errors = 109;

const open = openPages();

describe.skipIf(!hasBrowser)('the review grid in Chromium', () => {
  describe('shows', () => {
    it('every error with its picture, label, prediction and confidence', async () => {
      const page = await open();
      const [first] = await tiles(page);
      await expect.poll(() => page.locator('.counts').textContent()).toBe(String(errors));
      await expect
        .poll(() => page.locator('.counts').getAttribute('title'))
        .toBe(`${errors} images with errors`);
      expect(first?.label).toMatch(/normal|pneumonia|effusion/);
      expect(first?.model).not.toBe(first?.label);
      expect(first?.text).toContain('Model disagrees');
      expect(first?.text).toContain('99%');
    });

    it('that the weights are random, and nothing of it otherwise', async () => {
      const mark = (page: Page) => page.getByText('random weights', { exact: true });
      await mark(await open({ random: 1 })).waitFor();
      expect(await mark(await open()).isVisible()).toBe(false);
    });

    it('the reason of a picture that cannot be read', async () => {
      const page = await open({ images: 300 });
      await choose(page, 'Queue', /All images/);
      await choose(page, 'Sort by', 'Path');
      await page.locator('.tile .broken', { hasText: 'The image ends after' }).first().waitFor();
    });

    it('few tiles of a long list, and reaches its end by the scrollbar', async () => {
      const page = await open({ images: 112_120, tile: 320 }, { width: 420, height: 700 });
      await choose(page, 'Queue', /All images/);
      const grid = page.getByRole('listbox', { name: 'Images' });
      await eventually(async () => {
        expect(await page.locator('.tile').first().getAttribute('aria-setsize')).toBe('100908');
      });
      for (const share of [0.5, 1]) {
        await eventually(async () => {
          // Once more where the bar above the tiles has only just found its height.
          await grid.evaluate((element, at) => {
            element.scrollTop = element.scrollHeight * at;
          }, share);
          const last = (await tiles(page)).at(-1)?.position ?? 0;
          expect(Math.abs(last / 100_908 - share)).toBeLessThan(0.01);
        });
      }
      await eventually(async () => {
        expect((await tiles(page)).at(-1)?.position).toBe(100_908);
      });
      await expect.poll(() => page.locator('.tile').count()).toBeLessThan(60);
    });

    it('where to go on when there is nothing', async () => {
      const page = await open({ run: '0' });
      await page.getByRole('heading', { name: 'No run yet' }).waitFor();
      await page.locator('.empty').getByRole('button', { name: 'Fine-tune' }).click();
      await eventually(async () => {
        expect(await calls(page, 'finetune')).toHaveLength(1);
      });
      await page.locator('.tile[data-key]').first().waitFor();
    });
  });

  describe('filters', () => {
    it('by a cell of the matrix, whose count is that of the list', async () => {
      const page = await open();
      const cell = page.locator('.matrix [data-cell="0-1"]');
      const count = await cell.textContent();
      await cell.click();
      await eventually(async () => {
        expect(await page.locator('.counts').textContent()).toBe(count);
      });
      await eventually(async () => {
        for (const { label, model } of await tiles(page))
          expect([label, model]).toEqual(['normal', 'pneumonia']);
      });
      await expect.poll(() => cell.getAttribute('aria-pressed')).toBe('true');
      await atPosition(page, 1);
      await cell.press('Enter');
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-cell')))
        .toBe('0-1');
      await eventually(async () => {
        expect(await page.locator('.counts').textContent()).toBe(String(errors));
      });
    });

    it('by dropdowns', async () => {
      const page = await open();
      await choose(page, 'Label', 'effusion');
      await eventually(async () => {
        const labels = new Set((await tiles(page)).map(({ label }) => label));
        expect([...labels]).toEqual(['effusion']);
      });
      await choose(page, 'Sort by', 'Path');
      await eventually(async () => {
        const query = (await calls(page, 'query')).at(-1)?.[0];
        expect(query).toMatchObject({
          queue: 'errors',
          given: ['effusion'],
          sort: 'path',
          descending: false,
        });
      });
      await page.getByRole('button', { name: 'Clear', exact: true }).click();
      await eventually(async () => {
        expect(await page.locator('.counts').textContent()).toBe(String(errors));
      });
    });

    it('by an expression, and says beside the field what is wrong with one', async () => {
      const page = await open();
      const field = page.getByRole('textbox', { name: 'SQL filter' });
      await field.fill('colour = 3');
      await field.press('Enter');
      await page.getByText('The filter was not applied: The filter names the column "colour"').waitFor();
      await expect.poll(() => page.locator('.counts').textContent()).toBe(String(errors));
      await field.fill('p > 0.9');
      await field.press('Enter');
      await eventually(async () => {
        expect(await page.locator('.counts').textContent()).not.toBe(String(errors));
      });
      await expect.poll(() => page.locator('.filter-fault').isVisible()).toBe(false);
    });
  });

  describe('by keyboard alone', () => {
    it('reaches the tiles within a few tabs, moves, selects, opens and comes back', async () => {
      const page = await open();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      for (let i = 0; i < 40 && !((await focusedPosition(page)) > 0); i++) await page.keyboard.press('Tab');
      await atPosition(page, 1);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      const columns = (await focusedPosition(page)) - 2;
      expect(columns).toBeGreaterThan(3);
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Space');
      await page.keyboard.press('Shift+End');
      await eventually(async () => {
        expect(await page.locator('.selected-count').textContent()).toBe(
          `${errors - columns - 2} images selected`,
        );
      });
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('.selected-count').isVisible()).toBe(false);
      await page.keyboard.press('Home');
      await atPosition(page, 1);
      await page.keyboard.press('End');
      await atPosition(page, errors);
      await page.keyboard.press('Enter');
      await page.getByRole('application').waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('film on');
      await page.keyboard.press('ArrowLeft');
      await page
        .locator('.reader')
        .getByText(`${errors - 1} of ${errors}`)
        .waitFor();
      await page.keyboard.press('Escape');
      await atPosition(page, errors - 1);
    });

    it('tells the host what has the focus', async () => {
      const page = await open();
      const last = async (): Promise<unknown> => (await calls(page, 'focus')).at(-1)?.[0];
      await page.locator('.tile .frame').first().click();
      await eventually(async () => {
        expect(await last()).toEqual({ gridFocused: true, textFocused: false, selected: 1 });
      });
      await page.getByRole('textbox', { name: 'SQL filter' }).click();
      await eventually(async () => {
        expect(await last()).toEqual({ gridFocused: false, textFocused: true, selected: 1 });
      });
      await page.getByRole('combobox', { name: 'Queue' }).focus();
      await eventually(async () => {
        expect(await last()).toMatchObject({ textFocused: true });
      });
    });

    it('keeps text that is typed as a reason from becoming labels', async () => {
      const page = await open();
      await page.locator('.tile .frame').first().click();
      await page.keyboard.press('Enter');
      // The host has not heard yet that text has the focus.
      await holdAnswers(page, 'focus');
      const heard = await heardKeys(page);
      await page.getByRole('textbox', { name: 'Reason for the next edit' }).click();
      // Keys whose commands were on their way when the field got the focus.
      await command(page, { name: 'accept' });
      await command(page, { name: 'label', index: 0 });
      await page.keyboard.type('a1ux');
      expect(await calls(page, 'edit')).toEqual([]);
      expect(await heard()).toEqual([]);
      await giveAnswers(page, 'focus');
      await page.keyboard.press('Control+Enter');
      await command(page, { name: 'keep' });
      await eventually(async () => {
        expect((await calls(page, 'edit'))[0]?.[0]).toMatchObject({ op: 'keep', reason: 'a1ux' });
      });
      await eventually(async () => {
        expect(await page.getByRole('textbox', { name: 'Reason for the next edit' }).inputValue()).toBe('');
      });
    });
  });

  describe('edits', () => {
    it('and tells how far the queue is done', async () => {
      const page = await open();
      const counts = page.locator('[data-test="counts"]');
      await expect.poll(() => counts.textContent()).toBe(String(errors));
      await command(page, { name: 'accept' });
      await expect.poll(() => counts.textContent()).toBe(`1 of ${errors}`);
      await expect.poll(() => counts.getAttribute('title')).toBe(`${errors} images listed, 1 answered`);
      await command(page, { name: 'undo' });
      await expect.poll(() => counts.textContent()).toBe(String(errors));
      await expect.poll(() => counts.getAttribute('title')).toBe(`${errors} images with errors`);
    });

    it('one tile with one key, marked only when it is saved, and moves on', async () => {
      const page = await open();
      const [first] = await tiles(page);
      const agree = ['normal', 'pneumonia', 'effusion'].indexOf(first?.model ?? '');
      const cell = page.locator(`.matrix [data-cell="${agree}-${agree}"]`);
      const before = Number(await cell.textContent());
      await page.locator('.tile .frame').first().click();
      await holdAnswers(page, 'edit');
      await command(page, { name: 'accept' });
      const tile = page.locator(`.tile[data-key="${first?.key ?? ''}"]`);
      await tile.locator('.mark', { hasText: 'Saving' }).waitFor();
      await expect.poll(async () => (await tiles(page))[0]?.marks).toEqual(['Saving…']);
      await giveAnswers(page, 'edit');
      await tile.locator('.mark', { hasText: 'Edited' }).waitFor();
      await expect
        .poll(async () => (await tiles(page))[0])
        .toMatchObject({ label: first?.model, marks: ['Edited'] });
      await atPosition(page, 2);
      await expect.poll(() => announced(page)).toMatch(/^Saved: image-\d+\.png → /);
      await page.locator('.status').getByText('1 image edited since the last run').waitFor();
      expect(Number(await cell.textContent())).toBe(before + 1);
    });

    it('many tiles at once, and takes them back in one step', async () => {
      const page = await open();
      const before = await tiles(page);
      await page.locator('.tile .frame').nth(0).click();
      await page
        .locator('.tile .frame')
        .nth(11)
        .click({ modifiers: ['Shift'] });
      await command(page, { name: 'label', index: 1 });
      await eventually(async () => {
        expect((await tiles(page)).slice(0, 12).map(({ label }) => label)).toEqual(
          Array(12).fill('pneumonia'),
        );
      });
      await expect
        .poll(async () => (await calls(page, 'edit'))[0]?.[0])
        .toMatchObject({ op: 'set', value: 'pneumonia' });
      await command(page, { name: 'undo' });
      await eventually(async () => {
        expect((await tiles(page)).map(({ label }) => label)).toEqual(before.map(({ label }) => label));
      });
      const counts = new Map<string, number>();
      for (const { label } of before.slice(0, 12)) counts.set(label, (counts.get(label) ?? 0) + 1);
      const most = [...counts].sort(([, a], [, b]) => b - a);
      await expect
        .poll(() => announced(page))
        .toBe(
          `Undone: ${most.map(([label, n]) => `${n} ${n === 1 ? 'image' : 'images'} → ${label}`).join(', ')}`,
        );
    });

    it('that cannot be saved are rolled back, with the reason why', async () => {
      const page = await open();
      const [first] = await tiles(page);
      await failNext(page, 'The label file is locked');
      await page.locator('.tile .frame').first().click();
      await command(page, { name: 'accept' });
      await page.getByRole('alert').getByText('OVR405: Not saved: The label file is locked').waitFor();
      await expect
        .poll(async () => (await tiles(page))[0])
        .toMatchObject({ label: first?.label, marks: ['Not saved'] });
      await page.keyboard.press('ArrowLeft');
      await command(page, { name: 'keep' });
      await eventually(async () => {
        expect((await tiles(page))[0]?.marks).toEqual(['Kept']);
      });
    });

    it('of a tile menu name the tile', async () => {
      const page = await open();
      const context = await page.locator('.tile').nth(3).getAttribute('data-vscode-context');
      const { webviewSection, key } = JSON.parse(context ?? '{}') as { webviewSection: string; key: string };
      expect(webviewSection).toBe('tile');
      await command(page, { name: 'exclude' }, [key]);
      await page.locator(`.tile[data-key="${key}"] .mark`, { hasText: 'Excluded' }).waitFor();
    });

    it('by button give the keys back to the tiles', async () => {
      const page = await open();
      await page.locator('.tile.focused .frame').hover();
      await page.getByRole('button', { name: '2 pneumonia' }).click();
      await eventually(async () => {
        expect(await calls(page, 'edit')).toHaveLength(1);
      });
      await atPosition(page, 2);
    });

    it('act on the finding of the toolbar in multi-label', async () => {
      const page = await open({ findings: 'Edema,Effusion', images: 200 });
      await choose(page, 'Finding', 'Effusion');
      await eventually(async () => {
        expect((await tiles(page))[0]?.key).toMatch(/^Effusion\//);
      });
      await page.locator('.tile .frame').first().click();
      await command(page, { name: 'label', index: 0 });
      await eventually(async () => {
        const edit = (await calls(page, 'edit'))[0]?.[0] as { value: string; items: string[] };
        expect(edit.value).toBe('1');
        expect(edit.items[0]).toMatch(/^Effusion\//);
      });
    });
  });

  describe('after a run', () => {
    it('re-ranks in place and stays with the focused item', async () => {
      const page = await open();
      await choose(page, 'Queue', /All images/);
      await eventually(async () => {
        expect(await page.locator('.counts').textContent()).toBe('620');
      });
      await page.locator('.tile .frame').nth(9).click();
      const key = await page.evaluate(() => document.activeElement?.getAttribute('data-key'));
      await page.getByRole('button', { name: 'Fine-tune' }).click();
      await eventually(async () => {
        expect(await announced(page)).toMatch(/^Re-ranked after the new run/);
      });
      await eventually(async () => {
        expect(await page.locator('.tile.focused').getAttribute('data-key')).toBe(key);
      });
      expect(Number(await page.locator('.tile.focused').getAttribute('aria-posinset'))).not.toBe(10);
    });
  });

  describe('blind', () => {
    it('holds nothing of the model until the item is answered', async () => {
      const page = await open({ blind: '1' });
      const query = (await calls(page, 'query')).at(-1)?.[0];
      expect(query).toMatchObject({ sort: 'path', descending: false });
      for (const tile of await tiles(page)) {
        expect(tile.model).toBe('hidden');
        expect(tile.text).not.toMatch(/%|disagrees|agrees|wrong|Disputed/);
      }
      expect(await page.locator('.matrix table').isVisible()).toBe(false);
      await page.locator('.tile .frame').first().click();
      await page.keyboard.press('Enter');
      await page.locator('.detail').getByText('Hidden until you have answered.').first().waitFor();
      expect(await page.locator('.detail .probability').count()).toBe(0);
      expect(await page.locator('.facts').textContent()).not.toMatch(/Loss|Model/);
      await command(page, { name: 'accept' });
      expect(await calls(page, 'edit')).toEqual([]);
      await command(page, { name: 'label', index: 0 });
      await eventually(async () => {
        expect((await tiles(page))[0]?.model).not.toBe('hidden');
      });
      await expect.poll(async () => (await tiles(page))[1]?.model).toBe('hidden');
    });
  });

  describe('Read mode', () => {
    it('shows window and level, zoom, probabilities and the history of everyone', async () => {
      const page = await open();
      await page.locator('.tile .frame').first().click();
      await command(page, { name: 'label', index: 2 });
      // The answer moves the focus on, and only then is there a tile to go back to.
      await eventually(async () => {
        expect(await focusedPosition(page)).toBe(2);
      });
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Enter');
      await page.locator('.detail .event', { hasText: 'A. Reader' }).waitFor();
      await expect.poll(() => page.locator('.probability').count()).toBe(3);
      const pixel = (): Promise<number[]> =>
        page.locator('.stage canvas').evaluate((canvas) => {
          const { width, height } = canvas as HTMLCanvasElement;
          const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          context?.drawImage(canvas as HTMLCanvasElement, -(width >> 1), -(height >> 1));
          return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
        });
      await stageFitted(page);
      await eventually(async () => {
        expect((await pixel())[3]).toBe(255);
      });
      const plain = (await pixel())[0] ?? 0;
      await page.getByRole('button', { name: 'Invert' }).click();
      await eventually(async () => {
        expect(Math.abs(255 - plain - ((await pixel())[0] ?? 0))).toBeLessThanOrEqual(2);
      });
      await page.getByRole('slider', { name: 'Level' }).fill('0');
      await page.getByRole('slider', { name: 'Window' }).fill('1');
      await eventually(async () => {
        expect((await pixel())[0]).toBe(0);
      });
      const zoom = page.locator('.reader .zoom');
      const fitted = await zoom.textContent();
      await page.locator('.stage').press('+');
      await eventually(async () => {
        expect(await zoom.textContent()).not.toBe(fitted);
      });
      await page.getByRole('button', { name: 'Fit' }).click();
      await eventually(async () => {
        expect(await zoom.textContent()).toBe(fitted);
      });
    });
  });

  describe('state', () => {
    it('survives a reload, by key', async () => {
      const page = await open();
      await choose(page, 'Sort by', 'Confidence');
      await eventually(async () => {
        expect((await calls(page, 'query')).length).toBe(2);
      });
      await page.locator('.tile .frame').nth(5).click();
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Reason for the next edit' }).fill('draft');
      const key = await page.locator('.tile.focused').getAttribute('data-key');
      await expect
        .poll(() => page.evaluate(() => Object.values(sessionStorage).join()))
        .toContain('"reason":"draft"');
      await page.reload();
      await page.locator('.film.on').waitFor();
      await expect.poll(() => page.locator('.tile.focused').getAttribute('data-key')).toBe(key);
      await expect.poll(() => page.locator('.selected-count').textContent()).toBe('1 image selected');
      await expect
        .poll(() => page.getByRole('textbox', { name: 'Reason for the next edit' }).inputValue())
        .toBe('draft');
      // What was seen of the list stays where it is: the same list is asked to go on.
      await expect
        .poll(async () => (await calls(page, 'relist'))[0]?.[0])
        .toMatchObject({ sort: 'confidence' });
    });
  });

  describe('for everyone', () => {
    it('has no accessibility fault in any theme', async () => {
      const page = await open({ images: 200, random: 1 });
      await page.locator('.tile .frame').nth(1).click();
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.locator('.probability').first().waitFor();
      expect(await faultsInThemes(page)).toEqual([]);
    });

    it('leaks no listener when it is opened and closed again', async () => {
      // So small that little is painted each time.
      const page = await open({ bundle: 'leaks', images: 60 }, { width: 720, height: 450 });
      const run = (times: number): Promise<unknown> =>
        page.evaluate(
          (n) => (globalThis as unknown as { openAndClose(n: number): Promise<unknown> }).openAndClose(n),
          times,
        );
      const after = (await run(2)) as { observers: number; children: number };
      // One that stays is counted each time.
      expect(await run(10)).toEqual(after);
      expect(after).toMatchObject({ observers: 0, children: 0 });
    });
  });
});
