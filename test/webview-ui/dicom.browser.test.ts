/** The page of a DICOM file in a real browser: the image, its frames and windows, and its elements, which stay text. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import { eventually } from './support/gridPage';
import { openPages } from './support/openPages';
import { placesOf } from './support/places';

const openPage = openPages();

async function open(
  options: Readonly<Record<string, string | number>> = {},
  viewport = { width: 1100, height: 700 },
): Promise<Page> {
  const page = await openPage({ bundle: 'dicom', ...options }, viewport);
  await page
    .getByRole('status')
    .filter({ hasText: /element|cannot/ })
    .first()
    .waitFor();
  return page;
}

interface Played {
  readonly calls: readonly { readonly method: string; readonly params: readonly unknown[] }[];
  readonly saved: unknown;
}

const played = (page: Page): Promise<Played> =>
  page.evaluate(() => {
    const { calls, saved } = (
      globalThis as unknown as { dicomHarness: { calls: Played['calls']; saved: () => unknown } }
    ).dicomHarness;
    return { calls, saved: saved() };
  });

/** Mean grey of what is on the canvas, 0 to 255. */
async function brightness(page: Page): Promise<number> {
  const { data, info } = await sharp(await page.locator('.stage').screenshot())
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return data.reduce((sum, grey) => sum + grey, 0) / (info.width * info.height);
}

describe.skipIf(!hasBrowser)('the page of a DICOM file', () => {
  it('lists every element as text, those of sequences below them', async () => {
    const page = await open();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(7);
    expect(await page.locator('tbody img').count()).toBe(0);
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(
      await page.getByRole('row', { name: /ScheduledProcedureStepDescription/ }).textContent(),
    ).toContain('›');
  });

  it.each([
    ['patient', 1],
    ['(0010,0010)', 1],
    ['0040', 2],
    ['chest', 1],
    ['nothing of this', 0],
  ])('finds %s in numbers, keywords and values', async (text, count) => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type(text);
    await expect.poll(() => page.locator('tbody tr').count()).toBe(count);
    await page.getByText(`${count} of 7 elements`).waitFor();
    await expect.poll(async () => (await played(page)).saved).toEqual({ search: text });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('stage');
  });

  it('draws the first thousand of very many, and says so', async () => {
    const page = await open({ more: 1500 });
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1000);
    await page.getByText('1507 elements, the first 1000 are listed').waitFor();
  });

  it('goes through frames by keys and by the slider, from the one that the file shows first', async () => {
    const page = await open({ frames: 9, first: 5 });
    await page.getByText('5 of 9').waitFor();
    await page.locator('.stage').press('ArrowRight');
    await page.getByText('6 of 9').waitFor();
    await page.locator('.stage').press('ArrowLeft');
    await page.locator('.stage').press('ArrowLeft');
    await page.getByText('4 of 9').waitFor();
    await page.getByRole('slider', { name: 'Frame' }).fill('9');
    await page.getByText('9 of 9').waitFor();
    await page.locator('.stage').press('ArrowRight');
    await page.getByText('9 of 9').waitFor();
    const asked = (await played(page)).calls.map(({ params }) => params[0]);
    expect(asked.slice(0, 5)).toEqual([null, 6, 5, 4, 9]);
    await expect.poll(async () => (await played(page)).saved).toMatchObject({ frame: 9 });
  });

  it('has the windows of the file in a list, and inverts', async () => {
    const page = await open();
    await expect.poll(() => brightness(page)).toBeGreaterThan(20);
    const before = await brightness(page);
    const presets = page.getByRole('combobox', { name: 'Preset' });
    await presets.click();
    await page.getByRole('option', { name: /BONE/ }).click();
    await expect.poll(() => brightness(page)).not.toBe(before);
    await page.locator('.stage').press('i');
    await expect
      .poll(() => page.getByRole('button', { name: 'Invert' }).getAttribute('aria-pressed'))
      .toBe('true');
  });

  it('says why there is no image, or no file', async () => {
    const empty = await open({ empty: 1 });
    await empty.getByText('No image to show: it is a radiotherapy dose.').waitFor();
    await expect.poll(() => empty.locator('tbody tr').count()).toBe(7);
    const failed = await open({ fails: 1 });
    await failed
      .getByText('This file cannot be read (OVR301): The DICOM file cannot be read. Replace the file')
      .waitFor();
  });

  it('stands one above the other where it is narrow', async () => {
    const page = await open({ frames: 9, first: 5 }, { width: 420, height: 700 });
    await page.screenshot({ path: 'test-results/dicom-narrow.png' });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
      .toBe(true);
    await eventually(async () => {
      const { image, table } = await placesOf(page, { image: '.stage', table: '.elements' });
      expect(table.top).toBeGreaterThanOrEqual(image.bottom - 1);
      expect(image.height).toBeGreaterThan(100);
    });
  });

  it('has no accessibility fault in any theme', async () => {
    const page = await open({ frames: 9, first: 5 });
    const look = (theme: string) => page.screenshot({ path: `test-results/dicom-${theme}.png` });
    expect(await faultsInThemes(page, look)).toEqual([]);
  });
});
