/** A file is passed over only where it, all that it imports and the settings are as they were. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keysAlone, keysWithImports, passedFiles } from '../../scripts/test/passedFiles.mjs';

let folder: string;
const write = (name: string, text: string): void => {
  fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-files-'));
  write('src/page.ts', "import { table } from './table';\nexport const page = table;\n");
  write('src/table.ts', "export * from '../lib/rows';\n");
  write('lib/rows.ts', "import type { Page } from '../src/page';\nexport const table: Page | number = 1;\n");
  write('src/other.ts', 'export const other = 1;\n');
  write('src/script.ts', "import { run } from './run.mjs';\nconst kept = import('./data.json');\n");
  write('src/run.mjs', 'export const run = 1;\n');
  write('src/run.d.mts', 'export const run: number;\n');
  write('src/data.json', '{}');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const names = ['src/page.ts', 'src/table.ts', 'lib/rows.ts', 'src/other.ts', 'src/script.ts', 'src/run.mjs'];
const changedBy = (change: () => void, settings = 'one'): readonly string[] => {
  const before = keysWithImports(folder, names, 'one');
  change();
  const after = keysWithImports(folder, names, settings);
  return names.filter((name) => before.get(name) !== after.get(name));
};

describe('a file with all that it imports', () => {
  it.each<[string, () => void, readonly string[]]>([
    ['nothing changed', () => write('read.md', 'a'), []],
    ['a file that nobody imports', () => write('src/other.ts', 'export {};'), ['src/other.ts']],
    [
      'one that others import, in a circle',
      () => write('lib/rows.ts', "import type { Page } from '../src/page';\nexport const table: Page = 1;\n"),
      ['src/page.ts', 'src/table.ts', 'lib/rows.ts'],
    ],
    ['the types of a script', () => write('src/run.d.mts', 'export const run: string;\n'), ['src/script.ts']],
    ['data', () => write('src/data.json', '[]'), ['src/script.ts']],
    [
      'a file that is found in the place of another',
      () => write('src/table.d.ts', ''),
      ['src/page.ts', 'lib/rows.ts', 'src/table.ts'],
    ],
    [
      'one that is gone',
      () => fs.rmSync(path.join(folder, 'lib/rows.ts')),
      ['src/page.ts', 'src/table.ts', 'lib/rows.ts'],
    ],
  ])('is another one after a change of %s', (_, change, changed) => {
    expect([...changedBy(change)].sort()).toEqual([...changed].sort());
  });

  it('is another one by other settings', () => {
    expect(changedBy(() => undefined, 'two')).toEqual(names);
  });
});

it('by itself, a file is told by its name, its content and the settings', () => {
  write('a.md', 'text');
  write('b.md', 'text');
  const keys = (settings: string) => keysAlone(folder, ['a.md', 'b.md'], settings);
  const before = keys('one');
  expect(before.get('a.md')).not.toBe(before.get('b.md'));
  expect(keys('two').get('a.md')).not.toBe(before.get('a.md'));
  write('a.md', 'more');
  expect(keys('one').get('a.md')).not.toBe(before.get('a.md'));
  expect(keys('one').get('b.md')).toBe(before.get('b.md'));
});

it('what passed is remembered beside what another run noted meanwhile', () => {
  const file = path.join(folder, 'checks', 'format.files');
  const first = passedFiles(file);
  const second = passedFiles(file);
  first.note(['a', 'b']);
  second.note(['c']);
  expect(['a', 'b', 'c', 'd'].map((key) => passedFiles(file).has(key))).toEqual([true, true, true, false]);
  expect(first.has('a')).toBe(false);
});
