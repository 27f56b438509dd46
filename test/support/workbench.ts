/** VS Code's window as a person uses it: palette, views, notifications, status bar, keys. */
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { patience } from '../../scripts/test/patience.mjs';
import { eventually } from './eventually';

/** How long a row of the palette is waited for, ms, at the first try and those after it: the last of these serves for all that follow. */
const rowMs = [1000, 2000, 4000, 10_000];

const keyOfPart = { sidebar: 'Control+b', panel: 'Control+j', auxiliarybar: 'Control+Alt+b' } as const;

export type WindowPart = keyof typeof keyOfPart;

/** One timeout for each try. */
export function patienceForRow(): () => number {
  let tries = 0;
  return () => rowMs[Math.min(tries++, rowMs.length - 1)]!;
}

export class Workbench {
  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {}

  /** Opens the window, or loads it again, and waits until it takes commands. */
  async open(): Promise<void> {
    // Nothing waits as long as the first load on a machine that does other work besides.
    const timeout = 240_000;
    await this.page.goto(this.url, { timeout, waitUntil: 'commit' });
    await this.page.locator('.monaco-workbench').waitFor({ timeout });
    await this.page.locator('.activitybar .action-item').first().waitFor({ timeout });
  }

  /** Runs a command by its title in the command palette. Fails when the palette does not offer it. */
  async runCommand(title: string): Promise<void> {
    // What the palette lists is what there was when it opened: a command that comes later is in the next one.
    const next = patienceForRow();
    await eventually(
      `the palette offers "${title}"`,
      async () => {
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('F1');
        const input = this.page.locator('.quick-input-widget:visible input.input');
        await input.waitFor({ timeout: 10_000 });
        await input.fill(`>${title}`, { timeout: 10_000 });
        const row = this.paletteRow(title);
        await row.waitFor({ timeout: next() });
        // The palette closes where something else takes the focus, also before the click. It has more time than the row: what is
        // given up when it has been clicked would run twice.
        await row.click({ timeout: 10_000 });
      },
      2 * patience,
    );
  }

  /** Leaves no editor, terminal, message or part of the window on show but the side bar. */
  async tidy(): Promise<void> {
    await this.runCommand('View: Close All Editors');
    await this.page.locator('.tabs-container .tab').first().waitFor({ state: 'detached', timeout: patience });
    if ((await this.page.locator('.terminal-wrapper').count()) > 0)
      await this.runCommand('Terminal: Kill All Terminals');
    if (await this.page.locator('.notification-toast').first().isVisible())
      await this.runCommand('Notifications: Clear All Notifications');
    await this.setPart('panel', false);
    await this.setPart('auxiliarybar', false);
    await this.setPart('sidebar', true);
  }

  /** Shows or hides a part of the window by the editor's own key for it. */
  async setPart(part: WindowPart, isShown: boolean): Promise<void> {
    const place = this.page.locator(`.part.${part}`);
    if ((await place.isVisible()) === isShown) return;
    await this.page.keyboard.press(keyOfPart[part]);
    await place.waitFor({ state: isShown ? 'visible' : 'hidden' });
  }

  /** Waits until the side bar lists the parts of a project. */
  async showsProject(): Promise<void> {
    await this.treeItem(/^Train/)
      .first()
      .waitFor();
  }

  /** Waits until the side bar says that there is no project. */
  async showsNoProject(): Promise<void> {
    await this.showActivity('Overread');
    await this.page
      .locator('.sidebar')
      .getByText('Review what an image classifier gets wrong')
      .waitFor({ timeout: patience });
  }

  /** Whether the palette lists a command of exactly this title. */
  async offersCommand(title: string): Promise<boolean> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    const found = await this.paletteRow(title).isVisible();
    await this.page.keyboard.press('Escape');
    return found;
  }

  /** The open quick pick's rows, as they read. */
  quickPickRows(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
  }

  /** Chooses the row of the open quick pick that holds `text`. */
  async pick(text: string | RegExp): Promise<void> {
    await this.quickPickRows().filter({ hasText: text }).first().click({ timeout: patience });
  }

  /** Types into the open input box or quick pick and confirms. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Chooses a file in VS Code's own dialog, which the browser has in place of the system's. */
  async chooseFile(file: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await input.waitFor({ timeout: 2 * patience });
    const ok = this.page.locator('.quick-input-widget:visible .quick-input-action .monaco-button').first();
    let entered = 0;
    // The dialog lists its folder first, and that replaces what was typed too early, however late it comes.
    await eventually(
      `the dialog takes ${file}`,
      async () => {
        const shown =
          entered > 0 && (await input.isHidden()) ? '' : await input.inputValue({ timeout: 3000 });
        // The dialog shows a path, wherever it begins; what asks next does not.
        if (entered > 0 && !path.isAbsolute(shown)) return;
        // What was entered and still stands there is being looked at, unless it came before the dialog took anything.
        if (shown !== file || Date.now() - entered > 3000) {
          if (shown !== file) await input.fill(file, { timeout: 3000 });
          await ok.click({ timeout: 3000 });
          entered = Date.now();
        }
        throw new Error(shown);
      },
      4 * patience,
    );
  }

  /**
   * Saves under another name in VS Code's own dialog. It goes through the folder before it takes a name, which it shows by
   * what it proposes.
   * @param file in the folder of `proposed`
   */
  async saveAs(file: string, proposed: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await eventually(
      `the dialog proposes ${proposed}`,
      async () => {
        const shown = await input.inputValue({ timeout: 3000 });
        if (shown !== proposed) throw new Error(shown);
      },
      2 * patience,
    );
    await input.fill(file);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** Chooses a folder, which Enter goes into. */
  async chooseFolder(folder: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await input.waitFor({ timeout: 2 * patience });
    await eventually('the dialog keeps the path', async () => {
      if ((await input.inputValue()) !== folder) await input.fill(folder);
      await this.page.waitForTimeout(1000);
      if ((await input.inputValue()) !== folder) throw new Error(await input.inputValue());
    });
    await this.page.keyboard.press('Enter');
    const choose = this.page.locator('.quick-input-widget:visible').getByRole('button', { name: 'Choose' });
    await eventually(
      'the folder is chosen',
      async () => {
        if (await choose.isHidden()) return;
        if ((await input.inputValue({ timeout: 3000 })) === `${folder}/`)
          await choose.click({ timeout: 3000 });
        throw new Error('the dialog is still there');
      },
      4 * patience,
    );
  }

  /** Shows the container of this title; nothing happens when it is shown already. */
  async showActivity(title: string): Promise<void> {
    const item = this.page.locator('.activitybar .action-item', {
      has: this.page.locator(`a[aria-label^="${title}"]`),
    });
    await item.waitFor({ timeout: 120_000 });
    if (!(await item.evaluate((element) => element.classList.contains('checked')))) {
      // The icon's count may lie over its middle; both are inside the item.
      await item.click();
    }
  }

  /** A row of a tree view by its text. */
  treeItem(text: string | RegExp): Locator {
    return this.page.locator('.sidebar .monaco-list-row').filter({ hasText: text });
  }

  /** An entry of the status bar by its text. */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** A notification that pops up, by its text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** Presses a button of a notification. */
  async answerNotification(text: string | RegExp, button: string | RegExp): Promise<void> {
    const toast = this.notification(text).first();
    await toast.waitFor({ timeout: 30_000 });
    await toast.locator('.monaco-button').filter({ hasText: button }).first().click();
  }

  /** The open editor tabs' titles. */
  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: title });
  }

  /** The text of the visible terminal: what is on its screen, not what has scrolled away. */
  async terminalText(): Promise<string> {
    const rows = await this.page.locator('.terminal-wrapper.active .xterm-rows > div').allTextContents();
    return rows.join('\n');
  }

  /**
   * The document inside the webview that holds `selector`. VS Code puts it into a frame within a frame; a page
   * may hold several webviews, hidden ones too, so each is asked.
   */
  async webview(selector: string, timeoutMs = 4 * patience): Promise<Frame> {
    return eventually(
      `a webview holds ${selector}`,
      async () => {
        for (const frame of this.page.frames()) {
          if (frame.name() !== 'active-frame' && !frame.url().includes('fake.html')) continue;
          const found = await frame
            .locator(selector)
            .first()
            .isVisible()
            .catch(() => false);
          if (found) return frame;
        }
        throw new Error(`none of ${String(this.page.frames().length)} frames does`);
      },
      timeoutMs,
    );
  }

  /** Saves a picture of the window; for tests under `test-results`, which git ignores. */
  async screenshot(name: string, folder = 'test-results'): Promise<string> {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** A row reads its title, then its keybinding if it has one. */
  private paletteRow(title: string): Locator {
    const rows = this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
    const label = title.replaceAll('"', '\\"');
    return rows.and(this.page.locator(`[aria-label="${label}"], [aria-label^="${label}, "]`)).first();
  }
}
