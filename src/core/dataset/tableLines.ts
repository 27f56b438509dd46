/** Where the rows of a CSV file start: a quoted cell may hold line breaks, and blank lines are no rows. */

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/**
 * The 1-based line on which each record starts, the header first; undefined when record `i` simply is line
 * `i + 1`, which is nearly always so and costs only a count of the line ends.
 * @param rows records after the header, as the reader found them
 */
export function findLineStarts(bytes: Uint8Array, rows: number, delimiter: string): number[] | undefined {
  return countLines(bytes) === rows + 1 ? undefined : scanLineStarts(bytes, delimiter);
}

/** The same, always by looking at every byte. */
export function scanLineStarts(bytes: Uint8Array, delimiter: string): number[] {
  const cellEnd = delimiter.charCodeAt(0);
  const starts: number[] = [];
  let line = 1;
  let inQuotes = false;
  let atStart = true;
  let atCellStart = true;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const endOfLine = byte === lineFeed || (byte === carriageReturn && bytes[i + 1] !== lineFeed);
    if (atStart && byte !== lineFeed && byte !== carriageReturn) {
      starts.push(line);
      atStart = false;
    }
    // A quote opens only at the start of a cell; a doubled one inside closes and opens again.
    if (byte === quote && (inQuotes || atCellStart || bytes[i - 1] === quote)) inQuotes = !inQuotes;
    atCellStart = !inQuotes && (byte === cellEnd || endOfLine);
    if (endOfLine) {
      line++;
      if (!inQuotes) atStart = true;
    }
  }
  return starts;
}

/** Lines with something on them or after them: the last one needs no line end. */
function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count++;
  const last = bytes.at(-1);
  return last === undefined || last === lineFeed ? count : count + 1;
}
