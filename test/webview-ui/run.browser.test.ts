/** The page of a run in a real browser: figures, curves, thresholds; what it asks of the host; keyboard, widths, themes. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import { nameOfFocus } from './support/focus';
import { openPages } from './support/openPages';

const openPage = openPages();

interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
}

async function open(
  options: Readonly<Record<string, string | number>> = {},
  viewport?: { width: number; height: number },
): Promise<Page> {
  const page = await openPage({ bundle: 'run', ...options }, viewport);
  await page.waitForSelector('h1');
  return page;
}

const calls = (page: Page): Promise<readonly Call[]> =>
  page.evaluate(() => (globalThis as unknown as { runHarness: { calls: Call[] } }).runHarness.calls);
const lastTried = async (page: Page): Promise<unknown> =>
  (await calls(page)).filter(({ method }) => method === 'tryTarget').at(-1)?.params[1];
const thresholdTable = (page: Page) => page.getByRole('table', { name: 'Threshold' });
const settled = (page: Page): Promise<void> => thresholdTable(page).waitFor();

describe.skipIf(!hasBrowser)('the page of a run in Chromium', () => {
  it('shows figures, four charts of the chosen output with bands, and its confusion', async () => {
    const page = await open();
    await settled(page);
    const figures = page.getByRole('table', { name: /^Figures/ });
    await expect
      .poll(() => figures.getByRole('columnheader').allTextContents())
      .toEqual(['Figure', 'Out of fold', 'Validation']);
    const charts = page.locator('.charts svg');
    await expect.poll(() => charts.count()).toBe(4);
    for (const name of ['ROC curve', 'Precision and recall', 'Calibration', 'Decision curve'])
      await expect.poll(() => page.getByRole('img', { name }).count()).toBe(1);
    await page.locator('.chart-out-of-fold-band').first().waitFor();
    await expect.poll(() => page.locator('.charts .chart-out-of-fold-band').count()).toBe(2);
    await expect.poll(() => page.locator('.charts .chart-reader').count()).toBe(2);
    const auroc = await figures.getByRole('row', { name: /AUROC/ }).textContent();
    expect(auroc).toMatch(/0\.\d{3}/);
    await page.getByRole('combobox', { name: 'Finding' }).press('ArrowDown');
    await expect.poll(() => page.getByRole('table', { name: /Labels in rows/ }).count()).toBe(2);
    await expect.poll(async () => (await calls(page)).at(-1)?.params[0]).toMatch(/^Enlargement/);
  });

  it('the slider tries thresholds by keyboard, marks them, and opens the images that change side', async () => {
    const page = await open();
    await settled(page);
    // overread.yaml has a target for it: that is where it starts.
    await expect.poll(() => lastTried(page)).toEqual({ sensitivity: 0.9 });
    const slider = page.getByRole('slider', { name: 'Threshold' });
    const before = await page.locator('.value').textContent();
    await slider.focus();
    await slider.press('ArrowRight');
    await expect.poll(() => page.locator('.value').textContent()).not.toBe(before);
    await expect.poll(() => lastTried(page)).toHaveProperty('threshold');
    const higher = ((await lastTried(page)) as { threshold: number }).threshold;
    expect(higher).toBeGreaterThan(Number(before));
    await slider.press('Home');
    await expect
      .poll(async () => ((await lastTried(page)) as { threshold: number }).threshold)
      .toBeLessThan(0.05);
    await slider.press('End');
    await expect
      .poll(async () => ((await lastTried(page)) as { threshold: number }).threshold)
      .toBeGreaterThan(0.9);
    await expect.poll(() => page.locator('.charts .chart-validation-mark').count()).toBeGreaterThan(1);
    await page.getByText('7 images change side (5 more called, 2 fewer)').waitFor();
    await page.getByRole('button', { name: 'Show them in the grid' }).press('Enter');
    await page.getByText('7 images are in the review grid.').waitFor();
    await expect
      .poll(async () => (await calls(page)).at(-1))
      .toMatchObject({
        method: 'showChanged',
        params: ['Pneumonia', expect.any(Number)],
      });
  });

  it('a button pressed right after the slider means what the slider says', async () => {
    const page = await open();
    await settled(page);
    await expect.poll(() => lastTried(page)).toEqual({ sensitivity: 0.9 });
    for (const [button, method, at] of [
      ['Show them in the grid', 'showChanged', '3'],
      ['Write into overread.yaml', 'keepTarget', '5'],
    ] as const) {
      // In one turn of the page: nothing has been tried in between.
      const shown = await page.evaluate(
        ([name, value]) => {
          const slider = document.querySelector<HTMLInputElement>('input[type=range]')!;
          slider.value = value;
          slider.dispatchEvent(new Event('input'));
          const buttons = [...document.querySelectorAll<HTMLElement>('.thresholds vscode-button')];
          buttons.find(({ textContent }) => textContent === name)!.click();
          return document.querySelector('.value')!.textContent;
        },
        [button, at] as const,
      );
      await expect.poll(async () => (await calls(page)).at(-1)).toMatchObject({ method });
      const { params } = (await calls(page)).at(-1)!;
      const meant = method === 'showChanged' ? params[1] : (params[1] as { threshold: number }).threshold;
      expect(Number(meant).toFixed(4)).toBe(shown);
    }
  });

  it('has finding, threshold and focus again when its tab is shown again', async () => {
    const page = await open();
    await settled(page);
    await page.getByRole('combobox', { name: 'Finding' }).press('ArrowDown');
    await expect.poll(async () => (await calls(page)).at(-1)?.params[0]).toMatch(/^Enlargement/);
    const slider = page.getByRole('slider', { name: 'Threshold' });
    await slider.press('End');
    const threshold = async (): Promise<number> =>
      ((await lastTried(page)) as { threshold: number }).threshold;
    await expect.poll(threshold).toBeGreaterThan(0.9);
    const tried = await threshold();
    await page.getByRole('button', { name: 'Show them in the grid' }).press('Enter');
    await page.getByText('7 images are in the review grid.').waitFor();
    await page.reload();
    await settled(page);
    await expect.poll(() => nameOfFocus(page)).toBe('Show them in the grid');
    expect((await calls(page)).findLast(({ method }) => method === 'tryTarget')?.params[0]).toMatch(
      /^Enlargement/,
    );
    expect(await threshold()).toBe(tried);
  });

  it('sets a target and writes it into overread.yaml', async () => {
    const page = await open();
    await settled(page);
    await page.getByText('In overread.yaml: sensitivity 90 %').waitFor();
    const share = page.getByRole('textbox', { name: 'In percent', exact: true });
    await share.fill('abc');
    await share.press('Enter');
    await page.getByText('A number above 0 and below 100').waitFor();
    await share.fill('97,5');
    await share.press('Enter');
    await expect.poll(() => lastTried(page)).toEqual({ sensitivity: 0.975 });
    await page.getByRole('button', { name: 'Write into overread.yaml' }).press('Enter');
    await page.getByText('operating_points in overread.yaml: Pneumonia').waitFor();
    await expect
      .poll(async () => (await calls(page)).at(-1))
      .toEqual({
        method: 'keepTarget',
        params: ['Pneumonia', { sensitivity: 0.975 }],
      });
    await page.getByText('In overread.yaml: sensitivity 97.5 %').waitFor();
    await page.getByRole('combobox', { name: 'Target' }).press('ArrowUp');
    await expect.poll(() => lastTried(page)).toBe('youden');
    await expect.poll(() => share.isVisible()).toBe(false);
  });

  it('takes a target out of overread.yaml, and knows afterwards what stands there', async () => {
    const page = await open();
    await settled(page);
    const out = page.getByRole('button', { name: 'Take out of overread.yaml' });
    await page.getByText('In overread.yaml: sensitivity 90 %').waitFor();
    await out.press('Enter');
    await page.getByText('Pneumonia has no target in overread.yaml any more').waitFor();
    await page.getByText('No target is set in overread.yaml').waitFor();
    await expect.poll(() => out.isDisabled()).toBe(true);
    expect((await calls(page)).at(-1)).toEqual({ method: 'keepTarget', params: ['Pneumonia', null] });
    // Another finding and back: what was taken out does not come again.
    const chooser = page.getByRole('combobox', { name: 'Finding' });
    await chooser.press('ArrowDown');
    await expect.poll(async () => (await calls(page)).at(-1)?.params[0]).toMatch(/^Enlargement/);
    await chooser.press('ArrowUp');
    await expect.poll(() => lastTried(page)).toEqual({ threshold: 0.5 });
    await page.getByText('No target is set in overread.yaml').waitFor();
  });

  it('gives a guarantee once, by keyboard, or says why there is none', async () => {
    const page = await open();
    await settled(page);
    await page.getByText('0 looks at the test part so far').waitFor();
    const button = page.getByRole('button', { name: 'Try once: spends the test part' });
    const share = page.getByRole('textbox', { name: 'At least, in percent' });
    await share.fill('100');
    await button.press('Enter');
    await page.getByText('A number above 0 and below 100').waitFor();
    await share.fill('40');
    await page.getByRole('combobox', { name: 'Guarantee' }).press('ArrowDown');
    await button.press('Enter');
    const told = page.locator('.guarantee .said');
    await expect
      .poll(() => told.textContent())
      .toMatch(
        /^Guaranteed: a PPV of at least 40 % for Pneumonia, with a confidence of 95 %, at or above 0\.\d{4} \(\d+ of \d+ patients right\)\.$/,
      );
    expect((await calls(page)).at(-1)).toEqual({
      method: 'guarantee',
      params: [{ output: 'Pneumonia', figure: 'ppv', atLeast: 0.4, confidence: 0.95 }],
    });
    await page.getByText('1 look at the test part so far').waitFor();
    expect(await button.isVisible()).toBe(false);
  });

  it('offers no guarantee on a test part that was looked at, and none where nothing is written', async () => {
    const spent = await open({ spent: 1 });
    await settled(spent);
    await spent.getByText('No guarantee can be given. The test part has been looked at once.').waitFor();
    const button = (page: Page) => page.getByRole('button', { name: 'Try once: spends the test part' });
    expect(await button(spent).isVisible()).toBe(false);
    const untrusted = await open({ untrusted: 1 });
    await settled(untrusted);
    await untrusted.getByText('Trust the workspace to try it').waitFor();
    expect(await button(untrusted).isDisabled()).toBe(true);
  });

  it('keeps the test part out of sight until it is asked for, and says how often it was looked at', async () => {
    const page = await open();
    await settled(page);
    await page.getByText('0 looks at the test part so far').waitFor();
    expect(await page.getByRole('columnheader', { name: 'Test', exact: true }).count()).toBe(0);
    expect(await page.locator('.chart-test-line').count()).toBe(0);
    await page.getByRole('button', { name: 'Show the test part' }).press('Enter');
    await page.getByText('1 look at the test part so far').waitFor();
    await page.getByRole('columnheader', { name: 'Test', exact: true }).first().waitFor();
    expect((await calls(page)).filter(({ method }) => method === 'ready')).toHaveLength(1);
  });

  it('says where there are too few patients, and why there is no threshold', async () => {
    const page = await open({ few: 1, outputs: 3 });
    await settled(page);
    const chooser = page.getByRole('combobox', { name: 'Finding' });
    await chooser.press('ArrowDown');
    await chooser.press('ArrowDown');
    await page
      .getByText('Out of fold: fewer than 10 patients with it (3), so there are no bands and no intervals.')
      .waitFor();
    await page.getByRole('combobox', { name: 'Target' }).press('ArrowDown');
    await page
      .getByText(/has 3 positive and 237 negative patients out of fold; a threshold needs ten of each/)
      .waitFor();
    await expect
      .poll(() => page.getByRole('button', { name: 'Show them in the grid' }).isDisabled())
      .toBe(true);
  });

  it('has an empty state, and says why a run cannot be shown', async () => {
    const empty = await open({ empty: 1 });
    await empty.getByText('There is nothing to measure').waitFor();
    const gone = await open({ fails: 1 });
    await gone.getByRole('alert').getByText('No run is named "gone" (OVR800)').waitFor();
  });

  it('says what weights, prevalence and trust mean for it', async () => {
    const page = await open({ random: 1, prevalence: 1, untrusted: 1 });
    await settled(page);
    await page.getByText('The weights of the network are random').waitFor();
    await page.getByText('PPV, NPV and decision curve are at a prevalence of 2 %.').waitFor();
    await expect
      .poll(() => page.getByRole('button', { name: 'Write into overread.yaml' }).isDisabled())
      .toBe(true);
  });

  it('shows data as text, never as markup', async () => {
    const page = await open({ hostile: 1 });
    await settled(page);
    await page.getByRole('combobox', { name: 'Finding' }).press('ArrowDown');
    await expect.poll(async () => (await calls(page)).at(-1)?.params[0]).toBe('<img src=x onerror=alert(1)>');
    expect(await page.locator('img').count()).toBe(0);
  });

  it.each([320, 700, 1440])('fits a window of %d px: only tables scroll sideways', async (width) => {
    const page = await open({ outputs: 6 }, { width, height: 800 });
    await settled(page);
    await page.getByRole('combobox', { name: 'Finding' }).press('ArrowDown');
    await expect.poll(async () => (await calls(page)).at(-1)?.params[0]).toMatch(/^Enlargement/);
    await page.screenshot({ path: `test-results/run-${width}.png`, fullPage: true });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
      .toBe(true);
  });

  it('has no accessibility fault in any theme', async () => {
    const page = await open({ random: 1 });
    await settled(page);
    await page.locator('.chart-out-of-fold-band').first().waitFor();
    const look = (theme: string) =>
      page.screenshot({ path: `test-results/run-${theme}.png`, fullPage: true });
    expect(await faultsInThemes(page, look)).toEqual([]);
  });
});
