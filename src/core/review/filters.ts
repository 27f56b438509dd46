/** The filters of a catalog: one after the other, in a process of their own or, without its program, in this one. */
import { filterColumns } from './filterColumns';
import type { FilterRequest } from './filterMessages';
import { FilterProcess } from './filterProcess';
import { CatalogFilterSource, type FilterSources } from './filterSource';
import type { FilterStarter } from './filterStarter';
import type { FilterLimits } from './filterLimits';
import { FilterTables, type Selection } from './filterTables';

interface FilterRunner {
  select(request: FilterRequest): Promise<Selection>;
  close(): void;
}

export class Filters {
  private readonly source: CatalogFilterSource;
  private readonly runner: FilterRunner;
  private readonly stale = new Set<number>();
  private queue: Promise<unknown> = Promise.resolve();

  /** @param starter of processes: a filter that does not end is killed; without one filters run in this process */
  constructor(sources: FilterSources, limits: FilterLimits, starter: FilterStarter | undefined) {
    this.source = new CatalogFilterSource(sources);
    this.runner = starter
      ? new FilterProcess(starter, this.source, limits)
      : new FilterTables(this.source, limits);
  }

  /** Every column that a filter may name. */
  get columnNames(): string[] {
    return [...filterColumns, ...this.source.schema.metadata].map(({ name }) => name);
  }

  /** Items whose label changed: brought in step before the next filter. */
  invalidate(items: readonly number[]): void {
    if (this.source.given.size > 0) for (const item of items) this.stale.add(item);
  }

  /**
   * Runs a filter. One at a time; rows for which it is NULL are not selected.
   * @throws OVR900 not one expression; OVR901 refused, unknown column, failed, or too slow; OVR902 its process ended;
   * OVR803 the catalog was closed meanwhile
   */
  select(where: string): Promise<Selection> {
    const result = this.queue.then(() => this.runner.select(this.request(where)));
    this.queue = result.catch(() => undefined);
    return result;
  }

  close(): void {
    this.runner.close();
  }

  private request(where: string): FilterRequest {
    const { source, stale } = this;
    // After a process was killed nothing is given out, and nothing is out of step.
    const changes = stale.size > 0 && source.given.size > 0 ? source.changesOf(Int32Array.from(stale)) : null;
    stale.clear();
    return { where, names: source.names, changes };
  }
}
