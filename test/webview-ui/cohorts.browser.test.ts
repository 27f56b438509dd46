/** The page of cohorts in a real browser: what it shows, what its buttons ask for, keys and themes. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import { nameOfFocus } from './support/focus';
import { openPages } from './support/openPages';

const openPage = openPages();

async function open(options: Readonly<Record<string, string | number>> = {}): Promise<Page> {
  const page = await openPage({ bundle: 'cohorts', ...options }, { width: 1440, height: 900 });
  await page.waitForSelector('table, [role=alert]');
  return page;
}

function calls(page: Page): Promise<unknown[][]> {
  return page.evaluate(() =>
    (
      globalThis as unknown as { cohortsHarness: { calls: { method: string; params: unknown[] }[] } }
    ).cohortsHarness.calls.map(({ method, params }) => [method, ...params]),
  );
}

describe.skipIf(!hasBrowser)('cohorts in Chromium', () => {
  it('shows a table for each column, and which cohorts are too small', async () => {
    const page = await open();
    const view = page.getByRole('table', { name: 'Cohorts of view' });
    await expect
      .poll(() => view.getByRole('rowheader').allTextContents())
      .toEqual(['AP', '<img src=x onerror=alert(1)>']);
    expect(await page.locator('img').count()).toBe(0);
    await expect
      .poll(() => view.getByText('No_findings → Pneumonia: 46.0 %, elsewhere 21.0 % (q 0.031)').count())
      .toBe(1);
    const age = page.getByRole('table', { name: 'Cohorts of age' });
    await expect.poll(() => age.getByText('Fewer than 10 patients: counted only').count()).toBe(2);
    // Of no images there is nothing to open.
    await expect.poll(() => age.getByRole('row', { name: /^65/ }).getByRole('button').count()).toBe(0);
    await expect
      .poll(() =>
        age
          .getByRole('row', { name: /^below 18/ })
          .getByRole('button')
          .count(),
      )
      .toBe(3);
    await expect.poll(() => page.getByText('bands of age were guessed: from 18, 40 and 65').count()).toBe(1);
    const slices = page.getByRole('table', { name: 'Slices found by themselves' });
    await expect.poll(() => slices.getByRole('cell', { name: 'Holds', exact: true }).count()).toBe(1);
    await expect.poll(() => slices.getByRole('cell', { name: 'Too few patients' }).count()).toBe(1);
  });

  it('opens the images, or the errors, of a cohort by its filter, and keeps it as a queue', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Show the images of view AP in the review grid' }).click();
    await page.getByRole('combobox', { name: 'Part' }).press('ArrowDown');
    await page.getByText('25 of 483 wrong').waitFor();
    await page.getByRole('button', { name: 'Show the errors of view AP in the review grid' }).press('Enter');
    await page
      .getByRole('button', { name: 'Keep the errors of label Pneumonia, view AP as a queue of the project' })
      .press('Enter');
    await page
      .getByText('“label Pneumonia, view AP, as the person calls it” is a queue of the project now.')
      .waitFor();
    await expect
      .poll(() => calls(page))
      .toEqual([
        ['show', "view = 'AP'", 'train'],
        ['show', "(view = 'AP') AND wrong", 'validation'],
        [
          'addToReview',
          "(value = 'Pneumonia' AND view = 'AP') AND wrong",
          'validation',
          'label Pneumonia, view AP',
        ],
      ]);
  });

  it('asks for shortcuts and corrections when they are wanted', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Probe shortcuts' }).press('Enter');
    const shortcuts = page.getByRole('table', { name: 'Shortcuts' });
    await shortcuts.getByRole('cell', { name: 'Possible shortcut' }).waitFor();
    await page.getByRole('button', { name: 'Compare', exact: true }).press('Enter');
    await page.getByText('The corrections helped: AUROC 0.882').waitFor();
    await expect
      .poll(() => page.getByRole('table', { name: 'Did my corrections help?' }).getByRole('row').count())
      .toBe(7);
  });

  it('saves what it is found again by, and says why there is nothing to show', async () => {
    const page = await open();
    const saved = await page.evaluate(() =>
      (globalThis as unknown as { cohortsHarness: { saved(): unknown } }).cohortsHarness.saved(),
    );
    expect(saved).toMatchObject({ v: 1, root: '/project' });
    const none = await open({ fails: 1 });
    await none.getByRole('alert').getByText('This project has trained no run yet (OVR800)').waitFor();
  });

  it('has part, shortcuts, view and focus again when its tab is shown again', async () => {
    const page = await open();
    await page.getByRole('combobox', { name: 'Part' }).press('ArrowDown');
    await page.getByText('25 of 483 wrong').waitFor();
    const probe = page.getByRole('button', { name: 'Probe shortcuts' });
    await probe.press('Enter');
    const shortcuts = page.getByRole('table', { name: 'Shortcuts' });
    await shortcuts.waitFor();
    // Its own work disables a button; it keeps the keys.
    await expect.poll(() => nameOfFocus(page)).toBe('Probe shortcuts');
    const errors = 'Show the errors of age 18 to below 40 in the review grid';
    await page.getByRole('button', { name: errors }).press('Enter');
    const top = await page.evaluate(() => window.scrollY);
    await page.reload();
    await page.getByText('25 of 483 wrong').waitFor();
    await shortcuts.waitFor();
    await expect.poll(() => nameOfFocus(page)).toBe(errors);
    expect(await page.evaluate(() => window.scrollY)).toBe(top);
  });

  it('has no accessibility fault in any theme', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Probe shortcuts' }).click();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('The corrections helped').waitFor();
    const look = (theme: string) =>
      page.screenshot({ path: `test-results/cohorts-${theme}.png`, fullPage: true });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
      .toBe(true);
    expect(await faultsInThemes(page, look)).toEqual([]);
  });
});
