/** Blind reading in the real page over the real engine: nothing in it names a class before the answer. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blindClasses, blindProject } from '../support/blindProject';
import { EnginePage } from './harness/enginePage';
import { hasBrowser } from './harness/browser';
import { eventually } from './support/gridPage';
import { overflowing } from './support/overflowing';

const telling = new RegExp(blindClasses.join('|'), 'i');

/** Everything that can be seen, heard or looked up in the page but the buttons and keys that offer all classes alike. */
async function everything({ page }: EnginePage): Promise<string> {
  const markup = await page.evaluate(() => {
    const copy = document.documentElement.cloneNode(true) as HTMLElement;
    for (const button of copy.querySelectorAll('.label-button, .hints')) button.remove();
    const values = [...document.querySelectorAll('*')].map((element) =>
      String((element as { value?: unknown }).value),
    );
    return [copy.outerHTML, document.title, ...values].join('\n');
  });
  const saved = await page.evaluate(() => (globalThis as unknown as { savedState(): string }).savedState());
  return `${markup}\n${saved}`;
}

describe.skipIf(!hasBrowser)('a blind reading', () => {
  let folder: string;
  let root: string;
  let open: EnginePage;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-blind-page-'));
    root = path.join(folder, 'readers');
    await blindProject(root, 36);
    open = await EnginePage.open(root);
    await open.page.waitForSelector('.tile[data-key] .picture.loaded');
  }, 180_000);
  afterAll(async () => {
    await open.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('names no class in text, hover, aria, markup or saved state, wherever the reader goes', async () => {
    const { page } = open;
    await page.locator('.tile .frame').first().click();
    await page.keyboard.press('Enter');
    await page.locator('.facts').getByText('view').waitFor();
    await expect.poll(() => page.locator('.facts').textContent()).toMatch(/^view(frontal|lateral)$/);
    for (const name of ['next', 'toggleHeatmap', 'toggleTileHeatmaps', 'selectAll', 'previous'] as const) {
      open.command({ name });
      await page.waitForTimeout(60);
    }
    for (const name of ['accept', 'keep', 'include', 'copyPath'] as const) open.command({ name });
    await page.getByText('What is hidden cannot be accepted').first().waitFor();
    await page.waitForTimeout(300);
    expect(await everything(open)).not.toMatch(telling);
    await expect
      .poll(() => page.locator('.tile').first().getAttribute('aria-label'))
      .toMatch(/^Image 1\. Label hidden/);
    for (const label of ['Queue', 'Label', 'Model', 'Sort by']) {
      const box = page.getByRole('combobox', { name: label, exact: true, includeHidden: true });
      await expect.poll(() => box.getAttribute('aria-disabled')).toBe('true');
    }
    // Nor was the page ever told: but for the classes that the buttons offer.
    const told = open.received.map((text) =>
      text.replace(/"findings":\[.*?\}\]|"valuesByKey":\[\[.*?\]\]/g, ''),
    );
    expect(told.join('\n')).not.toMatch(telling);
    if (process.env['OVERREAD_PICTURE'] !== undefined)
      await page.screenshot({ path: process.env['OVERREAD_PICTURE'] });
  });

  it('shows an image when it is answered, and only that one', async () => {
    const { page } = open;
    await page.keyboard.press('Escape');
    await page.locator('.tile .frame').first().click();
    open.command({ name: 'label', index: 0 });
    const first = page.locator('.tile').first();
    await eventually(async () => expect(await first.getAttribute('aria-label')).toMatch(telling));
    await expect
      .poll(() => page.locator('.tile').nth(1).getAttribute('aria-label'))
      .toMatch(/^Image 2\. Label hidden/);
    await eventually(async () => expect(await events(root)).toHaveLength(1));
    await expect.poll(async () => (await events(root))[0]?.shown).toMatchObject({ blind: true });
  });

  it('can be turned off, which the page says; an answer after that look is not blind', async () => {
    const { page } = open;
    await page.locator('.tile .frame').nth(1).click();
    open.command({ name: 'toggleBlind' });
    await page.getByText('This project asks for a blind reading.').waitFor();
    // The open list is of the errors and in another order: one of those that are not answered yet is looked at.
    const looked = page.locator(
      '.tile[data-key]:not([aria-label*="Edited"]):not([aria-label*="Kept"]):not([aria-label*="hidden"])',
    );
    await looked.first().locator('.frame').click();
    // It stays in focus, whatever it is called and wherever it lies in the blind list.
    const focused = page.locator('.tile.focused[data-key]');
    await eventually(async () => expect(await focused.getAttribute('aria-label')).toMatch(telling));
    open.command({ name: 'toggleBlind' });
    await eventually(async () => expect(await focused.getAttribute('aria-label')).toMatch(/Label hidden/));
    open.command({ name: 'label', index: 1 });
    await eventually(async () => expect(await events(root)).toHaveLength(2));
    expect((await events(root))[1]?.shown).toMatchObject({ blind: false });
  });

  it.each([1280, 1000, 760])(
    'has room in its bar for what it says beside, at a width of %i',
    async (width) => {
      const { page } = open;
      await page.setViewportSize({ width, height: 800 });
      open.show({ queue: 'all', splits: ['train'], sort: 'path', descending: false, batch: 'none' });
      await page.getByRole('button', { name: 'Images of a change ✕' }).waitFor();
      await eventually(async () => expect(await overflowing(page)).toEqual([]));
    },
  );
});

async function events(root: string): Promise<{ readonly shown?: object }[]> {
  const text = await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { shown?: object });
}
