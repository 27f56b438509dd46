/** What the tests of the pages see of an accessibility fault, wherever it is. */
import { expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { accessibilityFaults } from './support/accessibility';
import { tiles } from './support/gridPage';
import { openPages } from './support/openPages';

const openPage = openPages();

it.skipIf(!hasBrowser)('a fault of one tile among many that are alike is seen', async () => {
  const page = await openPage();
  expect((await tiles(page)).length).toBeGreaterThan(20);
  const valueOf = (tile: number) => page.locator('.tile').nth(tile).locator('.value').last();
  await valueOf(9).evaluate((element) => {
    element.style.color = '#444';
  });
  await valueOf(11).evaluate((element) => {
    element.role = 'button';
    element.tabIndex = 0;
    element.textContent = '';
    element.removeAttribute('title');
  });
  const faults = await accessibilityFaults(page, 'dark');
  expect(faults).toHaveLength(3);
  expect(faults).toContainEqual(expect.stringMatching(/^color-contrast: <span class="value[^<]*<\/span>$/));
  expect(faults).toContainEqual(expect.stringMatching(/^aria-command-name: <span class="value/));
  expect(faults).toContainEqual(expect.stringMatching(/^nested-interactive: <div class="tile/));
});
