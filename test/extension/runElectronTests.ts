/** `npm run test:electron`: the same suites in desktop VS Code, where it can be downloaded. */
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { reportHostCounts, type HostSkip } from '../support/hostReport';
import {
  bundleHostSuites,
  hostEnvironment,
  installPythonExtensions,
  makeHostWorkspace,
  waitForCounts,
  type HostCounts,
} from '../support/hostSuites';
import { serverEnvironment } from '../support/installedExtension';
import { startProcess } from '../support/processes';

const downloads = 'https://update.code.visualstudio.com/api/releases/stable';

/** Starts a program on a machine without a display. */
const virtualDisplay = process.platform === 'linux' && process.env['DISPLAY'] === undefined;

async function runInElectron(): Promise<HostCounts | HostSkip> {
  const reachable = await fetch(downloads, { signal: AbortSignal.timeout(10_000) }).then(
    (response) => response.ok,
    () => false,
  );
  if (!reachable) {
    return { skippedBecause: 'NOT TESTED UNDER ELECTRON: desktop VS Code cannot be downloaded from here.' };
  }
  let program: string;
  try {
    program = await downloadAndUnzipVSCode({ version: 'stable', timeout: 60_000 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      skippedBecause: `NOT TESTED UNDER ELECTRON: the download of desktop VS Code failed (${reason}).`,
    };
  }
  return runIn(program);
}

async function runIn(program: string): Promise<HostCounts> {
  const tests = await bundleHostSuites();
  const workspace = await makeHostWorkspace();
  const data = mkdtempSync(path.join(os.tmpdir(), 'overread-electron-'));
  const results = path.join(data, 'results.json');
  installPythonExtensions(path.join(data, 'extensions'));
  const command = [
    ...(virtualDisplay ? ['xvfb-run', '-a'] : []),
    ...[program, workspace, `--extensionDevelopmentPath=${process.cwd()}`, `--extensionTestsPath=${tests}`],
    ...[`--user-data-dir=${path.join(data, 'user')}`, `--extensions-dir=${path.join(data, 'extensions')}`],
    ...['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-updates'],
    ...['--no-sandbox', '--disable-gpu'],
  ];
  const editor = startProcess(command[0]!, command.slice(1), {
    cwd: workspace,
    env: { ...serverEnvironment(), ...(await hostEnvironment(data)), OVERREAD_HOST_RESULTS: results },
  });
  try {
    return await waitForCounts(results, () =>
      editor.child.exitCode === null ? undefined : `VS Code ended before its results:\n${editor.output()}`,
    );
  } finally {
    await editor.stop();
    rmSync(data, { recursive: true, force: true });
    rmSync(workspace, { recursive: true, force: true });
  }
}

void reportHostCounts(runInElectron);
