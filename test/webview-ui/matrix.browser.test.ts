/** The confusion matrix beside the tiles: keys, counts that agree with the list, a filter that can be taken off, many classes. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { openPages } from './support/openPages';
import { accessibilityFaults } from './support/accessibility';
import { liesWithin } from './support/places';
import { atPosition, command, eventually, tiles } from './support/gridPage';

const open = openPages();

const activeCell = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['cell'] ?? '');
const longNames = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `Pneumonia_of_the_${i % 2 ? 'right' : 'left'}_lower_lobe_${i}`,
  ).join();

describe.skipIf(!hasBrowser)('the confusion matrix', () => {
  it('is one tab stop, with arrows inside, and lists what a cell counts until the chip is taken off', async () => {
    const page = await open();
    await expect.poll(() => page.locator('.matrix [tabindex="0"]').count()).toBe(1);
    await page.locator('.matrix [data-cell="0-0"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => activeCell(page)).toBe('2-1');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => activeCell(page)).toBe('2-2');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.locator('.matrix [tabindex="0"]').count()).toBe(1);
    const count = await page.locator('.matrix [data-cell="2-1"]').textContent();
    await page.keyboard.press('Enter');
    const total = page.locator('.tile[data-key]').first();
    await eventually(async () => {
      expect(await total.getAttribute('aria-setsize')).toBe(count);
    });
    // A letter in the matrix answers nothing.
    await page.keyboard.press('a');
    const chip = page.getByRole('button', { name: 'effusion as pneumonia' });
    await chip.click();
    await eventually(async () => {
      expect(await page.locator('.counts').textContent()).toBe('109');
    });
    await expect.poll(() => chip.count()).toBe(0);
    await atPosition(page, 1);
    expect(await page.evaluate(() => window.harness.calls.filter(({ method }) => method === 'edit'))).toEqual(
      [],
    );
  });

  it('follows an answer in its cells and totals alone', async () => {
    const page = await open();
    const [first] = await tiles(page);
    const names = ['normal', 'pneumonia', 'effusion'];
    const [row, column] = [names.indexOf(first!.label), names.indexOf(first!.model)];
    const cell = page.locator(`.matrix [data-cell="${row}-${column}"]`);
    const before = Number(await cell.textContent());
    await cell.evaluate((button) => Object.assign(button, { isTheSame: true }));
    await command(page, { name: 'accept' });
    await expect.poll(() => cell.textContent()).toBe(String(before - 1));
    await expect.poll(() => cell.evaluate((button) => 'isTheSame' in button)).toBe(true);
  });

  // The least that are numbered, and many.
  it.each([15, 40])(
    'of %i classes with long names is numbered, and shows the top confusions first',
    async (count) => {
      const page = await open({ classes: longNames(count), images: 1200 }, { width: 1440, height: 900 });
      await expect.poll(() => page.locator('.matrix td button').count()).toBe(count * count);
      const head = page.locator('.matrix thead th[scope="col"]').nth(count - 1);
      await expect.poll(() => head.textContent()).toBe(String(count));
      await expect.poll(() => head.getAttribute('title')).toMatch(/^Pneumonia_of_the/);
      const confusions = page.locator('.confusions button');
      await expect.poll(() => confusions.count()).toBe(12);
      const counts = (await page.locator('.confusions .count').allTextContents()).map(Number);
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
      // Names that differ at their end are told apart on the tiles.
      const value = page.locator('.tile .value').first();
      await expect.poll(() => value.locator('.tail').isVisible()).toBe(true);
      await expect.poll(() => value.getAttribute('title')).toBe(await value.textContent());
      await liesWithin(page, '.tile .value .tail', '.tile');
      await confusions.first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await eventually(async () => {
        expect(await page.locator('.tile[data-key]').first().getAttribute('aria-setsize')).toBe(
          String(counts[1]),
        );
      });
      // Of more cells of the same kinds axe says the same.
      if (count === 15) expect(await accessibilityFaults(page, 'dark')).toEqual([]);
    },
  );

  it.each([
    [4, 320, 480],
    [12, 320, 480],
    [12, 700, 900],
    [12, 718, 860],
    [30, 718, 860],
  ])(
    'of %i long names in an editor of %i × %i has its caption whole and names cut in the middle',
    async (count, width, height) => {
      const page = await open({ classes: longNames(count), images: 300 }, { width, height });
      // Where there is no room beside the tiles it opens when it is asked for.
      if (width <= 700) await command(page, { name: 'toggleMatrix' });
      await expect.poll(() => page.locator('.matrix td button').count()).toBe(count * count);
      // Also where the counts are scrolled, which are wider than their place.
      for (const left of [0, 10_000]) {
        await page.locator('.matrix').evaluate((matrix, x) => matrix.scrollTo({ left: x }), left);
        await liesWithin(page, '.matrix caption span', '.matrix');
      }
      await expect
        .poll(() => page.locator('.matrix caption').innerText())
        .toMatch(/A cell shows its images\.$/);
      const heads = page.locator('.matrix th[scope="row"]');
      await liesWithin(page, '.matrix th[scope="row"] .tail', '.matrix th[scope="row"]');
      const ends = await heads.locator('.tail').allTextContents();
      expect(new Set(ends).size).toBe(count);
      if (count <= 14) await liesWithin(page, '.matrix thead .tail', '.matrix thead');
      await expect.poll(() => heads.first().getAttribute('title')).toBe('Pneumonia_of_the_left_lower_lobe_0');
    },
  );

  it.each([
    [320, 480],
    [1440, 900],
  ])('tells names that share their last letters apart at %i × %i', async (width, height) => {
    const names = [
      'Bacterial_pneumonia_left',
      'Viral_pneumonia_left',
      'Pneumothorax_apical',
      'Pneumothorax_basal',
    ];
    const page = await open({ classes: names.join(), images: 300 }, { width, height });
    // Cut at its end on its tile, which shows how it begins.
    for (const name of names.slice(0, 2)) {
      const value = page.locator(`.tile .value[title="${name}"]`).first();
      await expect.poll(() => value.locator('.head').textContent()).toBe(name);
    }
    await liesWithin(page, '.tile .value .head', '.tile .value');
    if (width <= 700) await command(page, { name: 'toggleMatrix' });
    const heads = page.locator('.matrix th[scope="row"]');
    await expect.poll(() => heads.count()).toBe(names.length);
    await liesWithin(page, '.matrix th[scope="row"] .head', '.matrix th[scope="row"]');
    await expect.poll(() => heads.locator('.tail').allTextContents()).toEqual(['', '', '_apical', 'x_basal']);
  });
});
