/** The page at the sizes that an editor has: room for images, a whole tile at least, nothing cut off at the side. */
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { openPages } from './support/openPages';
import { eventually } from './support/gridPage';
import { overflowing } from './support/overflowing';
import { liesWithin, placesOf } from './support/places';

const open = openPages();

describe.skipIf(!hasBrowser)('the page reflows', () => {
  it('gives images 92 % of the height of 1440 × 900', async () => {
    const page = await open({}, { width: 1440, height: 900 });
    await eventually(async () => {
      const { list, bar } = await placesOf(page, { list: '.tiles', bar: '.bar' });
      expect(list.height / 900).toBeGreaterThanOrEqual(0.92);
      expect(bar.height).toBe(36);
    });
  });

  // A narrow column, a half of a split editor, 1440 × 900 at 150 % and at 200 %: to the page a zoom is a smaller window.
  it.each([
    [320, 480],
    [700, 900],
    [560, 800],
    [960, 600],
    [720, 450],
  ])('shows a whole tile and no part outside at %i × %i', async (width, height) => {
    const page = await open({ classes: 'No_finding,Pleural_thickening,Cardiomegaly' }, { width, height });
    await liesWithin(page, '.tile[data-key]', '.tiles');
    await expect.poll(() => overflowing(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await eventually(async () => {
      const { stage, reader, detail } = await placesOf(page, {
        stage: '.stage',
        reader: '.reader',
        detail: '.detail',
      });
      expect(stage.height).toBeGreaterThan(reader.height * 0.5);
      expect(stage.width).toBeGreaterThan(width * 0.5);
      // What is known of the image is beside it, below it where that leaves too little.
      if (width > 700) expect(detail.left).toBeGreaterThanOrEqual(stage.right);
      else expect(detail.top).toBeGreaterThanOrEqual(stage.bottom);
    });
    await expect.poll(() => overflowing(page)).toEqual([]);
    await page.keyboard.press('Escape');
    // Everything that is not in the bar is in its overflow.
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await eventually(async () => {
      const { panel } = await placesOf(page, { panel: '.more-panel' });
      expect(panel.left).toBeGreaterThanOrEqual(0);
      expect(panel.right).toBeLessThanOrEqual(width);
    });
    for (const name of ['Queue', 'Label', 'Model', 'Sort by'])
      await page.getByRole('combobox', { name, exact: true }).waitFor();
    await page.getByRole('button', { name: 'Fine-tune' }).waitFor();
    // The name of a queue may be cut, what it counts never: 20 of 204 is another number.
    await page.keyboard.press('Escape');
    // A window of 320 has an activity bar beside the page.
    if (width === 320) await page.setViewportSize({ width: 272, height });
    await page.evaluate(() => {
      const query = { queue: 'all', splits: [], sort: 'path', descending: false };
      window.harness.emit('show', { query });
    });
    await eventually(async () => {
      expect(await page.locator('.bar .queue-name').textContent()).toMatch(/^All/);
      await page.locator('.bar .counts').evaluate((counts) => (counts.textContent = '12 of 1,204'));
      const { counts, choice } = await placesOf(page, {
        counts: '.bar .counts',
        choice: '.bar .queue-filter vscode-dropdown',
      });
      expect(counts.width).toBeGreaterThan(0);
      // Beside its arrow.
      expect(counts.right).toBeLessThanOrEqual(choice.right - 24);
    });
    const shots = process.env['OVERREAD_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/reflow-${width}.png` });
  });
});
