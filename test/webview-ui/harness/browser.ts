/** A real Chromium for the page, where one is installed. */
import { existsSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { patience } from '../../../scripts/test/patience.mjs';
import { sharedBrowser } from '../../support/browser';
import { slowDown } from '../../support/slowness';
import { answerPage, CatalogHost, type CatalogMethods } from './catalogHost';
import { madeUpOf } from './options';
import { hasOwnHost, startHarness, type HarnessServer } from './server';

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

declare global {
  interface Window {
    /** Asks the catalog of the page's project: `[method, parameters]`, and a `CatalogAnswer`, as JSON. */
    toCatalog(text: string): Promise<string>;
  }
}

let served: Promise<HarnessServer> | undefined;

export class Harness {
  private readonly projects = new WeakMap<Page, CatalogMethods>();
  private readonly windows: BrowserContext[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly server: HarnessServer,
    private readonly catalogs: CatalogHost,
  ) {}

  /** The browser, the engine and the bundled pages are the worker's; projects and windows are of this harness alone. */
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
    const context = await this.browser.newContext({ viewport });
    this.windows.push(context);
    const page = await context.newPage();
    await slowDown(page);
    page.setDefaultTimeout(2 * patience);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    // As one text each: Playwright goes through whatever else crosses value by value.
    await page.exposeFunction('toCatalog', async (text: string) => {
      const project = this.projects.get(page);
      if (!project) throw new Error('This page has no project');
      const [method, params] = JSON.parse(text) as [keyof CatalogMethods, unknown[]];
      return JSON.stringify(await answerPage(project, method, params));
    });
    await this.load(page, options);
    return { page, faults };
  }

  /** Loads the page over a new project in a window that is open: quicker than another window. */
  async load(page: Page, options: Readonly<Record<string, string | number>> = {}): Promise<void> {
    const search = new URLSearchParams(Object.entries(options).map(([key, value]) => [key, String(value)]));
    if (!hasOwnHost(options['bundle'])) {
      this.projects.set(page, await this.catalogs.open(madeUpOf(search), options['blind'] === '1'));
    }
    await page.goto(`${this.server.origin}/index.html?${search.toString()}`);
    if (options['bundle'] === undefined) {
      await page.waitForSelector('.tile[data-key] .picture.loaded, .empty:not([hidden])');
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.windows.map((context) => context.close()));
    await this.catalogs.close();
  }
}
