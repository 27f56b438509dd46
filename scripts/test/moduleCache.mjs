// What esbuild made of each module, kept from one run of vitest to the next: by the module's text, and in one folder for each set
// of files and packages that there are, since a file that is added, moved or gone changes what the imports of others lead to.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import * as path from 'node:path';
import { checkoutCache } from '../environment/checkoutCache.mjs';
import { programs } from './passedChecks.mjs';

/** So many sets of files are kept: those of a few branches. */
const most = 4;

/** Vitest's `experimental` settings. @param root the project's folder */
export function moduleCache(root = '.', caches = checkoutCache('vitest', root)) {
  const folder = path.resolve(caches, hashOfNames(root));
  mkdirSync(folder, { recursive: true });
  const now = new Date();
  utimesSync(folder, now, now);
  const age = (name) => statSync(path.join(caches, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const others = readdirSync(caches).sort((a, b) => age(b) - age(a));
  for (const name of others.slice(most)) rmSync(path.join(caches, name), { recursive: true, force: true });
  return { fsModuleCache: true, fsModuleCachePath: folder };
}

function hashOfNames(root) {
  const names = ['src', 'webview-ui', 'test', 'scripts', 'bench']
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, name)),
    )
    // What measurements write while layers run is imported by none.
    .filter((name) => /\.([cm]?[jt]sx?|json)$/.test(name) && !name.startsWith(path.join('bench', 'results')))
    .sort();
  // Another version of what compiles may make something else of the same text.
  return createHash('sha256').update(programs(root)).update(names.join('\n')).digest('hex').slice(0, 16);
}
