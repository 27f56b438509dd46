/** The review grid of a project that cannot be read: at its start, and while it is shown. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { openPages } from './support/openPages';
import { faultsInThemes } from './support/accessibility';
import { calls, command, eventually } from './support/gridPage';

const message = 'model.crop is "hole". Expected: timm or whole. Did you mean "whole"?';
const fault = { place: 'overread.yaml, line 12, column 9', message };

const open = openPages();

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['OVERREAD_SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}

describe.skipIf(!hasBrowser)('a project that cannot be read', () => {
  it('says why the page did not start, and leads to the file, the log and another try', async () => {
    const page = await open({ startfailure: message });
    const alert = page.getByRole('alert');
    await expect.poll(() => alert.textContent()).toContain('Did you mean "whole"?');
    await shot(page, 'start-failure');
    await alert.getByRole('button', { name: 'Open file' }).click();
    await alert.getByRole('button', { name: 'Show log' }).click();
    await eventually(async () => {
      expect([(await calls(page, 'openFault')).length, (await calls(page, 'showLog')).length]).toEqual([
        1, 1,
      ]);
    });
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.tile[data-key]').first().waitFor();
    await expect.poll(() => alert.count()).toBe(0);
  });

  it('stays on show as it was, below a bar that says what is wrong and where, and edits go on', async () => {
    const page = await open();
    const tell = (told: typeof fault | null): Promise<void> =>
      page.evaluate((payload) => window.harness.emit('fault', { fault: payload }), told);
    await tell(fault);
    const bar = page.getByRole('alert').filter({ hasText: 'overread.yaml' });
    await bar.waitFor();
    await expect
      .poll(() => bar.textContent())
      .toContain('overread.yaml, line 12, column 9: model.crop is "hole".');
    await shot(page, 'fault-bar');
    await bar.getByRole('button', { name: 'Open file' }).click();
    await eventually(async () => expect(await calls(page, 'openFault')).toHaveLength(1));
    await command(page, { name: 'accept' });
    await eventually(async () => expect(await calls(page, 'edit')).toHaveLength(1));
    await page.setViewportSize({ width: 360, height: 480 });
    await shot(page, 'fault-bar-narrow');
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(360);
    await tell(null);
    await bar.waitFor({ state: 'hidden' });
  });

  it('has no accessibility fault in any theme', async () => {
    const failed = await open({ startfailure: message });
    expect(await faultsInThemes(failed, (theme) => shot(failed, `start-failure-${theme}`))).toEqual([]);
    const page = await open();
    await page.evaluate((payload) => window.harness.emit('fault', { fault: payload }), fault);
    await page.getByRole('alert').filter({ hasText: fault.place }).waitFor();
    expect(await faultsInThemes(page, (theme) => shot(page, `fault-bar-${theme}`))).toEqual([]);
  });
});
