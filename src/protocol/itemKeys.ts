/**
 * Keys of items and images, as the engine makes them (core/review/itemKey.ts): the finding, a slash, the sample. The key of
 * a whole image has no finding; it is the key of no item, so that an answer by it hits nothing.
 */
import type { ItemKey } from './engineApi';

/** The key of an item's image; of an image its own. */
export function imageOfKey(key: ItemKey): ItemKey {
  return key.slice(Math.max(0, key.indexOf('/')));
}

/** The key of a finding of an image. @param key of the image, or of any of its items */
export function keyOfFinding(key: ItemKey, finding: string): ItemKey {
  return encodeURIComponent(finding) + imageOfKey(key);
}

/** The finding of an item; empty of an image. */
export function findingOfKey(key: ItemKey): string {
  return decodeURIComponent(key.slice(0, Math.max(0, key.indexOf('/'))));
}
