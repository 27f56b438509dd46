/** Real VS Code with the packaged extension, in a browser, as a person has it (docs/development.md). */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { collectComplaints, launchBrowser, sharedBrowser, type Complaints } from './browser';
import type { StartedProcess } from './processes';
import { readyFolder } from './readyProjects';
import { sharedOrigin } from './sharedVscode';
import { testTools } from './testTools';
import { startVscodeServer, type ServerOptions } from './vscodeServer';
import { waitForServer } from './network';
import { Workbench } from './workbench';

export interface VscodeOptions extends ServerOptions {
  /** The folder that is opened. */
  readonly workspace: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Pixels per CSS pixel, 2 for pictures of the documentation. */
  readonly scale?: number;
  /** Switches for Chromium, such as `--js-flags=--expose-gc`. */
  readonly browserArguments?: readonly string[];
}

export interface WindowSession {
  readonly workbench: Workbench;
  readonly complaints: Complaints;
  readonly url: string;
  /** Call it where a test failed: what it left behind is no other's. */
  fail(): void;
  close(): Promise<void>;
}

/** A worker's window while a file of tests has it. */
export interface SharedSession extends WindowSession {
  /** The folder that the window has open. */
  readonly workspace: string;
  /** The file's own folder below it. */
  readonly folder: string;
  /** Leaves the window as it was, without the folder. */
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

/** The window of a worker, and the folder that it has open: its files come and go in it, since to load it takes longer than most of them. */
interface SharedWindow extends EmptyWindow {
  readonly workspace: string;
  workbench?: Workbench;
}

let shared: SharedWindow | undefined;

/**
 * Brings a folder into the worker's window, in the server that the layer shares, whose user is "Test Reader".
 * @param make fills the folder before the window sees it
 */
export async function openWindow(make: (folder: string) => Promise<void>): Promise<SharedSession> {
  const made = mkdtempSync(path.join(readyFolder(), 'made-'));
  await make(made);
  const origin = sharedOrigin();
  await waitForServer(`${origin}/healthz`, () => undefined);
  const browser = await sharedBrowser(testTools().chromium);
  if (shared === undefined || shared.page.isClosed())
    shared = { ...(await emptyWindow(browser)), workspace: mkdtempSync(path.join(readyFolder(), 'window-')) };
  const window = shared;
  const { page, complaints, workspace } = window;
  complaints.cspViolations.length = 0;
  complaints.webviewErrors.length = 0;
  complaints.console.length = 0;
  const folder = path.join(workspace, path.basename(made));
  const url = `${origin}/?folder=${encodeURIComponent(workspace)}`;
  try {
    renameSync(made, folder);
    window.workbench ??= await openFolder(page, url);
    await window.workbench.showActivity('Overread');
    if (holdsProject(folder)) await window.workbench.showsProject();
  } catch (error) {
    await abandon(window);
    throw error;
  }
  const { workbench } = window;
  let isFailed = false;
  const close = async (): Promise<void> => {
    if (isFailed || !(await tidied(workbench, workspace))) await abandon(window);
  };
  const fail = (): void => {
    isFailed = true;
  };
  return { workbench, complaints, url, workspace, folder, fail, close };
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
    const { page, complaints } = await emptyWindow(browser, options);
    const url = `${server.origin}/?folder=${encodeURIComponent(options.workspace)}`;
    const workbench = await openFolder(page, url);
    return { workbench, complaints, url, server: server.process, browser, fail: () => undefined, close };
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

async function openFolder(page: Page, url: string): Promise<Workbench> {
  const workbench = new Workbench(page, url);
  await workbench.open();
  return workbench;
}

/** The next file loads the window again. */
async function abandon(window: SharedWindow): Promise<void> {
  delete window.workbench;
  // A window that is only gone may come back: its extension host would wait for it.
  await window.page.goto('about:blank');
  empty(window.workspace);
}

/** Whether the window is as it was before a file had it. What cannot be put away is left to the next load. */
async function tidied(workbench: Workbench, workspace: string): Promise<boolean> {
  try {
    await workbench.page.setViewportSize(usualViewport);
    await workbench.tidy();
    empty(workspace);
    await workbench.showsNoProject();
    return true;
  } catch (error) {
    console.log(`The window is loaded again for the next file: ${String(error)}`);
    return false;
  }
}

function empty(folder: string): void {
  for (const name of readdirSync(folder))
    // The engine may still write.
    rmSync(path.join(folder, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
}

function holdsProject(folder: string): boolean {
  const folders = [folder, ...readdirSync(folder).map((name) => path.join(folder, name))];
  return folders.some((one) => existsSync(path.join(one, 'overread.yaml')));
}
