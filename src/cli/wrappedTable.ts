/** A table whose last column is running text: it wraps to the terminal. */
import { table } from './describeMetrics';

/** Running text in a narrower column than this is hard to read, characters. */
const narrowest = 40;

/**
 * Rows as lines with aligned columns, the first row the head. The last cell wraps within its column; where that
 * would be too narrow, it follows below its row instead, without its head.
 * @param width of the terminal; undefined: nothing wraps, one line a row, as scripts want it
 */
export function wrappedTable(rows: readonly (readonly string[])[], width: number | undefined): string[] {
  if (width === undefined) return table(rows);
  const parts = rows.map((row) => ({ others: row.slice(0, -1), last: row.at(-1) ?? '' }));
  const others = parts.map((row) => row.others);
  const widest = Math.max(0, ...table(others).map((line) => line.length));
  const room = width - widest - 2;
  if (room < narrowest) {
    return table(others).flatMap((line, i) => [
      line,
      ...(i === 0 ? [] : wrap(parts[i]?.last ?? '', width - 6).map((text) => `      ${text}`)),
    ]);
  }
  return table(
    parts.flatMap((row) =>
      wrap(row.last, room).map((text, line) => [...row.others.map((cell) => (line === 0 ? cell : '')), text]),
    ),
  );
}

/** Text in lines of at most `width` characters, broken between words; longer words stand alone. */
export function wrap(text: string, width: number | undefined): string[] {
  if (width === undefined) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A name of fewer characters says too little. */
const shortestName = 24;

/**
 * Rows whose first cells are names, with the names as short as the terminal needs them: the middle is left out, since
 * names of runs differ at either end. They stay whole where they would be alike.
 */
export function fitFirstColumn(rows: readonly (readonly string[])[], width: number): string[][] {
  const over = Math.max(0, ...table(rows).map((line) => line.length)) - width;
  const longest = Math.max(0, ...rows.map(([name = '']) => name.length));
  if (over <= 0) return rows.map((row) => [...row]);
  const room = Math.max(shortestName, longest - over);
  const names = rows.map(([name = '']) => withoutMiddle(name, room));
  const alike = new Set(names).size < new Set(rows.map(([name]) => name)).size;
  return rows.map((row, i) => [(alike ? row[0] : names[i]) ?? '', ...row.slice(1)]);
}

function withoutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`;
}
