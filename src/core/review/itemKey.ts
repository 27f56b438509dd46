/** The key of a review item: finding and sample in one word that is a map key and a DOM id. */
import type { ItemKey } from './model';

/** Both parts percent-encoded, joined by a slash: no white space, no ambiguity, the same in every process. */
export function itemKey(sample: string, finding: string): ItemKey {
  return `${encodeURIComponent(finding)}/${encodeURIComponent(sample)}`;
}

/** The key of a whole image, where a list is by image: that of an item without a finding, which no item has. */
export function imageKey(sample: string): ItemKey {
  return itemKey(sample, '');
}

/** The parts of a key, or undefined for a text that is none. */
export function parseItemKey(key: ItemKey): { sample: string; finding: string } | undefined {
  const slash = key.indexOf('/');
  if (slash < 0) return undefined;
  try {
    return {
      finding: decodeURIComponent(key.slice(0, slash)),
      sample: decodeURIComponent(key.slice(slash + 1)),
    };
  } catch {
    return undefined;
  }
}
