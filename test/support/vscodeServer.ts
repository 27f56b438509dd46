/** VS Code's server with the packaged extension: one of a test's own, or the one that the files of a layer share. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { linkNeededExtensions } from './builtinExtensions';
import { installedExtensions, serverEnvironment } from './installedExtension';
import { freePort, waitForServer } from './network';
import { startProcess, type StartedProcess } from './processes';
import { testTools } from './testTools';

export interface ServerOptions {
  /** User settings beside those that keep the tests quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables for the server and all that it starts. */
  readonly env?: Readonly<Record<string, string>>;
  /** Windows open in Restricted Mode, as a person has it who has not said that the folder is trusted. */
  readonly restricted?: boolean;
  /** With few of the extensions that come with VS Code; a person has all of them. */
  readonly fewBuiltin?: boolean;
  /** Where the server is started. */
  readonly cwd?: string;
}

export interface VscodeServer {
  /** The server, its extension hosts, their engines and the terminals. */
  readonly process: StartedProcess;
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Waits until it answers. Throws what it printed when it has ended. */
  ready(): Promise<void>;
  /** Ends everything and removes the user data. */
  stop(): Promise<void>;
}

/** Nothing of VS Code's own asks for attention or moves while a test runs. */
export const quietSettings = {
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

/** Starts a server; it may not answer yet. */
export async function startVscodeServer(options: ServerOptions = {}): Promise<VscodeServer> {
  const { node, codeServer } = testTools();
  const extensions = installedExtensions();
  const userData = mkdtempSync(path.join(os.tmpdir(), 'overread-vscode-'));
  // The server is a remote machine to the browser: settings of machine scope are read from `Machine`.
  for (const scope of ['User', 'Machine']) {
    mkdirSync(path.join(userData, scope), { recursive: true });
    const trust = options.restricted === true ? restrictedSettings : {};
    const settings = { ...quietSettings, ...trust, ...options.settings };
    writeFileSync(path.join(userData, scope, 'settings.json'), JSON.stringify(settings, null, 2));
  }
  const builtin = path.join(userData, 'builtin');
  if (options.fewBuiltin === true) linkNeededExtensions(builtin);
  const port = await freePort();
  const origin = `http://127.0.0.1:${String(port)}`;
  const server = startProcess(
    node,
    [
      ...[codeServer, '--auth', 'none', '--bind-addr', `127.0.0.1:${String(port)}`],
      ...['--user-data-dir', userData, '--extensions-dir', extensions],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(options.fewBuiltin === true ? ['--builtin-extensions-dir', builtin] : []),
      ...(options.restricted === true ? [] : ['--disable-workspace-trust']),
    ],
    {
      cwd: options.cwd ?? userData,
      env: { ...serverEnvironment(), ...options.env },
      logFile: path.join(userData, 'server.log'),
    },
  );
  return {
    process: server,
    origin,
    ready: () =>
      waitForServer(`${origin}/healthz`, () =>
        server.child.exitCode === null ? undefined : `code-server ended at once:\n${server.output()}`,
      ),
    stop: async () => {
      await server.stop();
      rmSync(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
