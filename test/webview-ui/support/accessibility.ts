/** What axe finds in an open page. */
import { AxeBuilder } from '@axe-core/playwright';
import axe, { type AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import type { ThemeName } from '../harness/themes';

/** A theme changes colours alone: two of the four get every rule, a dark one and one of high contrast. */
const everyRule: readonly ThemeName[] = ['dark', 'hc-light'];
const colourRules = ['color-contrast', 'link-in-text-block'];

export const themeNames: readonly ThemeName[] = ['dark', 'light', 'hc-dark', 'hc-light'];

/** A list that is asked for anew is pale until it is there. A page that stays so is looked at as it is. */
async function settled(frame: Frame): Promise<void> {
  await frame
    .locator('main[aria-busy="true"]')
    .waitFor({ state: 'detached', timeout: 5000 })
    .catch(() => undefined);
}

/** One line for each rule that is broken. */
export async function accessibilityFaults(page: Page, theme: ThemeName): Promise<string[]> {
  await settled(page.mainFrame());
  // Of what passes nobody reads more than the rule's name, and to name every node of it takes five times as long as the
  // rules do. Only the mode that looks into no frame of another origin, of which a page has none, leaves that out.
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true);
  return faultsIn(await (everyRule.includes(theme) ? builder : builder.withRules(colourRules)).analyze());
}

/** The same for a page inside the editor's window, every rule. */
export async function faultsOfFrame(frame: Frame): Promise<string[]> {
  await settled(frame);
  await frame.evaluate(axe.source);
  return faultsIn(
    await frame.evaluate(() => {
      const { axe: inPage } = globalThis as unknown as { readonly axe: typeof axe };
      return inPage.run(document, { resultTypes: ['violations'] });
    }),
  );
}

/** The same for a document in which no script runs, nor axe: its markup as it stands, in a page of its own. */
export async function faultsOfMarkup(frame: Frame): Promise<string[]> {
  const page = await frame.page().context().newPage();
  try {
    await page.setContent(await frame.content());
    return await faultsOfFrame(page.mainFrame());
  } finally {
    await page.close();
  }
}

function faultsIn({ violations, passes }: Pick<AxeResults, 'violations' | 'passes'>): string[] {
  // A rule that has nothing to look at finds nothing.
  if (!passes.some(({ id }) => id === 'color-contrast')) throw new Error('axe saw no text');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}
