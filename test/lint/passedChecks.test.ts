/** A check is passed over only where it would read the very files and packages that it passed with. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprint, passedChecks } from '../../scripts/test/passedChecks.mjs';

let folder: string;
const code = /\.ts$/;
const write = (name: string, text: string): void => {
  fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-checks-'));
  execFileSync('git', ['init', '--quiet', folder]);
  write('.gitignore', 'node_modules/\ndist/\n');
  write('package.json', '{}');
  write('a.ts', 'export const a = 1;\n');
  write('read.md', 'of a\n');
  write('node_modules/.package-lock.json', '{}');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

it('holds while nothing has changed that it reads', () => {
  const before = fingerprint(folder, code);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  write('dist/a.ts', 'what is built is not checked');
  write('read.md', 'no code');
  execFileSync('git', ['-C', folder, 'add', '.']);
  expect(fingerprint(folder, code)).toBe(before);
});

it.each<[string, () => void]>([
  ['a file was edited', () => write('a.ts', 'export const b: number = "";\n')],
  ['a file is gone', () => fs.rmSync(path.join(folder, 'a.ts'))],
  ['there is a new file', () => write('b.ts', '')],
  ['there is a new file of another kind', () => write('a.css', '')],
  ['text went from one file into the next', () => write('a.ts', 'export const a = 1;\nread.md')],
  ['a package was updated', () => write('node_modules/.package-lock.json', '{"packages":{}}')],
])('does not hold when %s', (_, change) => {
  const before = fingerprint(folder, code);
  change();
  expect(fingerprint(folder, code)).not.toBe(before);
});

it('is never known where Git does not say what is ignored', () => {
  expect(fingerprint(path.join(folder, 'node_modules'), code)).toBeUndefined();
  fs.rmSync(path.join(folder, '.git'), { recursive: true });
  expect(fingerprint(folder, code)).toBeUndefined();
});

it('remembers what passed, and a hundred of them', () => {
  const file = path.join(folder, 'checks', 'lint.json');
  const passed = passedChecks(file);
  expect(passed.when('first')).toBeUndefined();
  passed.note('first');
  expect(passedChecks(file).when('first')).toMatch(/^\d{4}-/);
  for (let i = 0; i < 100; i++) passed.note(`later ${i}`);
  expect([passed.when('first'), passed.when('later 0')]).toEqual([undefined, expect.any(String)]);
  fs.writeFileSync(file, 'damaged');
  expect(passed.when('later 0')).toBeUndefined();
});
