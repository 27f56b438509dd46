/** What the editor hears of keys: it listens on the page's window, and forwards what it hears to its keybindings. */
import type { Page } from 'playwright-core';

/** Listens from now on until the page is closed. @returns the keys heard so far, in their order */
export async function heardKeys(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const keys: string[] = [];
    Object.assign(globalThis, { heardKeys: keys });
    window.addEventListener('keydown', ({ key }) => keys.push(key), { signal: window.harness.ended });
  });
  return () => page.evaluate(() => (globalThis as unknown as { heardKeys: string[] }).heardKeys);
}
