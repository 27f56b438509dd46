/** The page of a new project in a real browser: what it shows, what can be chosen, and that data stays text. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import { openPages } from './support/openPages';

const openPage = openPages();

async function open(
  options: Readonly<Record<string, string | number>> = {},
  viewport?: { width: number; height: number },
): Promise<Page> {
  const page = await openPage({ bundle: 'newProject', ...options }, viewport);
  await page.waitForSelector('section, .fault');
  return page;
}

const played = (page: Page) =>
  page.evaluate(() => {
    const { calls, saved } = (
      globalThis as unknown as { newProjectHarness: { calls: unknown[]; saved: () => unknown } }
    ).newProjectHarness;
    return { calls, saved: saved() };
  });

async function choose(page: Page, setting: string, option: string): Promise<void> {
  const box = page.getByRole('combobox', { name: setting, exact: true });
  await box.click();
  await box.getByRole('option', { name: option, exact: true }).click();
}

describe.skipIf(!hasBrowser)('the page of a new project', () => {
  it('shows settings with reasons, images of each class, problems and what is not used, as text', async () => {
    const page = await open();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(10);
    await expect
      .poll(() => page.getByRole('row', { name: /dataset.group/ }).textContent())
      .toContain('of its name');
    await expect.poll(() => page.locator('.images img').count()).toBe(4);
    await expect.poll(() => page.getByText('No image of it was found.').count()).toBe(1);
    await page.getByText('<b>Nodule</b> 12 images').waitFor();
    expect(await page.locator('b').count()).toBe(0);
    await page.getByText('they disagree on 3 images').waitFor();
    await page.getByText('A guess to check. Check it.').waitFor();
    await page.getByText('site: few distinct texts').waitFor();
    await expect
      .poll(async () => (await played(page)).saved)
      .toEqual({
        v: 1,
        root: '/data/project',
        source: { kind: 'csv', path: '/data/reading.csv' },
        chosen: {},
      });
  });

  it('asks anew for each choice, keeps the focus on it, and gives the guess back', async () => {
    const page = await open();
    await choose(page, 'dataset.group', 'None');
    await page.getByText('24 images of 24 patients').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('dataset.group');
    await choose(page, 'dataset.path', 'site');
    await page.getByRole('alert').getByText('No column looks like labels (OVR104)').waitFor();
    // What led here is shown, and can be taken back.
    await expect
      .poll(() => page.getByRole('combobox', { name: 'dataset.path' }).getAttribute('current-value'))
      .toBe('"site"');
    const make = page.getByRole('button', { name: 'Make Project' });
    await expect.poll(() => make.isDisabled()).toBe(true);
    await choose(page, 'dataset.path', 'As guessed');
    await page.getByText('24 images of 24 patients').waitFor();
    await expect.poll(() => make.isDisabled()).toBe(false);
    await expect
      .poll(async () => (await played(page)).calls)
      .toEqual([
        { method: 'choose', params: ['group', null] },
        { method: 'choose', params: ['path', 'site'] },
        { method: 'guess', params: ['path'] },
      ]);
  });

  it('offers every guess as a choice: rows, reader, tables beside it, folders, patterns, parts', async () => {
    const page = await open();
    const options = async (setting: string): Promise<string[]> =>
      (
        await page
          .getByRole('combobox', { name: setting, exact: true })
          .locator('vscode-option')
          .allTextContents()
      ).map((text) => text.trim());
    await expect.poll(() => options('labels.rows')).toEqual(['one', 'findings', 'readings']);
    await expect.poll(() => options('dataset.join')).toEqual(['splits.csv', 'ages.csv', 'None']);
    await expect.poll(() => options('dataset.images')).toEqual(['images', 'copy/images']);
    await expect.poll(() => options('labels.reader')).toContain('site');
    await choose(page, 'dataset.join', 'ages.csv');
    const key = page.getByRole('textbox', { name: 'Column that both tables have' });
    await key.fill('file=image');
    await key.press('Enter');
    await choose(page, 'labels.rows', 'one');
    await choose(page, 'dataset.images', 'copy/images');
    const pattern = page.getByRole('textbox', { name: 'Part of the text that is the patient' });
    await pattern.fill('(P\\d+)');
    await pattern.press('Enter');
    await expect.poll(() => pattern.inputValue()).toBe('(P\\d+)');
    const parts = page.getByRole('textbox', { name: 'What its texts stand for' });
    await expect.poll(() => parts.inputValue()).toBe('1=train,2=test');
    await parts.fill('1=test,2=train');
    await parts.press('Enter');
    await choose(page, 'dataset.join', 'None');
    await expect
      .poll(async () => (await played(page)).calls)
      .toEqual([
        { method: 'choose', params: ['join', 'ages.csv'] },
        { method: 'choose', params: ['on', 'file=image'] },
        { method: 'choose', params: ['rows', 'one'] },
        { method: 'choose', params: ['image-root', 'copy/images'] },
        { method: 'choose', params: ['group-pattern', '(P\\d+)'] },
        { method: 'choose', params: ['split-values', '1=test,2=train'] },
        { method: 'choose', params: ['join', null] },
      ]);
  });

  it('takes columns by name where nothing was understood', async () => {
    const page = await open({ fails: 1 });
    const field = page.getByRole('textbox', { name: 'Column with the labels' });
    await field.fill('diagnosis');
    await field.press('Enter');
    await expect
      .poll(async () => (await played(page)).calls)
      .toEqual([{ method: 'choose', params: ['label', 'diagnosis'] }]);
    // The question that a table of several rows an image ends in is answered here.
    await choose(page, 'Several rows of an image are', 'readings, those of each reader apart');
    await expect
      .poll(async () => (await played(page)).calls.at(-1))
      .toEqual({ method: 'choose', params: ['rows', 'readings'] });
  });

  it('says why the project could not be made', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Make Project' }).click();
    await page.getByRole('alert').getByText('The disk is full (OVR003)').waitFor();
  });

  it('does not scroll sideways when it is narrow', async () => {
    const page = await open({}, { width: 420, height: 700 });
    await page.screenshot({ path: 'test-results/new-project-narrow.png', fullPage: true });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
      .toBe(true);
  });

  it('has no accessibility fault in any theme', async () => {
    const page = await open();
    const look = (theme: string) =>
      page.screenshot({ path: `test-results/new-project-${theme}.png`, fullPage: true });
    expect(await faultsInThemes(page, look)).toEqual([]);
  });
});
