/** What a reader was shown when an event was made: only the file keeps it, and few ask for it. */
import * as path from 'node:path';
import type { EventTable } from './eventTable';
import { isEvent, parseEventLine } from './events';
import { openPlainFile } from './labelFile';
import type { LabelLogReader } from './log';
import type { Shown } from './model';

/**
 * The `shown` of events, by their row; rows whose event has none are left out.
 * @param rows of the log's table. Cost: their files are read once
 */
export async function readShown(log: LabelLogReader, rows: readonly number[]): Promise<Map<number, Shown>> {
  const { table } = log;
  const files = new Map<number, Map<number, number>>();
  for (const row of rows) {
    const { file, line } = table.place(row);
    if (line === 0) continue;
    const lines = files.get(file) ?? new Map<number, number>();
    files.set(file, lines.set(line, row));
  }
  const shown = new Map<number, Shown>();
  for (const [file, lines] of files) {
    await readFile(path.join(log.root, log.pathOf(file)), table, lines, shown);
  }
  return shown;
}

/** @param lines the row of each line that is wanted, from 1 */
async function readFile(
  file: string,
  table: EventTable,
  lines: ReadonlyMap<number, number>,
  shown: Map<number, Shown>,
): Promise<void> {
  const handle = await openPlainFile(file);
  if (!handle || 'what' in handle) return;
  try {
    let number = 0;
    for await (const line of handle.readLines()) {
      const row = lines.get(++number);
      if (row === undefined) continue;
      const event = parseEventLine(line);
      // The file may have been written anew meanwhile.
      if (isEvent(event) && event.id === table.id(row) && event.shown) shown.set(row, event.shown);
    }
  } finally {
    await handle.close();
  }
}
