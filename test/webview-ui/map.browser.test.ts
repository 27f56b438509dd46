/** The map in a real browser: points, lasso, hover, keys, the list beside it, themes. */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { accessibilityFaults, themeNames } from './support/accessibility';
import { nameOfFocus } from './support/focus';
import { openPages } from './support/openPages';

// Reading pixels back for a screenshot stalls the device, which Chromium says; it is no fault of the page.
const openPage = openPages(/GPU stall|software/i);

async function open(options: Readonly<Record<string, string | number>> = {}): Promise<Page> {
  const page = await openPage({ bundle: 'map', ...options });
  await page.waitForSelector('.legend, [role=alert]');
  return page;
}

async function shown(page: Page): Promise<readonly string[][]> {
  const calls = await page.evaluate(
    () =>
      (globalThis as unknown as { mapHarness: { calls: { method: string; params: unknown[] }[] } }).mapHarness
        .calls,
  );
  return calls.filter(({ method }) => method === 'show').map(({ params: [samples] }) => samples as string[]);
}

/** The map as it is seen, without what lies above it. */
async function picture(page: Page): Promise<{ pixels: Buffer; width: number; height: number }> {
  const { default: sharp } = await import('sharp');
  const shot = await page.locator('.points').screenshot();
  const { data, info } = await sharp(shot).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

/** Distinct colours of the drawn points. */
async function colours(page: Page): Promise<number> {
  const picture = await page.locator('.points').screenshot();
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i += info.channels) {
    const key = `${data[i]},${data[i + 1]},${data[i + 2]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()].filter((n) => n > 200).length;
}

describe.skipIf(!hasBrowser)('the map in Chromium', () => {
  beforeAll(() => {
    mkdirSync('test-results', { recursive: true });
  });

  it('says that a look at the test part is counted before there is one, where there is such a part', async () => {
    const page = await open({ test: 1 });
    await page.getByText('opening images from the map counts as a look at it').waitFor();
    expect(await shown(page)).toEqual([]);
    const other = await open();
    await expect.poll(() => other.getByRole('status').textContent()).toContain('have features');
    expect(await other.getByText('counts as a look').count()).toBe(0);
  });

  it('draws the images with features in the colours of their groups, as text not as markup', async () => {
    const page = await open();
    await expect.poll(() => page.getByRole('status').textContent()).toBe('590 of 600 images have features.');
    // Three groups and the background.
    await expect.poll(() => colours(page)).toBe(4);
    await expect
      .poll(() => page.locator('.legend .name').allTextContents())
      .toEqual(['Covid-19', '<b>No</b>', 'Pneumonia']);
  });

  it('opens the images inside a lasso', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Lasso' }).click();
    const box = (await page.locator('.points').boundingBox())!;
    const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
    await page.mouse.move(...at(0.01, 0.01));
    await page.mouse.down();
    for (const [x, y] of [
      [0.99, 0.01],
      [0.99, 0.99],
      [0.01, 0.99],
    ] as const)
      await page.mouse.move(...at(x, y));
    await page.mouse.up();
    await page.getByText('590 images are in the review grid.').waitFor();
    const [all] = await shown(page);
    expect(all).toHaveLength(590);
    // A part of it holds fewer, and what lies outside is not among them.
    await page.mouse.move(...at(0.01, 0.01));
    await page.mouse.down();
    for (const [x, y] of [
      [0.5, 0.01],
      [0.5, 0.99],
      [0.01, 0.99],
    ] as const)
      await page.mouse.move(...at(x, y));
    await page.mouse.up();
    await expect.poll(async () => (await shown(page)).length).toBe(2);
    const [, left] = await shown(page);
    expect(left!.length).toBeGreaterThan(150);
    expect(left!.length).toBeLessThan(450);
  });

  it('shows the image below the pointer, and opens it by a click', async () => {
    const page = await open({ points: 13 });
    // The whole map is shown with a margin: walk until a point is met.
    const met = await page.locator('.points').evaluate((points) => {
      const { left, top, width, height } = points.getBoundingClientRect();
      for (let x = 0.02; x < 1; x += 0.01) {
        for (let y = 0.02; y < 1; y += 0.01) {
          const at = { clientX: left + x * width, clientY: top + y * height };
          points.dispatchEvent(new PointerEvent('pointermove', { ...at, bubbles: true }));
          if (document.querySelector<HTMLElement>('.card')?.hidden === false)
            return [at.clientX, at.clientY] as const;
        }
      }
      throw new Error('There is no point');
    });
    await page.mouse.move(...met);
    await page.waitForSelector('.card img:not([hidden])');
    const name = await page.locator('.card .name').textContent();
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(() => shown(page)).toEqual([[name]]);
  });

  it('moves with the hand, past the edge of what is drawn, and points stay under the pointer', async () => {
    const page = await open();
    await expect.poll(() => colours(page)).toBe(4);
    const before = await picture(page);
    const box = (await page.locator('.points').boundingBox())!;
    const [dx, dy] = [-Math.round(box.width * 0.45), Math.round(box.height * 0.4)];
    await page.mouse.move(box.x + box.width - 8, box.y + 8);
    await page.mouse.down();
    for (let step = 1; step <= 12; step++) {
      const [x, y] = [box.x + box.width - 8 + (dx * step) / 12, box.y + 8 + (dy * step) / 12];
      await page.mouse.move(Math.round(x), Math.round(y));
    }
    await page.mouse.up();
    /** Of the points that were in view and still are, the share that is not where the hand has moved it. */
    const astray = async (): Promise<number> => {
      const now = await picture(page);
      const { width, height } = before;
      const ground = before.pixels[0]!;
      let [points, strayed] = [0, 0];
      // Inside the line around what has the focus.
      for (let y = 3; y + dy < height - 3; y++) {
        for (let x = 3 - dx; x < width - 3; x++) {
          const was = before.pixels[y * width + x]!;
          if (was === ground) continue;
          points++;
          if (Math.abs(now.pixels[(y + dy) * width + x + dx]! - was) > 8) strayed++;
        }
      }
      expect(points).toBeGreaterThan(1000);
      return strayed / points;
    };
    // Points are placed between pixels: few may fall to another one.
    await expect.poll(astray).toBeLessThan(0.02);
  });

  it('is used by keyboard alone: pan, zoom, the nearest images, a group', async () => {
    const page = await open();
    const before = await page.locator('.points').screenshot();
    await page.locator('.points').focus();
    for (const key of ['ArrowLeft', 'ArrowUp', '+', '+']) await page.keyboard.press(key);
    await expect.poll(async () => before.equals(await page.locator('.points').screenshot())).toBe(false);
    await page.keyboard.press('0');
    await page.keyboard.press('Enter');
    const list = page.getByRole('region', { name: 'Nearest to the middle' });
    await expect.poll(() => list.getByRole('listitem').count()).toBe(20);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await shown(page))[0]?.length).toBe(20);
    await page.getByRole('button', { name: /images of Pneumonia in the review grid/ }).press('Enter');
    await expect.poll(async () => (await shown(page))[1]?.length).toBe(200);
  });

  it('colours by a number, and places by UMAP when that is asked for', async () => {
    const page = await open();
    await page.getByRole('combobox', { name: 'Colour' }).press('ArrowDown');
    await expect.poll(() => page.locator('.legend li').count()).toBe(6);
    await page.getByRole('combobox', { name: 'Place by' }).press('ArrowDown');
    await expect
      .poll(() =>
        page.evaluate(() =>
          (globalThis as unknown as { mapHarness: { calls: { method: string }[] } }).mapHarness.calls.some(
            ({ method }) => method === 'umap',
          ),
        ),
      )
      .toBe(true);
  });

  it('is looked at from where it was, with its list and focus, when its tab is shown again', async () => {
    const page = await open();
    await page.getByRole('combobox', { name: 'Colour' }).press('ArrowDown');
    await expect.poll(() => page.locator('.legend li').count()).toBe(6);
    await page.locator('.points').focus();
    for (const key of ['+', '+', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    const near = page.locator('.nearest li');
    await expect.poll(() => near.count()).toBe(20);
    const listed = await near.allTextContents();
    await page.reload();
    await expect.poll(() => page.locator('.legend li').count()).toBe(6);
    await expect.poll(() => near.allTextContents()).toEqual(listed);
    await expect.poll(() => nameOfFocus(page)).toBe('Show these in the review grid');
  });

  it('says why there is nothing to show', async () => {
    const page = await open({ fails: 1 });
    await page.getByRole('alert').getByText('The features are not in the cache (OVR804)').waitFor();
  });

  it.each(themeNames)('has no accessibility fault in %s', async (theme) => {
    const page = await open({ theme });
    await page.locator('.points').press('Enter');
    await page.screenshot({ path: `test-results/map-${theme}.png` });
    expect(await accessibilityFaults(page, theme)).toEqual([]);
  });
});
