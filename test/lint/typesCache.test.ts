/** A type check is passed over only where it would read the very files that it passed with. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rememberedCheck } from '../../scripts/test/typesCache.mjs';

let folder: string;
let source: string;
let buildInfo: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-types-'));
  source = path.join(folder, 'a.ts');
  buildInfo = path.join(folder, 'a.tsbuildinfo');
  fs.writeFileSync(source, 'export const a = 1;\n');
  const version = createHash('sha256').update(fs.readFileSync(source)).digest('hex');
  const known = { fileNames: ['a.ts'], fileInfos: [{ version, signature: 'other' }] };
  fs.writeFileSync(buildInfo, JSON.stringify(known));
  rememberedCheck(buildInfo, 'around').passed();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const holds = (around = 'around') => rememberedCheck(buildInfo, around).holds();

it('holds while nothing has changed', () => {
  expect(holds()).toBe(true);
});

it.each<[string, () => void]>([
  ['a file was edited', () => fs.appendFileSync(source, 'export const b: number = "";\n')],
  ['a file is gone', () => fs.rmSync(source)],
  ['it failed since', () => rememberedCheck(buildInfo, 'around').failed()],
])('does not hold when %s', (_, change) => {
  change();
  expect(holds()).toBe(false);
});

it('does not hold among other files, packages or configurations', () => {
  expect(holds('others')).toBe(false);
});
