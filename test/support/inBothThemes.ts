/** A page of the window in a dark and a light theme: pictures, and what axe finds in it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame } from 'playwright-core';
import { expect } from 'vitest';
import { faultsOfFrame, type Rules } from '../webview-ui/support/accessibility';
import { eventually } from './eventually';
import type { Workbench } from './workbench';

const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern' } as const;
type Theme = keyof typeof themes;

/**
 * Takes `NAME-dark.png` and `NAME-light.png` of the window and expects no fault in the page: by every rule in
 * the first of them, by those of colours in the other, since a theme changes nothing else. The theme is a setting of the
 * folder, since the server is other windows' too; the one that is on comes first.
 */
export async function inBothThemes(
  workbench: Workbench,
  folder: string,
  name: string,
  frame: Frame,
  faultsOf: (frame: Frame, rules: Rules) => Promise<string[]> = faultsOfFrame,
): Promise<void> {
  const first = await themeOf(frame);
  for (const theme of [first, first === 'dark' ? 'light' : 'dark'] as const) {
    const file = path.join(folder, '.vscode', 'settings.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ 'workbench.colorTheme': themes[theme] }));
    await eventually(`the page is ${theme}`, async () => expect(await themeOf(frame)).toBe(theme));
    await workbench.screenshot(`${name}-${theme}`);
    expect(await faultsOf(frame, theme === first ? 'every' : 'colours'), theme).toEqual([]);
  }
}

async function themeOf(frame: Frame): Promise<Theme> {
  const kind = await frame.locator('body').getAttribute('data-vscode-theme-kind');
  return kind === 'vscode-light' ? 'light' : 'dark';
}
