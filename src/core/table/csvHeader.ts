/** The first record of a CSV file, read here because a guess at it fails on files with one broken line. */

export interface CsvHeader {
  readonly delimiter: string;
  /** One name per column, unique; nameless columns are called `column3` by their number. */
  readonly names: readonly string[];
  /** Lines before it: blank ones, and the hint `sep=;` of spreadsheets. */
  readonly linesBefore: number;
  /** Records before it: the hint is one. */
  readonly recordsBefore: number;
}

/**
 * Reads the header from the beginning of a text; undefined when there is nothing but space.
 * @param tabs the file's name says that tabs stand between cells, which holds where there is one
 */
export function readCsvHeader(text: string, tabs: boolean): CsvHeader | undefined {
  const all = text.replace('\ufeff', '');
  const hint = /^(?:[ \t]*(?:\r\n|\n|\r))*"?sep=([^\r\n"])"?[^\S\r\n]*(?:\r\n|\n|\r)/i.exec(all);
  const start = hint ? all.slice(hint[0].length) : all;
  const blank = /^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(start)?.[0] ?? '';
  const record = /^(?:"(?:[^"]|"")*"|[^"\r\n])+/.exec(start.slice(blank.length))?.[0] ?? '';
  if (record.trim() === '') return undefined;
  const delimiter = hint?.[1] ?? (tabs && record.includes('\t') ? '\t' : separatorOf(record, start));
  return {
    delimiter,
    names: uniqueNames(splitRecord(record, delimiter)),
    linesBefore: countLines(hint?.[0] ?? '') + countLines(blank),
    recordsBefore: hint ? 1 : 0,
  };
}

const countLines = (text: string): number => text.split(/\r\n|\n|\r/).length - 1;

/**
 * The separator that occurs most outside quotes. Where there is none of the usual ones, a bar; or a space, in lists
 * that have as many in each of their first lines (COVIDx). Else a comma.
 */
function separatorOf(record: string, text: string): string {
  const plain = record.replaceAll(/"(?:[^"]|"")*"/g, '');
  const count = (separator: string): number => plain.split(separator).length;
  const best = [',', ';', '\t'].reduce((most, next) => (count(next) > count(most) ? next : most));
  if (count(best) > 1) return best;
  if (count('|') > 1) return '|';
  return isSpaced(text) ? ' ' : ',';
}

/** Lines that are looked at for spaces. */
const looked = 20;

function isSpaced(text: string): boolean {
  const lines = text
    .split(/\r\n|\n|\r/, looked + 1)
    .slice(0, looked)
    .filter((line) => line.trim() !== '');
  const fields = lines.map((line) => (/ {2}|["\t]|^ | $/.test(line) ? 0 : line.split(' ').length));
  return lines.length > 1 && (fields[0] ?? 0) > 1 && fields.every((number) => number === fields[0]);
}

function splitRecord(record: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  for (const [part] of record.matchAll(/"(?:[^"]|"")*"|[^"]/g)) {
    if (part === delimiter) {
      cells.push(cell.trim());
      cell = '';
    } else {
      cell += part.length > 1 ? part.slice(1, -1).replaceAll('""', '"') : part;
    }
  }
  return [...cells, cell.trim()];
}

/**
 * The names of columns, each once: nameless ones are called `column3` by their number. DuckDB compares names without case,
 * so `Path` and `path` need to differ too.
 */
export function uniqueNames(cells: readonly string[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, i) => {
    const base = cell === '' ? `column${i + 1}` : cell;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
