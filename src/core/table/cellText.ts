/** What the text of a cell says, whatever program wrote it: read here for the guess at a table and for its reading. */

/** Texts that stand for "nothing" where pandas, R, spreadsheets and databases write a table, in lower case. */
const missingTexts: ReadonlySet<string> = new Set([
  ...['', 'nan', 'na', 'n/a', 'n.a.', 'none', 'null', 'nil', 'nat', '<na>', '#n/a', '#na', '#value!'],
  ...['-', '--', '—', '–', '.', 'missing', 'not available', 'unlabelled', 'unlabeled'],
]);

/** None of these words is longer, and none begins with a digit: most cells are told apart by that. */
const longestWord = 16;

function mayBeWord(text: string): boolean {
  const first = text.charCodeAt(0);
  return text.length <= longestWord && !(first >= 48 && first <= 57);
}

/** Whether a cell holds nothing, or one of the texts that say so (`nan`, `N/A`, `None`, `null`, `-`, …). */
export function isMissing(cell: string | null | undefined): boolean {
  const text = cell?.trim() ?? '';
  return mayBeWord(text) && missingTexts.has(text.toLowerCase());
}

/** Words that stand in for a patient whose name was taken away. */
const nobody = /^(?:unknown|anon|anonym|anonymous|anonymi[sz]ed|deidentified|removed|no ?name)$/i;

/** Whether a cell names no patient: it is missing, or says that the name was removed. */
export function isNobody(cell: string | null | undefined): boolean {
  const text = cell?.trim() ?? '';
  return mayBeWord(text) && (missingTexts.has(text.toLowerCase()) || nobody.test(text));
}

/** The number that a cell holds, as `1`, `1.0`, `1,0` or `-1.0`; undefined where it is none. */
export function cellNumber(cell: string): number | undefined {
  const text = cell.trim();
  return /^[+-]?\d+(?:[.,]\d*)?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
}

/** A text without what people do not mean to say with it: spaces around and doubled, case, `.0` of a number. */
export function plainText(cell: string): string {
  const text = cell.trim().replaceAll(/\s+/g, ' ').normalize('NFC').toLowerCase();
  const number = cellNumber(text);
  return number === undefined || /^[+-]?0\d/.test(text) ? text : String(number);
}

/** Lists as Python and JSON write them: `['a', 'b']`. */
export function isBracketed(cell: string): boolean {
  const text = cell.trim();
  return text.startsWith('[') && text.endsWith(']');
}

/** The entries of a list, trimmed, none of them empty: between separators, or as Python and JSON write a list. */
export function listEntries(cell: string, separator: string): string[] {
  const parts = isBracketed(cell) ? bracketedEntries(cell) : cell.split(separator);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function bracketedEntries(cell: string): string[] {
  const inside = cell.trim().slice(1, -1);
  return [...inside.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|[^,'"]+/g)].map(
    ([whole, single, double]) => (single ?? double)?.replaceAll(/\\(.)/g, '$1') ?? whole,
  );
}
