// Whether a build would give what is there: of the same sources, by the same programs and settings, and nothing of it was touched since.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { checkoutCache } from './environment/checkoutCache.mjs';
import { fingerprint } from './test/passedChecks.mjs';

/** What the programs are made of, and by what. */
const sources = /^(?!(test|docs|bench)\/)/;

/**
 * @param outdir the folder that is built into
 * @param settings of the build, a text
 * @param root the checkout
 */
export function builtBefore(outdir, settings, root = '.', cache = checkoutCache('build', root)) {
  const name = createHash('sha256').update(path.resolve(root, outdir)).digest('hex').slice(0, 16);
  const file = path.join(cache, `${name}.json`);
  const print = fingerprint(root, sources);
  const state = () => JSON.stringify([print, settings, filesIn(path.resolve(root, outdir))]);
  return {
    isSame: () => print !== undefined && existsSync(file) && readFileSync(file, 'utf8') === state(),
    /** To be called when it is built. What was edited meanwhile may have been read before or after. */
    note: () => {
      if (print !== undefined && fingerprint(root, sources) === print) writeFileSync(file, state());
    },
  };
}

/** Names, sizes and times of all files below a folder. */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .sort()
    .flatMap((name) => {
      const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
      return stats?.isFile() ? [[name, stats.size, stats.mtimeMs]] : [];
    });
}
