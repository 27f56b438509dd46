/** Real VS Code with the packaged extension, in a browser, as a person has it (docs/development.md). */
import type { Browser, Page } from 'playwright-core';
import { collectComplaints, launchBrowser, sharedBrowser, type Complaints } from './browser';
import type { StartedProcess } from './processes';
import { sharedOrigin } from './sharedVscode';
import { testTools } from './testTools';
import { startVscodeServer, type ServerOptions } from './vscodeServer';
import { waitForServer } from './network';
import { Workbench } from './workbench';

/** What a person sees who opens a folder. */
export interface WindowOptions {
  /** The folder that is opened. */
  readonly workspace: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface VscodeOptions extends WindowOptions, ServerOptions {
  /** Pixels per CSS pixel, 2 for pictures of the documentation. */
  readonly scale?: number;
  /** Switches for Chromium, such as `--js-flags=--expose-gc`. */
  readonly browserArguments?: readonly string[];
}

export interface WindowSession {
  readonly workbench: Workbench;
  readonly complaints: Complaints;
  readonly url: string;
  /** Leaves the folder, as a person does who closes the window. */
  close(): Promise<void>;
}

/** A window with a server and a browser of its own, for what ends processes, or settings that are no other's. */
export interface VscodeSession extends WindowSession {
  /** The server, its extension host, the engine and the terminals. */
  readonly server: StartedProcess;
  readonly browser: Browser;
  /** Ends everything and removes the user data. */
  close(): Promise<void>;
}

interface EmptyWindow {
  readonly page: Page;
  readonly complaints: Complaints;
}

const usualViewport = { width: 1440, height: 900 };

/** How long a window is waited for, ms: it may be one of two on a slow machine that does other work besides. */
const waitMs = 90_000;

/** The window of a worker: its files open their folders in it one after the other, since it is compiled once. */
let shared: EmptyWindow | undefined;

/** Opens the workspace in the server that the layer shares, whose user is "Test Reader". */
export async function openWindow(options: WindowOptions): Promise<WindowSession> {
  const origin = sharedOrigin();
  await waitForServer(`${origin}/healthz`, () => undefined);
  const browser = await sharedBrowser(testTools().chromium);
  if (shared === undefined || shared.page.isClosed()) shared = await emptyWindow(browser);
  const { page, complaints } = shared;
  await page.setViewportSize(options.viewport ?? usualViewport);
  complaints.cspViolations.length = 0;
  complaints.webviewErrors.length = 0;
  complaints.console.length = 0;
  const close = async (): Promise<void> => {
    // A window that is only gone may come back: its extension host would wait for it.
    await page.goto('about:blank');
  };
  return { ...(await openFolder(shared, origin, options.workspace)), close };
}

/** Opens the workspace in a new VS Code of its own. */
export async function openVscode(options: VscodeOptions): Promise<VscodeSession> {
  const server = await startVscodeServer({ cwd: options.workspace, ...options });
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close().catch(() => undefined);
    await server.stop();
  };
  try {
    browser = await launchBrowser(testTools().chromium, options.browserArguments);
    await server.ready();
    const window = await emptyWindow(browser, options);
    const opened = await openFolder(window, server.origin, options.workspace);
    return { ...opened, server: server.process, browser, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function emptyWindow(
  browser: Browser,
  { viewport = usualViewport, scale = 1 }: Pick<VscodeOptions, 'viewport' | 'scale'> = {},
): Promise<EmptyWindow> {
  const context = await browser.newContext({ viewport, deviceScaleFactor: scale });
  const complaints = await collectComplaints(context);
  context.setDefaultTimeout(waitMs);
  return { page: await context.newPage(), complaints };
}

async function openFolder(
  { page, complaints }: EmptyWindow,
  origin: string,
  folder: string,
): Promise<Pick<WindowSession, 'workbench' | 'complaints' | 'url'>> {
  const url = `${origin}/?folder=${encodeURIComponent(folder)}`;
  const workbench = new Workbench(page, url);
  await workbench.open();
  return { workbench, complaints, url };
}
