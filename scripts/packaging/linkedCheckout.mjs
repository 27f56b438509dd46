// A checkout of links to this one, with a dist/ of its own: what is built there leaves the programs alone that are here.
import { copyFileSync, cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';

/** What is made here, by builds and by Git. */
const made = ['dist', 'out', '.git'];
/** npm packs no links: folders that it publishes are copied, as all files are. */
const published = ['schemas'];

/** Fills the new folder `to`. */
export function linkCheckout(to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync('.', { withFileTypes: true })) {
    const place = path.join(to, entry.name);
    if (made.includes(entry.name)) continue;
    if (entry.isFile()) copyFileSync(entry.name, place);
    else if (published.includes(entry.name)) cpSync(entry.name, place, { recursive: true });
    else symlinkSync(path.resolve(entry.name), place, 'junction');
  }
}
