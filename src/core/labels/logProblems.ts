/** What is told about label files and lines that stand in each other's way. */
import type { Problem } from '../base/report';
import type { EventTable } from './eventTable';
import { counted } from '../base/counted';
import { type FaultyLines, noteLine, problemOfLines } from './listedLines';

export function tornProblem(file: string, line: number): Problem {
  return {
    severity: 'info',
    code: 'OVR404',
    message: 'The last label line has no end: its write was cut off or is under way, so it does not count',
    place: { file, line },
  };
}

/** @param wanted what should be there */
export function notPlainProblem(file: string, what: string, wanted: string): Problem {
  return {
    severity: 'error',
    code: 'OVR411',
    message: `${file} is ${what}; no labels are read from it`,
    place: { file },
    expected: wanted,
    fix: `Put ${wanted} in its place; nothing is followed or waited for`,
  };
}

/** OVR409: different events with the id of another; one problem for each file. */
export function conflictProblems(table: EventTable, pathOf: (file: number) => string): Problem[] {
  const files = new Map<number, FaultyLines>();
  for (const row of table.conflicting) {
    const { file, line } = table.place(row);
    const lines = files.get(file) ?? { count: 0, first: [] };
    files.set(file, lines);
    noteLine(lines, line);
  }
  return [...files].map(([file, lines]) =>
    problemOfLines(lines, pathOf(file), {
      severity: 'warning',
      code: 'OVR409',
      message: `${counted(lines.count, 'label event')} ${lines.count === 1 ? 'has' : 'have'} the id of another event with other content, and ${lines.count === 1 ? 'does' : 'do'} not count`,
      fix: 'Of two events with one id the earlier counts. Delete the line that is wrong, or make the edit again; lines are never to be changed by hand',
    }),
  );
}
