import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { queueTable } from '../../src/core/review/queues';
import { scoreTable } from '../../src/core/review/scores';
import { gridKeyRows, keyName } from '../../src/protocol/gridKeys';
import { hasBrowser } from './harness/browser';
import { openPages } from './support/openPages';

const open = openPages();

describe.skipIf(!hasBrowser)('a page in another language', () => {
  it('shows and says no English of its own', async () => {
    const page = await open({ pseudo: 1 });
    await page.keyboard.press('Enter');
    await page.locator('.detail .facts').waitFor();
    await page.keyboard.press('?');
    await page.locator('.cheat-sheet').waitFor();
    const said = await textsOn(page);
    expect(said.filter((text) => text.includes('⟦')).length).toBeGreaterThan(60);
    // A long text that is cut in its middle is two, of which one begins the mark and the other ends it.
    expect(said.filter((text) => /\p{L}{2}/u.test(text) && !/[⟦⟧]/.test(text) && !isData(text))).toEqual([]);
  });
});

/** Everything that can be read, seen or heard, once. */
function textsOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const walk = (node: Node): void => {
      if (node.nodeType === Node.TEXT_NODE) found.add(node.textContent?.trim() ?? '');
      if (node instanceof Element) {
        if (node.matches('script, style')) return;
        for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext']) {
          found.add(node.getAttribute(name)?.trim() ?? '');
        }
      }
      node.childNodes.forEach(walk);
    };
    walk(document.body);
    return [...found];
  });
}

/** Titles of core's tables: the host hands them over in the editor's language. */
const fromTheHost: ReadonlySet<string> = new Set([
  ...queueTable.flatMap(({ title, hint, counted }) => [
    title,
    hint,
    ...Object.values(counted).flatMap(({ one, other }) => [one, other]),
  ]),
  ...scoreTable.map(({ title }) => title),
]);

/** As they are printed on the keyboard. */
const namesOfKeys = new Set(gridKeyRows.flatMap(({ keys }) => keys.map((key) => keyName(key))));

/** What comes with the synthetic project: classes behind their keys, columns and their values, paths, an error of a file. */
function isData(text: string): boolean {
  return (
    /^(\d\s+)?(normal|pneumonia|effusion)$/.test(text) ||
    namesOfKeys.has(text) ||
    /^(class|age|sex|view_position|PA|patient-\d+|.*\.png|site\d|.*\d{4}.*|DenseNet.*)$/.test(text) ||
    text.startsWith('The image ends after') ||
    // Without the count: `Errors (120)`, `120 errors`.
    fromTheHost.has(text.replace(/ \([\d,]+\)$/, '').replace(/^[\d,]+ /, '{n} '))
  );
}
