/** How many letters at its end a name keeps that is cut in its middle: enough that no two of a project look alike. */

/** Of a name that has its last letters for itself. */
export const usualTail = 7;
/** Beyond this a narrow tile has no room for its beginning. */
const longestTail = 16;
/** Letters at the beginning that are seen wherever a name is cut at its end. */
const seenHead = 3;
/** Letters before those that are another's too. */
const own = 2;

/**
 * The names whose last letters are another's too: those that begin otherwise are cut at their end, the others keep so
 * much that they differ.
 * @returns letters, 0: cut at its end; names that are not here keep `usualTail`
 */
export function tailsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const whole = [...new Set(names)].map((name) => ({ name, letters: Array.from(name) }));
  const heads = sharedByNeighbours(whole);
  const ends = sharedByNeighbours(
    whole.map(({ name, letters }) => ({ name, letters: letters.toReversed() })),
  );
  const tails = new Map<string, number>();
  for (const { name } of whole) {
    const end = ends.get(name) ?? 0;
    if (end < usualTail) continue;
    if ((heads.get(name) ?? 0) <= seenHead) tails.set(name, 0);
    else if (end + own <= longestTail) tails.set(name, end + own);
  }
  return tails;
}

/** How many first letters each has in common with the one that shares most of them: a neighbour, in their order. */
function sharedByNeighbours(
  names: readonly { readonly name: string; readonly letters: readonly string[] }[],
): ReadonlyMap<string, number> {
  const sorted = names.toSorted((a, b) => compare(a.letters, b.letters));
  const shared = new Map<string, number>();
  for (const [i, { name, letters }] of sorted.entries()) {
    const beside = [sorted[i - 1], sorted[i + 1]].map((other) => common(letters, other?.letters ?? []));
    shared.set(name, Math.max(...beside));
  }
  return shared;
}

function common(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}

function compare(a: readonly string[], b: readonly string[]): number {
  const n = common(a, b);
  const [one = '', other = ''] = [a[n], b[n]];
  return one < other ? -1 : one > other ? 1 : 0;
}
