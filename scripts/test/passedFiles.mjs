// Which files a check has passed on, where what it says of a file depends on that file, on what it imports, and on settings.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { readIn } from './passedChecks.mjs';

/** So many are remembered, of several checkouts; the oldest go first. */
const most = 40_000;

/** What `file` remembers of a check, by key. */
export function passedFiles(file) {
  const known = new Set(existsSync(file) ? readFileSync(file, 'latin1').split('\n') : []);
  return {
    has: (key) => known.has(key),
    note: (keys) => {
      const before = existsSync(file) ? readFileSync(file, 'latin1').split('\n') : [];
      const all = [...new Set([...before, ...keys])].slice(-most);
      mkdirSync(path.dirname(file), { recursive: true });
      const partial = `${file}.${process.pid}`;
      writeFileSync(partial, all.join('\n'));
      renameSync(partial, file);
    },
  };
}

/** A key of each file by itself: its name, its content and `settings`, a text. */
export function keysAlone(folder, names, settings) {
  const common = hashOf([settings]);
  return new Map(names.map((name) => [name, hashOf([common, name, readIn(folder, name)])]));
}

/**
 * A key of each file with all that it imports, directly or not. Any quoted path that begins with a dot counts as an import of every
 * file that it may mean, so that one too many is read rather than one too few; what stands in packages is for `settings` to tell, and
 * so is what reaches files that do not import it.
 */
export function keysWithImports(folder, names, settings) {
  const common = hashOf([settings]);
  const texts = new Map();
  const textOf = (name) => {
    if (!texts.has(name)) texts.set(name, readIn(folder, name));
    return texts.get(name);
  };
  const contents = new Map();
  const contentOf = (name) => {
    if (!contents.has(name)) contents.set(name, hashOf([name, textOf(name)]));
    return contents.get(name);
  };
  const imports = new Map();
  const importsOf = (name) => {
    if (!imports.has(name)) imports.set(name, importedBy(folder, name, textOf(name)));
    return imports.get(name);
  };
  return new Map(
    names.map((name) => {
      const reached = new Set([name]);
      for (const one of reached) for (const other of importsOf(one)) reached.add(other);
      return [name, hashOf([common, name, ...[...reached].sort().map(contentOf)])];
    }),
  );
}

const sources = /\.([cm]?[jt]sx?|json)$/;
const endings = [
  '',
  '.ts',
  '.tsx',
  '.d.ts',
  '.mjs',
  '.d.mts',
  '.cjs',
  '.js',
  '.json',
  '/index.ts',
  '/index.d.ts',
];

/** The files beside it that a source may import: all that one of its quoted paths may mean. */
function importedBy(folder, name, text) {
  if (!sources.test(name) || name.endsWith('.json')) return [];
  const paths = new Set([...text.matchAll(/['"`](\.{1,2}(?:\/[^'"`\n]*)?)['"`]/g)].map(([, to]) => to));
  return [...paths].flatMap((to) => {
    const target = path.join(path.dirname(name), to);
    const stem = target.replace(/\.([cm]?)js$/, '.d.$1ts');
    return [...endings.map((ending) => target + ending), stem].filter(
      (one) => sources.test(one) && isFile(path.join(folder, one)),
    );
  });
}

function isFile(file) {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function hashOf(texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('base64url').slice(0, 27);
}
