/** A build is passed over only where it would give the very files that are there. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtBefore } from '../../scripts/builtBefore.mjs';

let folder: string;
let cache: string;
const write = (name: string, text: string): void => {
  fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};
const build = (settings = ''): ReturnType<typeof builtBefore> => builtBefore('dist', settings, folder, cache);

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-built-'));
  cache = path.join(folder, 'node_modules', 'cache');
  fs.mkdirSync(cache, { recursive: true });
  execFileSync('git', ['init', '--quiet', folder]);
  write('.gitignore', 'node_modules/\ndist/\n');
  write('package.json', '{}');
  write('src/a.ts', 'export const a = 1;\n');
  write('test/a.test.ts', '');
  write('dist/a.js', 'var a = 1;');
  const first = build();
  expect(first.isSame()).toBe(false);
  first.note();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

it('holds while sources and what was built of them are as they were', () => {
  expect(build().isSame()).toBe(true);
  write('test/a.test.ts', 'what tests say is not built');
  expect(build().isSame()).toBe(true);
});

it.each<[string, () => void]>([
  ['a source was edited', () => write('src/a.ts', 'export const a = 2;\n')],
  ['there is a new source', () => write('src/b.ts', '')],
  ['the manifest was edited', () => write('package.json', '{"version":"2"}')],
  ['a package was updated', () => write('node_modules/.package-lock.json', '{}')],
  ['a program is gone', () => fs.rmSync(path.join(folder, 'dist', 'a.js'))],
  ['a program is another', () => write('dist/a.js', 'var a = 2, b;')],
  ['there is one more', () => write('dist/b.js', '')],
])('does not hold when %s', (_, change) => {
  change();
  expect(build().isSame()).toBe(false);
});

it('does not hold for another kind of build, nor for another folder', () => {
  expect(build('production').isSame()).toBe(false);
  expect(builtBefore('elsewhere', '', folder, cache).isSame()).toBe(false);
});

it('keeps nothing of a build whose sources changed meanwhile', () => {
  write('src/a.ts', 'export const a = 2;\n');
  const second = build();
  write('src/a.ts', 'export const a = 3;\n');
  second.note();
  expect(build().isSame()).toBe(false);
});
