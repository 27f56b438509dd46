/** Where the rows of a CSV file start: a quoted cell may hold line breaks, and blank lines are no rows. */

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** Counts the lines of a text that comes in pieces. */
export class LineCount {
  private feeds = 0;
  private last: number | undefined;

  add(bytes: Uint8Array): void {
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) this.feeds++;
    this.last = bytes.at(-1) ?? this.last;
  }

  /** Lines with something on them or after them: the last one needs no line end. */
  get lines(): number {
    return this.last === undefined || this.last === lineFeed ? this.feeds : this.feeds + 1;
  }
}

/**
 * Notes the 1-based line on which each record of a text starts, the header first. The text comes in pieces, cut
 * anywhere.
 */
export class LineStarts {
  readonly starts: number[] = [];
  private readonly cellEnd: number;
  private line = 1;
  private inQuotes = false;
  private atStart = true;
  private atCellStart = true;
  private previous = -1;
  /** The last byte was a carriage return: whether it ends a line is told by what follows. */
  private returned = false;

  constructor(delimiter: string) {
    this.cellEnd = delimiter.charCodeAt(0);
  }

  add(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (this.returned && byte !== lineFeed) this.endLine();
      this.returned = byte === carriageReturn;
      if (this.atStart && byte !== lineFeed && byte !== carriageReturn) {
        this.starts.push(this.line);
        this.atStart = false;
      }
      // A quote opens only at the start of a cell; a doubled one inside closes and opens again.
      if (byte === quote && (this.inQuotes || this.atCellStart || this.previous === quote)) {
        this.inQuotes = !this.inQuotes;
      }
      this.atCellStart = !this.inQuotes && byte === this.cellEnd;
      if (byte === lineFeed) this.endLine();
      this.previous = byte;
    }
  }

  private endLine(): void {
    this.line++;
    this.atCellStart = !this.inQuotes;
    if (!this.inQuotes) this.atStart = true;
    this.returned = false;
  }
}
