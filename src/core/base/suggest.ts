/** "Did you mean …": the likeliest of the known names for one that is not known. */
import { closest, distance } from 'fastest-levenshtein';

/**
 * The known name nearest to `name`, ignoring case, separators and surrounding space; undefined when none is
 * near (more than a third of the letters differ, and more than two).
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
  const length = Math.max(wanted.length, nearest.length);
  // Two letters that changed places are a distance of two.
  const allowed = length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
  return distance(wanted, nearest) <= allowed ? byPlainName.get(nearest) : undefined;
}

/** ` Did you mean "…"?`, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = suggest(name, known);
  return nearest === undefined ? '' : `Did you mean "${nearest}"?`;
}
