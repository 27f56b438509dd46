/** VS Code's window by keyboard alone, as somebody has it who uses no pointer: nothing here clicks, and only a title in the palette is not typed key by key. */
import type { Frame, Locator } from 'playwright-core';
import { patience } from '../../scripts/test/patience.mjs';
import { eventually } from './eventually';
import { patienceForRow, type Workbench } from './workbench';

/** Controls that Tab goes through before somebody gives up. */
const mostTabs = 80;

export class ByKeys {
  constructor(private readonly workbench: Workbench) {}

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.workbench.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.workbench.page.keyboard.type(text);
  }

  /** Runs a command of the palette: its title is typed, and Enter takes its row. */
  async command(title: string): Promise<void> {
    const input = this.workbench.page.locator('.quick-input-widget:visible input.input:focus');
    const label = title.replaceAll('"', '\\"');
    const row = this.focusedRow().and(
      this.workbench.page.locator(`[aria-label="${label}"], [aria-label^="${label}, "]`),
    );
    const next = patienceForRow();
    await eventually(
      `the palette runs "${title}"`,
      async () => {
        await this.press('F1');
        await input.waitFor({ timeout: 10_000 });
        // Into the palette, at once: a page that takes the keys meanwhile would take the letters for answers.
        await input.fill(`>${title}`, { timeout: 10_000 });
        try {
          await row.waitFor({ timeout: next() });
          await input.press('Enter', { timeout: 10_000 });
        } catch (error) {
          await this.press('Escape');
          throw error;
        }
      },
      2 * patience,
    );
  }

  /** Goes to a view by its command, and down to the row that holds `text`. */
  async toRow(command: string, text: string | RegExp): Promise<void> {
    const list = this.workbench.page.locator('.part .monaco-list:focus');
    await eventually(
      `"${command}" gives its list the keys`,
      async () => {
        await this.command(command);
        await list.waitFor({ timeout: 5000 });
      },
      2 * patience,
    );
    await list.locator('.monaco-list-row').filter({ hasText: text }).first().waitFor();
    // Down from the top, wherever it was.
    await this.press('Home');
    await this.goTo(list.locator('.monaco-list-row.focused'), text, 'ArrowDown');
  }

  /** Goes down the open quick pick to the row that holds `text`, and takes it. */
  async pick(text: string | RegExp): Promise<void> {
    const rows = this.workbench.quickPickRows();
    await rows.filter({ hasText: text }).first().waitFor();
    await this.goTo(this.focusedRow(), text, 'ArrowDown');
    await this.press('Enter');
  }

  /**
   * Presses a key until what is marked as the row of the keys holds `text`.
   * @param focused what the list marks so: no row, or one
   */
  async goTo(focused: Locator, text: string | RegExp, key: string): Promise<void> {
    const isThere = (shown: string): boolean =>
      typeof text === 'string' ? shown.includes(text) : text.test(shown);
    let shown = await textOf(focused);
    for (let pressed = 0; !isThere(shown); pressed++) {
      if (pressed > mostTabs) throw new Error(`${key} does not lead to ${String(text)}: at ${shown}`);
      const before = shown;
      await this.press(key);
      shown = await eventually(`${key} leads on from ${before}`, async () => {
        const now = await textOf(focused);
        if (now === before || now === '') throw new Error(`still at ${now}`);
        return now;
      });
    }
  }

  /**
   * Presses Tab, or Shift+Tab, until the control of this name has the focus inside a page.
   * @param name what a screen reader calls it, whole
   */
  async tabTo(frame: Frame, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const seen: string[] = [];
    let at = await eventually('the page has the keys', async () => focusIn(frame));
    while (at.name !== name) {
      seen.push(at.name);
      if (seen.length > mostTabs) throw new Error(`${key} does not lead to "${name}": ${seen.join(' | ')}`);
      const before = at.place;
      await this.press(key);
      at = await eventually(`${key} leads on from "${at.name}" (to "${name}")`, async () => {
        const now = await focusIn(frame);
        if (now.place === before) throw new Error('it is still there');
        return now;
      });
    }
  }

  /** Waits until the control of this name has the focus of the window. */
  async has(frame: Frame, name: string): Promise<void> {
    await eventually(`"${name}" has the keys`, async () => {
      const at = await focusIn(frame);
      if (at.name !== name) throw new Error(`"${at.name}" has them`);
    });
  }

  private focusedRow(): Locator {
    return this.workbench.page.locator(
      '.quick-input-widget:visible .quick-input-list .monaco-list-row.focused',
    );
  }
}

async function textOf(row: Locator): Promise<string> {
  const texts = await row.allInnerTexts();
  return (texts[0] ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** What has the focus inside a page: its name, and where it stands in the document. @throws where the focus is elsewhere */
async function focusIn(frame: Frame): Promise<{ readonly name: string; readonly place: number }> {
  const found = await frame.evaluate(() => {
    const active = document.hasFocus() ? document.activeElement : null;
    if (active === null) return null;
    const isPage = active === document.body || active === document.documentElement;
    const name = isPage ? '' : (active.getAttribute('aria-label') ?? active.textContent.trim());
    return { name, place: [...document.querySelectorAll('*')].indexOf(active) };
  });
  if (found === null) throw new Error('the focus is outside of the page');
  return found;
}
