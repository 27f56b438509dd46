/** A real Chromium for the page, where one is installed. */
import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { patience } from '../../../scripts/test/patience.mjs';
import { sharedBrowser } from '../../support/browser';
import { CatalogHost } from './catalogHost';
import { madeUpOf } from './options';
import { hasOwnHost, startHarness, type HarnessServer } from './server';
import { showTheme, type ThemeName } from './themes';
import { PageWindow } from './windows';

export const executable = [
  process.env['OVERREAD_CHROMIUM'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((file) => file !== undefined && existsSync(file));

/** False where no Chromium is found: the tests that need one are skipped, and say so. */
export const hasBrowser = executable !== undefined;
if (!hasBrowser) {
  console.warn('NOT TESTED: the webview page, because no Chromium was found (set OVERREAD_CHROMIUM to one)');
}

export interface OpenPage {
  readonly page: Page;
  /** Violations of the content security policy, uncaught errors and refused requests so far. */
  readonly faults: string[];
}

let served: Promise<HarnessServer> | undefined;

/** Tells the pages of a window apart, so that none finds another's state. */
let instance = 0;

export class Harness {
  private readonly windows = new Map<Page, PageWindow>();

  private constructor(
    private readonly browser: Browser,
    private readonly server: HarnessServer,
    private readonly catalogs: CatalogHost,
  ) {}

  /** The browser, its windows, the engine and the bundled pages are the worker's; projects are of this harness alone. */
  static async start(): Promise<Harness> {
    served ??= startHarness();
    const [server, browser] = await Promise.all([served, sharedBrowser(executable ?? '')]);
    return new Harness(browser, server, await CatalogHost.start());
  }

  /** Opens the page over a project of its own; `options` are those of harness/host.ts and harness/options.ts. */
  async open(
    options: Readonly<Record<string, string | number>> = {},
    viewport: { width: number; height: number } = { width: 1280, height: 800 },
  ): Promise<OpenPage> {
    const window = await PageWindow.take(this.browser, viewport);
    this.windows.set(window.page, window);
    const { page, faults } = window;
    await this.load(page, options);
    return { page, faults };
  }

  /** Opens the page over a new project in a window that is open: in its document, where that is the review's, else in a new one. */
  async load(page: Page, options: Readonly<Record<string, string | number>> = {}): Promise<void> {
    const search = new URLSearchParams(Object.entries(options).map(([key, value]) => [key, String(value)]));
    const isReview = options['bundle'] === undefined;
    // Texts are read once for each document.
    const isInPlace = isReview && !search.has('pseudo') && (await page.evaluate(closeReview));
    if (!hasOwnHost(options['bundle'])) {
      const project = await this.catalogs.open(madeUpOf(search), options['blind'] === '1');
      const window = this.windows.get(page)!;
      window.project?.giveBack();
      window.project = project;
    }
    search.set('instance', String(++instance));
    const address = `${this.server.origin}/index.html?${search.toString()}`;
    if (isInPlace) {
      await showTheme(page, (search.get('theme') ?? 'dark') as ThemeName);
      await page.evaluate((next) => window.review.open(next), address);
    } else {
      await page.goto(address);
    }
    if (isReview) {
      await page.evaluate(shown, [
        '.tile[data-key] .picture.loaded, .empty:not([hidden])',
        2 * patience,
      ] as const);
    }
  }

  /** Gives the window of a page back. @param isWhole as in `PageWindow.giveBack` */
  async giveBack(page: Page, isWhole = true): Promise<void> {
    const window = this.windows.get(page);
    this.windows.delete(page);
    await window?.giveBack(isWhole);
  }

  async close(): Promise<void> {
    await Promise.all([...this.windows.keys()].map((page) => this.giveBack(page)));
    await this.catalogs.close();
  }
}

/** Runs in the page: closes the review that it shows. @returns false: it shows none that another can take the place of */
async function closeReview(): Promise<boolean> {
  const isWhole =
    'review' in window &&
    document.querySelector('meta[name="overread-texts"]') === null &&
    // Tabs that left the document do not come back to it.
    document.hasFocus();
  if (isWhole) await window.review.close();
  return isWhole;
}

/** Runs in the page: until something of it is there. Playwright's locators would look through the whole page in every frame. */
function shown([selector, ms]: readonly [string, number]): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (document.querySelector(selector) !== null) end(resolve);
    };
    const observer = new MutationObserver(look);
    const late = setTimeout(() => end(() => reject(new Error(`The page shows no ${selector}`))), ms);
    const end = (settle: () => void): void => {
      observer.disconnect();
      clearTimeout(late);
      settle();
    };
    observer.observe(document, { subtree: true, childList: true, attributeFilter: ['class', 'hidden'] });
    look();
  });
}
