/** Counts in words. A count names what it counts: images, items, patients, events. */

/** `{n} image` and `{n} images`. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** `1 image`, `112,120 images`: English, as terminals and messages are. */
export function inWords(words: Plural, count: number): string {
  return (count === 1 ? words.one : words.other).replaceAll('{n}', count.toLocaleString('en'));
}

/** `3 events` or `1 event`. @param many where it is not `one` with an s */
export function counted(count: number, one: string, many = `${one}s`): string {
  return inWords({ one: `{n} ${one}`, other: `{n} ${many}` }, count);
}
