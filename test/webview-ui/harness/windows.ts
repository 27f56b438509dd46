/**
 * The windows of a worker: a page that is loaded where another one was before takes half of the processor's time that one in
 * a new window does.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { patience } from '../../../scripts/test/patience.mjs';
import { slowDown } from '../../support/slowness';
import { answerPage, type CatalogMethods, type OpenProject } from './catalogHost';

declare global {
  interface Window {
    /** Asks the catalog of the page's project: `[method, parameters]`, and a `CatalogAnswer`, as JSON. */
    toCatalog(text: string): Promise<string>;
    /** What harness/review.ts offers. */
    readonly review: {
      /** Closes the page that is open; until nothing of it is on its way any more. */
      close(): Promise<void>;
      /** Opens the page of an address that differs from the document's in its options alone. */
      open(address: string): void;
    };
    /** What harness/host.ts does when it is loaded. */
    playHostAgain(): void;
  }
}

type Size = Readonly<Record<'width' | 'height', number>>;

let context: Promise<BrowserContext> | undefined;
const free: PageWindow[] = [];

/** One window, which shows one page after the other. */
export class PageWindow {
  /** Violations of the content security policy, uncaught errors and refused requests since it was taken. */
  faults: string[] = [];
  /** What is behind the page that is shown; undefined where its host is made up. */
  project: OpenProject | undefined;

  private constructor(readonly page: Page) {}

  /** A window that no other test has, as one that was just opened: of this size, with nothing under the pointer. */
  static async take(browser: Browser, size: Size): Promise<PageWindow> {
    let window = free.pop();
    while (window?.page.isClosed() === true) window = free.pop();
    if (window === undefined) return PageWindow.make(browser, size);
    window.faults = [];
    await window.page.mouse.move(-1, -1);
    await window.resize(size);
    return window;
  }

  private static async make(browser: Browser, size: Size): Promise<PageWindow> {
    context ??= browser.newContext();
    if ((await context).browser()?.isConnected() !== true) context = browser.newContext();
    const page = await (await context).newPage();
    const window = new PageWindow(page);
    await window.resize(size);
    await slowDown(page);
    page.setDefaultTimeout(2 * patience);
    page.on('pageerror', (error) => window.faults.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') window.faults.push(message.text());
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
      // What another page has kept here is not this one's, but for a reload, which has the address of the page before it.
      const address = sessionStorage.getItem('address');
      if (address !== location.href) sessionStorage.clear();
      sessionStorage.setItem('address', location.href);
    });
    // As one text each: Playwright goes through whatever else crosses value by value.
    await page.exposeFunction('toCatalog', async (text: string) => {
      if (!window.project) throw new Error('This page has no project');
      const [method, params] = JSON.parse(text) as [keyof CatalogMethods, unknown[]];
      return JSON.stringify(await answerPage(window.project.methods, method, params));
    });
    return window;
  }

  /** The test is done with it. @param isWhole false: it is closed, since keys may be held in it and more */
  async giveBack(isWhole: boolean): Promise<void> {
    // What a page that failed still does to it is not known.
    if (isWhole) this.project?.giveBack();
    this.project = undefined;
    if (isWhole) free.push(this);
    else await this.page.close();
  }

  private async resize(size: Size): Promise<void> {
    const now = this.page.viewportSize();
    if (now?.width !== size.width || now.height !== size.height) await this.page.setViewportSize(size);
  }
}
