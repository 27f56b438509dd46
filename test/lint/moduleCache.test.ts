/** What was made of modules is used again only among the same files, and does not pile up. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { moduleCache } from '../../scripts/test/moduleCache.mjs';

let root: string;
const write = (name: string): void => {
  fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), '');
};
const folderOf = (): string => moduleCache(root, path.join(root, 'caches')).fsModuleCachePath;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-modules-'));
  write('src/a/model.ts');
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

it('is one folder for one set of files, whatever is in them', () => {
  const before = folderOf();
  fs.writeFileSync(path.join(root, 'src/a/model.ts'), 'export const a = 1;');
  write('src/a/read.md');
  write('bench/results/grid.json');
  expect(folderOf()).toBe(before);
  expect(fs.statSync(before).isDirectory()).toBe(true);
});

it('is another one where an import may lead elsewhere, and with other packages', () => {
  const before = folderOf();
  write('src/a/model.js');
  const added = folderOf();
  fs.renameSync(path.join(root, 'src/a/model.ts'), path.join(root, 'src/a/names.ts'));
  const moved = folderOf();
  write('node_modules/.package-lock.json');
  fs.writeFileSync(path.join(root, 'node_modules/.package-lock.json'), '{"packages":{}}');
  expect(new Set([before, added, moved, folderOf()]).size).toBe(4);
});

it('keeps the latest few', () => {
  const made = Array.from({ length: 6 }, (_, i) => {
    write(`src/b${i}.ts`);
    const folder = folderOf();
    // Times of files are not fine enough on every disk.
    fs.utimesSync(folder, i, i);
    return folder;
  });
  write('src/last.ts');
  const kept = [...made.slice(3), folderOf()];
  expect(fs.readdirSync(path.dirname(kept[0] ?? '')).sort()).toEqual(
    kept.map((folder) => path.basename(folder)).sort(),
  );
});
