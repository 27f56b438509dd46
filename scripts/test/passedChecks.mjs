// Which sources a check has passed on: what it gives depends on nothing but the files, the packages and Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

/** So many trees are remembered; the oldest goes first. */
const most = 100;

/**
 * The hash of all that a check may read in the checkout `folder`: the files that Git does not ignore and whose names `reads`
 * matches, which other files there are (one that is added may be found in another's place), the packages that are installed,
 * and Node. Undefined outside a checkout: what is ignored is unknown there.
 */
export function fingerprint(folder, reads) {
  const names = filesOf(folder);
  if (names === undefined) return undefined;
  const hash = createHash('sha256');
  const add = (text) => hash.update(`${text.length}:`).update(text);
  add(programs(folder));
  for (const name of names) {
    add(name);
    if (reads.test(name)) add(readIn(folder, name));
  }
  return hash.digest('hex');
}

/** What checks whatever files there are: Node, and the packages that are installed. */
export function programs(folder) {
  const packages = readIn(folder, path.join('node_modules', '.package-lock.json'));
  return `${process.version} ${process.platform} ${process.arch} ${packages}`;
}

/** The passed checks that `file` keeps, by their fingerprints. */
export function passedChecks(file) {
  const known = () => {
    try {
      return Object.entries(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      return [];
    }
  };
  return {
    /** When a check passed on this, or undefined. */
    when: (print) => known().find(([one]) => one === print)?.[1],
    note: (print) => {
      const rest = known().filter(([one]) => one !== print);
      const all = [...rest, [print, new Date().toISOString()]].slice(-most);
      mkdirSync(path.dirname(file), { recursive: true });
      const partial = `${file}.${process.pid}`;
      writeFileSync(partial, `${JSON.stringify(Object.fromEntries(all), null, 1)}\n`);
      renameSync(partial, file);
    },
  };
}

/** The files of a checkout that Git does not ignore; undefined outside one. */
export function filesOf(folder) {
  try {
    const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
    const settings = {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    };
    const names = execFileSync('git', options, settings).split('\0').filter(Boolean).sort();
    // In a checkout of something else, which may ignore this folder, Git does not know.
    return names.includes('package.json') ? names : undefined;
  } catch {
    return undefined;
  }
}

/** A file that is gone, or a link to nowhere, reads as nothing. */
export function readIn(folder, name) {
  try {
    return readFileSync(path.join(folder, name), 'latin1');
  } catch {
    return '';
  }
}
