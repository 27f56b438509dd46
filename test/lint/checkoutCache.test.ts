/** What was worked out for a checkout is found again by its path, and forgotten when it was not used for long. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkoutCache } from '../../scripts/environment/checkoutCache.mjs';

let cache: string;
beforeEach(() => {
  cache = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-checkouts-'));
});
afterEach(() => fs.rmSync(cache, { recursive: true, force: true }));

it('is one folder for one path and kind', () => {
  const first = checkoutCache('types', '/a', cache);
  fs.writeFileSync(path.join(first, 'core'), '');
  expect(checkoutCache('types', '/a', cache)).toBe(first);
  expect(fs.readdirSync(first)).toEqual(['core']);
  expect(
    new Set([first, checkoutCache('types', '/b', cache), checkoutCache('vitest', '/a', cache)]).size,
  ).toBe(3);
});

it('forgets what was not used for a month, and nothing else', () => {
  const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);
  const [old, recent] = ['/old', '/recent'].map((root) => path.dirname(checkoutCache('types', root, cache)));
  fs.utimesSync(old ?? '', daysAgo(31), daysAgo(31));
  fs.utimesSync(recent ?? '', daysAgo(29), daysAgo(29));
  const now = path.dirname(checkoutCache('types', '/now', cache));
  expect(fs.readdirSync(path.join(cache, 'checkouts')).sort()).toEqual(
    [recent, now].map((folder) => path.basename(folder ?? '')).sort(),
  );
});
