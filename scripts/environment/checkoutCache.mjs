// What was worked out for a checkout and holds while its files are the same: kept in the user's cache by the checkout's path, so that
// a fresh clone in the same place has it too.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import * as path from 'node:path';
import { cacheFolder } from './cache.mjs';

/** A checkout that nothing was worked out for in so many days is forgotten. */
const days = 30;

/** The folder of one kind of what is known of a checkout; it is there when this returns. @param root the checkout */
export function checkoutCache(kind, root = '.', cache = cacheFolder()) {
  const all = path.join(cache, 'checkouts');
  const own = path.join(all, createHash('sha256').update(path.resolve(root)).digest('hex').slice(0, 16));
  const folder = path.join(own, kind);
  mkdirSync(folder, { recursive: true });
  const now = new Date();
  utimesSync(own, now, now);
  for (const name of readdirSync(all)) {
    const used = statSync(path.join(all, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (now.getTime() - used > days * 86_400_000)
      rmSync(path.join(all, name), { recursive: true, force: true });
  }
  return folder;
}
