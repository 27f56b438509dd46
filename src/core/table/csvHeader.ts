/** The first record of a CSV file, read here because a guess at it fails on files with one broken line. */

export interface CsvHeader {
  readonly delimiter: string;
  /** One name per column, unique; nameless columns are called `column3` by their number. */
  readonly names: readonly string[];
  /** Blank lines before it. */
  readonly blankLines: number;
}

/** Reads the header from the beginning of a text; undefined when there is nothing but space. */
export function readCsvHeader(text: string, tabs: boolean): CsvHeader | undefined {
  const start = text.replace('\ufeff', '');
  const blank = /^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(start)?.[0] ?? '';
  const record = /^(?:"(?:[^"]|"")*"|[^"\r\n])+/.exec(start.slice(blank.length))?.[0] ?? '';
  if (record.trim() === '') return undefined;
  const delimiter = tabs ? '\t' : mostFrequent(record);
  return {
    delimiter,
    names: uniqueNames(splitRecord(record, delimiter)),
    blankLines: blank.split(/\r\n|\n|\r/).length - 1,
  };
}

/** The separator that occurs most outside quotes: a comma where none does. */
function mostFrequent(record: string): string {
  const plain = record.replaceAll(/"(?:[^"]|"")*"/g, '');
  const count = (separator: string): number => plain.split(separator).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
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

/** DuckDB compares names without case, so `Path` and `path` need to differ too. */
function uniqueNames(cells: readonly string[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, i) => {
    const base = cell === '' ? `column${i + 1}` : cell;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
