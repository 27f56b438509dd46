/** The packaged VSIX, installed once per build as a person would install it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { testTools } from './testTools';

/** Where `npm run test:e2e` and its siblings put the VSIX that they test. */
export const testedVsix = path.resolve('out', 'overread.vsix');

/** A folder of extensions that holds the VSIX and nothing else; made anew when the VSIX has changed. */
export function installedExtensions(vsix = testedVsix): string {
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing: run npm run package -- --out ${vsix} first.`);
  const hash = createHash('sha256').update(readFileSync(vsix)).digest('hex').slice(0, 16);
  const home = path.resolve('out', 'installed');
  const folder = path.join(home, hash);
  const marker = path.join(folder, 'complete');
  if (existsSync(marker)) return folder;
  // Older builds take 150 MB each.
  mkdirSync(home, { recursive: true });
  for (const old of readdirSync(home)) rmSync(path.join(home, old), { recursive: true, force: true });
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
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: 180_000, env: serverEnvironment() },
  );
  writeFileSync(marker, '');
  return folder;
}

/**
 * This process's environment without what belongs to it alone: npm's variables, the test runner's, and those of
 * a VS Code terminal that the tests may have been started from, which would make the server talk to that window.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_|VSCODE_|ELECTRON_|VITEST|NODE_OPTIONS$|NODE_ENV$|TEST$|INIT_CWD$|CODE_SERVER)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
