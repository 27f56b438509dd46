/** The process in which the filters of one catalog run, a program of its own: it can be killed. */
import { OverreadError } from '../base/errors';
import { endNow, endWithParent } from '../base/lifeline';
import type { FromFilters, ToFilters } from './filterMessages';
import type { FilterSource, ItemNumbers, SampleColumn } from './filterSource';
import { FilterTables } from './filterTables';

endWithParent();
process.on('disconnect', endNow);
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

let tables: FilterTables | undefined;
let takeSamples: (column: SampleColumn) => void = () => undefined;
let takeItems: (numbers: ItemNumbers) => void = () => undefined;

const post = (message: FromFilters) => void process.send?.(message);

process.on('message', (message: ToFilters) => {
  switch (message.kind) {
    case 'open': {
      const source: FilterSource = {
        schema: message.schema,
        sampleColumn: (name) => {
          post({ kind: 'wantSamples', name });
          return new Promise((resolve) => (takeSamples = resolve));
        },
        itemNumbers: (raw) => {
          post({ kind: 'wantItems', raw });
          return new Promise((resolve) => (takeItems = resolve));
        },
      };
      tables = new FilterTables(source, message.limits, () => post({ kind: 'running' }));
      return;
    }
    case 'select':
      void tables?.select(message.request).then(
        (selection) => post({ kind: 'selected', selection }),
        (error: unknown) => post(failure(error)),
      );
      return;
    case 'samples':
      takeSamples(message.column);
      return;
    case 'items':
      takeItems(message.numbers);
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
