import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectTexts, placesOf } from '../../scripts/texts/collect';
import { queueTable } from '../../src/core/review/queues';
import { scoreTable } from '../../src/core/review/scores';
import { english } from '../../webview-ui/grid/strings';
import { translated } from '../../webview-ui/texts';
import { Harness, hasBrowser } from './harness/browser';

describe('the texts of a page', () => {
  it('stay English where there is no translation', () => {
    expect(translated(english, {})).toEqual(english);
    const german = { Train: 'Training' };
    expect(translated(english, german).splits).toEqual({ ...english.splits, train: 'Training' });
  });

  it('take plural forms that English does not have', () => {
    const czech = { '{n} error': '{n} chyba', '{n} errors': '{n} chyb', '{n} errors/few': '{n} chyby' };
    expect(translated({ one: '{n} error', other: '{n} errors' }, czech)).toEqual({
      one: '{n} chyba',
      few: '{n} chyby',
      other: '{n} chyb',
    });
  });

  it('and those of the host are collected for translators, with their places', () => {
    const texts = collectTexts(path.resolve(import.meta.dirname, '../..'));
    expect(texts).toContain(english.whereHelp);
    expect(texts).toContain('Delete run {0}?');
    expect(texts).toContain('Most confident errors');
    expect(texts).toContain('Review: {0}');
    expect(new Set(texts).size).toBe(texts.length);
    expect(placesOf('{b} of {a}')).toEqual(['{a}', '{b}']);
  });
});

describe.skipIf(!hasBrowser)('a page in another language', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(async () => {
    await harness.close();
  });

  it('shows and says no English of its own', async () => {
    const { page, faults } = await harness.open({ pseudo: 1 });
    await page.keyboard.press('Enter');
    await page.locator('.detail').waitFor();
    await page.locator('.detail dl').first().waitFor();
    const said = await textsOn(page);
    expect(said.filter((text) => text.includes('⟦')).length).toBeGreaterThan(60);
    expect(said.filter((text) => /\p{L}{2}/u.test(text) && !text.includes('⟦') && !isData(text))).toEqual([]);
    expect(faults).toEqual([]);
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
const fromTheHost = new Set([
  ...queueTable.flatMap(({ title, hint }) => [title, hint]),
  ...scoreTable.map(({ title }) => title),
]);

/** What comes with the synthetic project: classes behind their keys, columns and their values, paths, an error of a file. */
function isData(text: string): boolean {
  return (
    /^(\d )?(normal|pneumonia|effusion)$/.test(text) ||
    /^(class|age|sex|view_position|PA|patient-\d+|.*\.png|site\d|.*\d{4}.*|DenseNet.*)$/.test(text) ||
    text.startsWith('The image ends after') ||
    fromTheHost.has(text)
  );
}
