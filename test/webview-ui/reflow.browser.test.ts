/** The page at the sizes that an editor has: room for images, a whole tile at least, nothing cut off at the side. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Harness, hasBrowser } from './harness/browser';
import { eventually } from './support/gridPage';
import { overflowing } from './support/overflowing';

let harness: Harness;

describe.skipIf(!hasBrowser)('the page reflows', () => {
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  it('gives images 92 % of the height of 1440 × 900', async () => {
    const { page } = await harness.open({}, { width: 1440, height: 900 });
    const list = await page.getByRole('listbox', { name: 'Images' }).boundingBox();
    expect(list!.height / 900).toBeGreaterThanOrEqual(0.92);
    const bar = await page.locator('.bar').boundingBox();
    expect(bar!.height).toBe(36);
    await page.context().close();
  });

  // A narrow column, a half of a split editor, 1440 × 900 at 150 % and at 200 %: to the page a zoom is a smaller window.
  it.each([
    [320, 480],
    [700, 900],
    [560, 800],
    [960, 600],
    [720, 450],
  ])('shows a whole tile and no part outside at %i × %i', async (width, height) => {
    const { page, faults } = await harness.open(
      { classes: 'No_finding,Pleural_thickening,Cardiomegaly' },
      { width, height },
    );
    await eventually(async () => {
      const [tile, list] = [
        await page.locator('.tile[data-key]').first().boundingBox(),
        await page.getByRole('listbox', { name: 'Images' }).boundingBox(),
      ];
      expect(tile!.y).toBeGreaterThanOrEqual(list!.y);
      expect(tile!.y + tile!.height).toBeLessThanOrEqual(list!.y + list!.height);
      expect(tile!.x + tile!.width).toBeLessThanOrEqual(list!.x + list!.width);
    });
    expect(await overflowing(page)).toEqual([]);
    await page.keyboard.press('Enter');
    const [stage, reader] = [
      await page.locator('.stage').boundingBox(),
      await page.locator('.reader').boundingBox(),
    ];
    expect(stage!.height).toBeGreaterThan(reader!.height * 0.5);
    expect(stage!.width).toBeGreaterThan(width * 0.5);
    expect(await overflowing(page)).toEqual([]);
    // What is known of the image is beside it, below it where that leaves too little.
    const detail = await page.locator('.detail').boundingBox();
    expect(width > 700 ? detail!.x : detail!.y).toBeGreaterThanOrEqual(
      width > 700 ? stage!.x + stage!.width : stage!.y + stage!.height,
    );
    await page.keyboard.press('Escape');
    // Everything that is not in the bar is in its overflow.
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const panel = page.locator('.more-panel');
    await panel.waitFor();
    const box = await panel.boundingBox();
    expect(box!.x).toBeGreaterThanOrEqual(0);
    expect(box!.x + box!.width).toBeLessThanOrEqual(width);
    for (const name of ['Queue', 'Label', 'Model', 'Sort by'])
      expect([name, await page.getByRole('combobox', { name, exact: true }).isVisible()]).toEqual([
        name,
        true,
      ]);
    expect(await page.getByRole('button', { name: 'Fine-tune' }).isVisible()).toBe(true);
    const shots = process.env['OVERREAD_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/reflow-${width}.png` });
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
