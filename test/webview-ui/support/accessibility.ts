/** What axe finds in an open page. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { ThemeName } from '../harness/themes';

/** A theme changes colours alone: two of the four get every rule, a dark one and one of high contrast. */
const everyRule: readonly ThemeName[] = ['dark', 'hc-light'];
const colourRules = ['color-contrast', 'link-in-text-block'];

export const themeNames: readonly ThemeName[] = ['dark', 'light', 'hc-dark', 'hc-light'];

/** One line for each rule that is broken. */
export async function accessibilityFaults(page: Page, theme: ThemeName): Promise<string[]> {
  // Of what passes nobody reads more than the rule's name, and to name every node of it takes five times as long as the
  // rules do. Only the mode that looks into no frame of another origin, of which a page has none, leaves that out.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true);
  const { violations, passes } = await (
    everyRule.includes(theme) ? axe : axe.withRules(colourRules)
  ).analyze();
  // A rule that has nothing to look at finds nothing.
  if (!passes.some(({ id }) => id === 'color-contrast')) throw new Error('axe saw no text');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}
