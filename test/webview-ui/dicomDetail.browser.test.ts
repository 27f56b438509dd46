/** What a DICOM file says of its grey, in the details: its windows by name, and the shape of its pixels. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { openPages } from './support/openPages';
import { eventually } from './support/gridPage';

// Chromium's advice on how this test looks at the canvas is harmless.
const open = openPages(/readback/);

/** Grey at a point of the canvas, by shares of its width and height. */
const greyAt = (page: Page, x: number, y: number) =>
  page.locator('.reader canvas.image').evaluate(
    (canvas: HTMLCanvasElement, [u, v]) => {
      const at = [Math.round(canvas.width * u), Math.round(canvas.height * v)] as const;
      return canvas.getContext('2d')?.getImageData(at[0], at[1], 1, 1).data[0] ?? -1;
    },
    [x, y] as const,
  );

/** How much of the canvas the disc takes, from edge to edge, in its pixels. */
const discSize = (page: Page) =>
  page.locator('.reader canvas.image').evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    const bright = (x: number, y: number) => (data?.[4 * (y * canvas.width + x)] ?? 0) > 100;
    const [middleX, middleY] = [Math.floor(canvas.width / 2), Math.floor(canvas.height / 2)];
    let [across, down] = [0, 0];
    for (let x = 0; x < canvas.width; x++) if (bright(x, middleY)) across++;
    for (let y = 0; y < canvas.height; y++) if (bright(middleX, y)) down++;
    return { across, down };
  });

describe.skipIf(!hasBrowser)('a DICOM image in the details', () => {
  it('starts with the first window of its file, has the others in a list, and round is round', async () => {
    const page = await open({ dicom: 1 });
    await page.locator('.tile .frame').first().click();
    await page.keyboard.press('Enter');
    const preset = page.locator('.reader vscode-dropdown[aria-label="Preset"]');
    await preset.waitFor();
    // SOFT TISSUE: 40 is mid grey, -800 black.
    await eventually(async () => {
      expect(await greyAt(page, 0.5, 0.5)).toBeGreaterThan(110);
      expect(await greyAt(page, 0.5, 0.5)).toBeLessThan(170);
    });
    await eventually(async () => {
      const { across, down } = await discSize(page);
      expect(across / down).toBeCloseTo(1, 1);
    });
    await expect
      .poll(() => preset.locator('vscode-option').allTextContents())
      .toEqual(['SOFT TISSUE (W 400 L 40)', 'LUNG (W 1500 L -600)']);
    if (process.env['OVERREAD_PICTURE'] !== undefined) {
      await page.screenshot({ path: process.env['OVERREAD_PICTURE'] });
    }
    await preset.click();
    await page.locator('vscode-option', { hasText: 'LUNG' }).click();
    await eventually(async () => {
      expect(await greyAt(page, 0.5, 0.5)).toBeGreaterThan(230);
    });
    // What is set by hand is none of them; Reset goes back to the first.
    await page.getByRole('button', { name: 'Auto' }).click();
    await eventually(async () => {
      expect(await preset.evaluate((dropdown) => dropdown.textContent)).toContain('By hand');
    });
    await page.getByRole('button', { name: 'Reset' }).click();
    await eventually(async () => {
      expect(await greyAt(page, 0.5, 0.5)).toBeLessThan(170);
    });
  });
});
