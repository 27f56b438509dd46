/** Rows that are left out, told by kind: how many, and the first of them. */
import type { ErrorCode } from '../../base/errors';
import type { Problem } from '../../base/report';

/** Rows that are named of each kind. */
const rowsNamed = 3;

export class RowFaults {
  private readonly kinds = new Map<string, { code: ErrorCode; rows: number[]; count: number; fix: string }>();
  private readonly rows = new Set<number>();

  constructor(private readonly file: string) {}

  /**
   * @param line of the file, counted from 1
   * @param what a clause for many: `hold a value that is no number`
   */
  add(line: number, code: ErrorCode, what: string, fix: string): void {
    this.rows.add(line);
    const kind = this.kinds.get(what) ?? { code, rows: [], count: 0, fix };
    kind.count++;
    if (kind.rows.length < rowsNamed) kind.rows.push(line);
    this.kinds.set(what, kind);
  }

  /** Rows with at least one fault. */
  get count(): number {
    return this.rows.size;
  }

  /** The commonest kind; undefined where there is none. */
  get worst(): string | undefined {
    return [...this.kinds].sort(([, a], [, b]) => b.count - a.count)[0]?.[0];
  }

  problems(): readonly Problem[] {
    return [...this.kinds].map(([what, { code, rows, count, fix }]) => ({
      code,
      severity: 'warning',
      message:
        `${count} ${count === 1 ? 'row' : 'rows'} ${what} and ${count === 1 ? 'is' : 'are'} left out ` +
        `(${count === 1 ? 'row' : 'rows'} ${rows.join(', ')}${count > rows.length ? ', …' : ''})`,
      place: { file: this.file, row: rows[0] ?? 1 },
      fix,
    }));
  }
}
