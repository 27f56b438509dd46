/**
 * Pages as slow as those of a busy machine: `OVERREAD_THROTTLE=6 npm run test:page` has Chromium give each page a sixth of
 * its processor's time.
 */
import type { Page } from 'playwright-core';

/** How many times slower than the machine a page is; 1 unless it was asked for. */
export const slowness = Math.max(1, Number(process.env['OVERREAD_THROTTLE'] ?? 1));

/** Slows a page that was just opened down, for as long as it is open. */
export async function slowDown(page: Page): Promise<void> {
  if (slowness === 1) return;
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowness });
}
