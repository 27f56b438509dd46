/** Many lines with one fault are one problem: its count and the first lines, not a million problems. */
import type { ErrorCode } from '../base/errors';
import type { Problem } from '../base/report';

/** How many lines a problem names. */
const named = 5;

/** The lines of one file that share a fault. */
export interface FaultyLines {
  count: number;
  /** The first ones, 1-based. */
  readonly first: number[];
}

export function noteLine(lines: FaultyLines, line: number): void {
  lines.count++;
  if (lines.first.length < named) lines.first.push(line);
}

/** The problem of these lines; its place is the first of them. */
export function problemOfLines(
  lines: FaultyLines,
  file: string,
  details: { readonly code: ErrorCode } & Omit<Problem, 'code' | 'place'>,
): Problem {
  const more = lines.count > lines.first.length ? ', …' : '';
  const which = lines.count > 1 ? ` (lines ${lines.first.join(', ')}${more})` : '';
  return {
    ...details,
    message: `${details.message}${which}`,
    place: { file, line: lines.first[0] ?? 1 },
  };
}
