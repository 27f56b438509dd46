/** `npm run test:host`: the suites of this folder inside the extension host of VS Code's own server. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { cacheFolder } from '../../scripts/environment/cache.mjs';
import { readyTorchPython } from '../../scripts/environment/torchPython.mjs';
import { collectComplaints, launchBrowser } from '../support/browser';
import { linkNeededExtensions } from '../support/builtinExtensions';
import { testTools } from '../support/testTools';
import {
  bundleHostSuites,
  hostEnvironment,
  installPythonExtensions,
  makeHostWorkspace,
  waitForCounts,
  type HostCounts,
} from '../support/hostSuites';
import { serverEnvironment } from '../support/installedExtension';
import { freePort, waitForServer } from '../support/network';
import { startProcess } from '../support/processes';
import { quietSettings } from '../support/vscodeServer';
import { reportHostCounts } from '../support/hostReport';

async function runInServer(): Promise<HostCounts> {
  const { node, vscodeServer, chromium } = testTools();
  const tests = await bundleHostSuites();
  const workspace = await makeHostWorkspace();
  const data = mkdtempSync(path.join(os.tmpdir(), 'overread-server-'));
  const results = path.join(data, 'results.json');
  installPythonExtensions(path.join(data, 'extensions'));
  const builtin = path.join(data, 'builtin');
  linkNeededExtensions(builtin, ['markdown-language-features']);
  // To the browser the server is a remote machine, whose settings these are.
  const settings = path.join(data, 'data', 'Machine');
  mkdirSync(settings, { recursive: true });
  writeFileSync(path.join(settings, 'settings.json'), JSON.stringify(quietSettings));
  const port = await freePort();
  const authority = `127.0.0.1:${String(port)}`;
  const server = startProcess(
    node,
    [
      ...[vscodeServer, '--host', '127.0.0.1', '--port', String(port)],
      // Without the smoke-test driver the server ignores the payload.
      ...['--without-connection-token', '--accept-server-license-terms', '--enable-smoke-test-driver'],
      ...['--disable-workspace-trust', '--server-data-dir', data, '--builtin-extensions-dir', builtin],
    ],
    {
      cwd: workspace,
      env: {
        ...serverEnvironment(),
        ...torch(),
        ...(await hostEnvironment(data)),
        OVERREAD_HOST_RESULTS: results,
      },
    },
  );
  const browser = await launchBrowser(chromium);
  try {
    await waitForServer(`http://${authority}/version`, () =>
      server.child.exitCode === null ? undefined : `VS Code's server ended at once:\n${server.output()}`,
    );
    const remote = (file: string): string => `vscode-remote://${authority}${file}`;
    const payload = JSON.stringify([
      ['extensionDevelopmentPath', remote(process.cwd())],
      ['extensionTestsPath', remote(tests)],
    ]);
    // Nobody looks at it: what is small and does not move is painted with least work.
    const context = await browser.newContext({
      viewport: { width: 800, height: 600 },
      reducedMotion: 'reduce',
    });
    const complaints = await collectComplaints(context);
    const page = await context.newPage();
    const query = new URLSearchParams({ folder: workspace, payload });
    await page.goto(`http://${authority}/?${query.toString()}`, { timeout: 120_000 });
    try {
      return await waitForCounts(results, () =>
        server.child.exitCode === null ? undefined : `VS Code's server ended:\n${server.output()}`,
      );
    } catch (error) {
      console.error(complaints.console.slice(-60).join('\n'));
      throw error;
    }
  } finally {
    await browser.close();
    await server.stop();
    rmSync(data, { recursive: true, force: true });
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** The Python of the PyTorch layer, where that has made it; without it the suites that train say NOT TESTED. */
function torch(): { readonly OVERREAD_TEST_PYTHON?: string } {
  const python = process.env['OVERREAD_TEST_PYTHON'] ?? readyTorchPython(cacheFolder());
  return python === undefined ? {} : { OVERREAD_TEST_PYTHON: python };
}

void reportHostCounts(runInServer);
