/** "Did you mean …": the likeliest of the known names for one that is not known. */
import { closest, distance } from 'fastest-levenshtein';

/**
 * The known name nearest to `name`, ignoring case, separators and surrounding space; undefined when none is
 * near (more than a third of the letters differ).
 */
export function suggest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const plain = (text: string): string =>
    text
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_.-]+/g, '');
  const wanted = plain(name);
  const byPlainName = new Map(known.map((candidate) => [plain(candidate), candidate]));
  const nearest = closest(wanted, [...byPlainName.keys()]);
  const allowed = Math.max(1, Math.floor(Math.max(wanted.length, nearest.length) / 3));
  return distance(wanted, nearest) <= allowed ? byPlainName.get(nearest) : undefined;
}

/** ` Did you mean "…"?`, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = suggest(name, known);
  return nearest === undefined ? '' : `Did you mean "${nearest}"?`;
}
