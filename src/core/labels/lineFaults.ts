/** Lines of one label file that are no event, and what is told about them. */
import type { Problem } from '../base/report';
import type { RefusedLine } from './events';
import { counted } from '../base/counted';
import { type FaultyLines, noteLine, problemOfLines } from './listedLines';

/** Reasons that are told apart in one file. */
const mostReasons = 50;

export class LineFaults {
  private readonly faults = new Map<string, { readonly refused: RefusedLine; readonly lines: FaultyLines }>();

  constructor(private readonly file: string) {}

  add(refused: RefusedLine, line: number): void {
    const own = `${refused.kind} ${refused.reason}`;
    // A file of another kind has as many reasons as lines: they are one from here on.
    const isOther = this.faults.size >= mostReasons && !this.faults.has(own);
    const reason = isOther ? 'other reasons' : refused.reason;
    const key = `${refused.kind} ${reason}`;
    const fault = this.faults.get(key) ?? { refused: { ...refused, reason }, lines: { count: 0, first: [] } };
    this.faults.set(key, fault);
    noteLine(fault.lines, line);
  }

  get problems(): Problem[] {
    return [...this.faults.values()].map(({ refused, lines }) => {
      const { count } = lines;
      if (refused.kind === 'future') {
        return problemOfLines(lines, this.file, {
          severity: 'warning',
          code: 'OVR410',
          message: `${counted(count, 'label event')} ${count === 1 ? 'is' : 'are'} dated 2100 or later and ${count === 1 ? 'does' : 'do'} not count`,
          fix: 'It stays in the file. Correct the time in the line if the label is meant; a clock was wrong when it was written.',
        });
      }
      const verb = refused.kind === 'unknown' ? 'not understood' : 'cannot be read';
      return problemOfLines(lines, this.file, {
        severity: 'warning',
        code: 'OVR404',
        message: `${count === 1 ? 'Label line' : counted(count, 'label line')} ${verb}: ${refused.reason}`,
        expected: 'one label event as JSON',
        fix:
          refused.kind === 'unknown'
            ? 'The line is kept and does nothing. A newer version of Overread may understand it.'
            : 'The line is kept and does nothing. Mend or delete it; all other lines count.',
      });
    });
  }
}
