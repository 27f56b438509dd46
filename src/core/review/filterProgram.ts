/** The process in which the filters of one catalog run, a program of its own: it can be killed. */
import { openMemoryDatabase } from '../base/duckdb';
import { OverreadError } from '../base/errors';
import { endNow, endWithParent, tellParent } from '../base/lifeline';
import type { FromFilters, ToFilters } from './filterMessages';
import type { FilterSource, ItemNumbers, SampleColumn } from './filterSource';
import { FilterTables } from './filterTables';

endWithParent();
process.on('disconnect', endNow);
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

// At once: whoever starts this process ahead is still reading the project.
const database = openMemoryDatabase();
// Who asks is told.
database.catch(() => undefined);

let tables: FilterTables | undefined;
/** The columns that were asked for, by name. */
const samplesAsked = new Map<string, (column: SampleColumn) => void>();
const itemsAsked = new Map<string, (numbers: ItemNumbers) => void>();

const post = (message: FromFilters) => tellParent(message);

process.on('message', (message: ToFilters) => {
  switch (message.kind) {
    case 'open': {
      const source: FilterSource = {
        schema: message.schema,
        sampleColumn: (name) => {
          post({ kind: 'wantSamples', name });
          return new Promise((resolve) => samplesAsked.set(name, resolve));
        },
        itemNumbers: (raw) => {
          post({ kind: 'wantItems', raw });
          return new Promise((resolve) => itemsAsked.set(raw, resolve));
        },
      };
      tables = new FilterTables(
        source,
        message.limits,
        () => post({ kind: 'running' }),
        () => database,
      );
      return;
    }
    case 'select':
      void tables?.select(message.request).then(
        (selection) => post({ kind: 'selected', selection }),
        (error: unknown) => post(failure(error)),
      );
      return;
    case 'samples':
      samplesAsked.get(message.name)?.(message.column);
      return;
    case 'items':
      itemsAsked.get(message.raw)?.(message.numbers);
      return;
  }
});

function failure(error: unknown): FromFilters {
  const report = error instanceof OverreadError ? error.toJSON() : null;
  return {
    kind: 'failed',
    report,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
