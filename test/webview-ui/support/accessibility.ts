/** What axe finds in an open page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import { showTheme, type ThemeName } from '../harness/themes';

/** The small one: it goes into every page that is looked at. */
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What each theme is looked at for. A theme changes colours alone, so the dark one, which the pages have first, is held to every
 * rule, and so to names, roles and structure, once; the light one and those of high contrast each have colours of their own, and are
 * held to the rules of colours.
 */
const everyRule: ThemeName = 'dark';
const colourRules = ['color-contrast', 'link-in-text-block'];

export const themeNames: readonly ThemeName[] = ['dark', 'light', 'hc-dark', 'hc-light'];

/** A list that is asked for anew is pale until it is there. A page that stays so is looked at as it is. */
async function settled(frame: Frame): Promise<void> {
  const pale = 'main[aria-busy="true"]';
  await frame
    .waitForFunction((selector) => document.querySelector(selector) === null, pale, { timeout: 5000 })
    .catch(() => undefined);
}

/** One line for each rule that is broken. @param theme the one that the page is in */
export function accessibilityFaults(page: Page, theme: ThemeName): Promise<string[]> {
  return faultsByRules(page.mainFrame(), theme === everyRule ? undefined : colourRules);
}

/**
 * The same in each theme, which is changed under the open page as a person changes that of the editor: one line for each rule that is
 * broken in one. @param look sees the page in each
 */
export async function faultsInThemes(
  page: Page,
  look: (theme: ThemeName) => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const faults: string[] = [];
  for (const theme of themeNames) {
    await showTheme(page, theme);
    await look(theme);
    faults.push(...(await accessibilityFaults(page, theme)).map((fault) => `${theme}: ${fault}`));
  }
  return faults;
}

/** The rules that a document is held to: all, or those alone that the colours of a theme may break. */
export type Rules = 'every' | 'colours';

/** The same for a page inside the editor's window. */
export function faultsOfFrame(frame: Frame, rules: Rules = 'every'): Promise<string[]> {
  return faultsByRules(frame, rules === 'every' ? undefined : colourRules);
}

/** @param rules those alone; undefined: every one */
async function faultsByRules(frame: Frame, rules?: readonly string[]): Promise<string[]> {
  await settled(frame);
  if (!(await frame.evaluate(() => 'axe' in globalThis))) await frame.evaluate(source);
  return faultsIn(
    await frame.evaluate(async (only) => {
      const { axe: inPage } = globalThis as unknown as { readonly axe: typeof axe };
      // Of what passes nobody reads more than the rule's name, and to name every node of it takes five times as long as the rules do.
      const options = only === undefined ? {} : { runOnly: [...only] };
      const { violations, passes } = await inPage.run(document, { ...options, resultTypes: ['violations'] });
      return { violations, passes: passes.map(({ id }) => ({ id })) };
    }, rules),
  );
}

/** The same for a document in which no script runs, nor axe: its markup as it stands, in a page of its own. */
export async function faultsOfMarkup(frame: Frame, rules?: Rules): Promise<string[]> {
  const page = await frame.page().context().newPage();
  try {
    await page.setContent(await frame.content());
    return await faultsOfFrame(page.mainFrame(), rules);
  } finally {
    await page.close();
  }
}

function faultsIn({
  violations,
  passes,
}: Pick<AxeResults, 'violations'> & { passes: readonly { id: string }[] }): string[] {
  // A rule that has nothing to look at finds nothing.
  if (!passes.some(({ id }) => id === 'color-contrast')) throw new Error('axe saw no text');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}
