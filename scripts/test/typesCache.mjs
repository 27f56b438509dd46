// Whether a type check that passed would pass again: every file of the project that it read is as it was, and nothing
// that decides which files it reads has changed. Packages change with package-lock.json, and `npm ci` empties the cache.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** What all checks go by: configurations, the packages, and which files there are (a new one may be found first). */
export function surroundings() {
  const names = ['src', 'webview-ui', 'test', 'bench', 'scripts', 'schemas']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name)))
    .concat(readdirSync('.'))
    .filter((name) => /\.([cm]?[jt]s|json)$/.test(name))
    .sort();
  const read = names.filter((name) => /(^|[\\/])tsconfig[^\\/]*\.json$|^package(-lock)?\.json$/.test(name));
  return sha256(JSON.stringify([names, read.map((name) => readFileSync(name, 'utf8'))]));
}

/** The memory of one folder's check, beside the compiler's own of what it read (`buildInfo`). */
export function rememberedCheck(buildInfo, around) {
  const passed = `${buildInfo}.passed`;
  return {
    holds: () =>
      existsSync(passed) &&
      readFileSync(passed, 'utf8') === around &&
      readsTheSame(JSON.parse(readFileSync(buildInfo, 'utf8')), path.dirname(buildInfo)),
    passed: () => writeFileSync(passed, around),
    failed: () => rmSync(passed, { force: true }),
  };
}

/** The compiler notes for each file the hash of the text that it read. */
function readsTheSame({ fileNames, fileInfos }, folder) {
  return fileNames.every((name, i) => {
    const file = path.resolve(folder, name);
    if (path.relative('.', file).split(path.sep)[0] === 'node_modules') return true;
    const known = fileInfos[i];
    return existsSync(file) && sha256(readFileSync(file, 'utf8')) === (known.version ?? known);
  });
}
