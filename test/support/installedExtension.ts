/** The packaged VSIX, installed once per build as a person would install it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { testTools } from './testTools';

/** Where `npm run test:e2e` and its siblings put the VSIX that they test. */
export const testedVsix = path.resolve('out', 'overread.vsix');

/** An installation takes no longer, ms. */
const installMs = 180_000;

/** A folder of extensions that holds the VSIX and nothing else; made anew when the VSIX has changed. */
export function installedExtensions(vsix = testedVsix): string {
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing: run npm run package -- --out ${vsix} first.`);
  const hash = createHash('sha256').update(readFileSync(vsix)).digest('hex').slice(0, 16);
  const home = path.resolve('out', 'installed');
  const folder = path.join(home, hash);
  const marker = path.join(folder, 'complete');
  if (existsSync(marker)) return folder;
  mkdirSync(home, { recursive: true });
  // Two test files may open their first window at the same time.
  const lock = path.join(home, 'installing');
  while (!takeLock(lock)) {
    if (existsSync(marker)) return folder;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    if (!existsSync(marker)) install(vsix, folder, home);
    return folder;
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** False while another process installs; a lock that is older than an installation may take is broken. */
function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > installMs) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function install(vsix: string, folder: string, home: string): void {
  // Older builds take 150 MB each.
  const old = readdirSync(home).filter((name) => name !== 'installing');
  for (const name of old) rmSync(path.join(home, name), { recursive: true, force: true });
  const { node, codeServer } = testTools();
  execFileSync(
    node,
    [
      codeServer,
      '--install-extension',
      vsix,
      '--extensions-dir',
      folder,
      '--user-data-dir',
      path.join(home, 'user'),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: installMs, env: serverEnvironment() },
  );
  writeFileSync(path.join(folder, 'complete'), '');
}

/**
 * This process's environment without what belongs to it alone: npm's variables, the test runner's, and those of
 * a VS Code terminal that the tests may have been started from, which would make the server talk to that window.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_|VSCODE_|ELECTRON_|VITEST|NODE_OPTIONS$|NODE_ENV$|TEST$|INIT_CWD$|CODE_SERVER)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
