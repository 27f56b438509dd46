/** Real VS Code with the packaged extension, in a browser, as a person has it (docs/development.md). */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Browser } from 'playwright-core';
import { collectComplaints, launchBrowser, type Complaints } from './browser';
import { testTools } from './testTools';
import { installedExtensions, serverEnvironment } from './installedExtension';
import { freePort, waitForServer } from './network';
import { startProcess, type StartedProcess } from './processes';
import { Workbench } from './workbench';

export interface VscodeOptions {
  /** The folder that is opened. */
  readonly workspace: string;
  /** User settings beside those that keep the tests quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables for the server and all that it starts. */
  readonly env?: Readonly<Record<string, string>>;
  /** The window opens in Restricted Mode, as a person has it who has not said that the folder is trusted. */
  readonly restricted?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Pixels per CSS pixel, 2 for pictures of the documentation. */
  readonly scale?: number;
  /** Switches for Chromium, such as `--js-flags=--expose-gc`. */
  readonly browserArguments?: readonly string[];
}

export interface VscodeSession {
  readonly workbench: Workbench;
  readonly complaints: Complaints;
  /** The server, its extension host, the engine and the terminals. */
  readonly server: StartedProcess;
  readonly url: string;
  readonly browser: Browser;
  /** Ends everything and removes the user data. */
  close(): Promise<void>;
}

/** Nothing of VS Code's own asks for attention while a test runs. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'terminal.integrated.gpuAcceleration': 'off',
  'workbench.colorTheme': 'Default Dark Modern',
};

/** Nobody is asked, so nothing is trusted. */
const restrictedSettings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** Opens the workspace in a new VS Code of its own. */
export async function openVscode(options: VscodeOptions): Promise<VscodeSession> {
  const { node, codeServer, chromium } = testTools();
  const extensions = installedExtensions();
  const userData = mkdtempSync(path.join(os.tmpdir(), 'overread-vscode-'));
  // The server is a remote machine to the browser: settings of machine scope are read from `Machine`.
  for (const scope of ['User', 'Machine']) {
    mkdirSync(path.join(userData, scope), { recursive: true });
    const trust = options.restricted === true ? restrictedSettings : {};
    const settings = { ...quietSettings, ...trust, ...options.settings };
    writeFileSync(path.join(userData, scope, 'settings.json'), JSON.stringify(settings, null, 2));
  }

  const port = await freePort();
  const server = startProcess(
    node,
    [
      ...[codeServer, '--auth', 'none', '--bind-addr', `127.0.0.1:${String(port)}`],
      ...['--user-data-dir', userData, '--extensions-dir', extensions],
      ...['--disable-telemetry', '--disable-update-check'],
      ...(options.restricted === true ? [] : ['--disable-workspace-trust']),
      ...['--disable-getting-started-override', options.workspace],
    ],
    {
      cwd: options.workspace,
      env: { ...serverEnvironment(), ...options.env },
      logFile: path.join(userData, 'server.log'),
    },
  );
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close().catch(() => undefined);
    await server.stop();
    rmSync(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await waitForServer(`http://127.0.0.1:${String(port)}/healthz`, () =>
      server.child.exitCode === null ? undefined : `code-server ended at once:\n${server.output()}`,
    );
    browser = await launchBrowser(chromium, options.browserArguments);
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1440, height: 900 },
      deviceScaleFactor: options.scale ?? 1,
    });
    const complaints = await collectComplaints(context);
    const url = `http://127.0.0.1:${String(port)}/?folder=${encodeURIComponent(options.workspace)}`;
    const workbench = new Workbench(await context.newPage(), url);
    await workbench.open();
    return { workbench, complaints, server, url, browser, close };
  } catch (error) {
    await close();
    throw error;
  }
}
