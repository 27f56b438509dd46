/** Features of copies that are kept beside the features of their images. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CacheMac } from '../../../src/core/base/cacheMac';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import { keptCopies } from '../../../src/core/project/keptCopies';

let folder: string;
let made = 0;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-copies-'));
  made = 0;
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

const features = Float32Array.of(1, -2.5, 3e-8, NaN);
const make = (isWhole = true) => {
  made++;
  return Promise.resolve({ features, isWhole });
};

/** @param more what differs from the first time */
async function copies(
  more: { key?: string; hashes?: string[]; user?: string; isWhole?: boolean; readOnly?: boolean } = {},
): Promise<Float32Array> {
  const { key = 'net-1', hashes = ['a', 'b'], user = 'user', isWhole, readOnly = false } = more;
  const place = {
    folder: await ProjectFolder.open(folder, { readOnly }),
    mac: await CacheMac.open(path.join(folder, user)),
    place: '.overread/features/net-1',
  };
  return keptCopies(place, key, hashes, () => make(isWhole));
}

it('are made once, and are then what they were', async () => {
  expect(await copies()).toEqual(features);
  expect(await copies()).toEqual(features);
  expect(made).toBe(1);
});

it.each([
  ['another network', { key: 'net-2' }],
  ['other images', { hashes: ['a', 'c'] }],
  ['another order', { hashes: ['b', 'a'] }],
  ['another user', { user: 'other' }],
])('are made anew for %s', async (_what, more) => {
  await copies();
  expect(await copies(more)).toEqual(features);
  expect(made).toBe(2);
});

it.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
  ['changed', (bytes: Buffer) => bytes.fill(1, bytes.length - 3)],
  ['empty', () => Buffer.alloc(0)],
])('are made anew where the file is %s', async (_what, spoilt) => {
  await copies();
  const file = path.join(folder, '.overread/features/net-1/copies.bin');
  await fs.writeFile(file, spoilt(await fs.readFile(file)));
  expect(await copies()).toEqual(features);
  expect(made).toBe(2);
  await copies();
  expect(made).toBe(2);
});

it.each([
  ['an image lacks some', { isWhole: false }],
  ['nothing may be written', { readOnly: true }],
])('are not kept where %s', async (_what, more) => {
  await copies(more);
  await copies(more);
  expect(made).toBe(2);
});
