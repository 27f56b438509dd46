/**
 * The tables that filters run on, in a locked in-memory DuckDB. They hold only the columns that a filter has
 * named so far, and are filled when it first does: opening a project costs nothing here, and a filter on the
 * patient's age never builds 1.6 million item rows.
 */
import { BOOLEAN, INTEGER, VARCHAR } from '@duckdb/node-api';
import {
  createTable,
  type DuckDBConnection,
  type MemoryDatabase,
  openMemoryDatabase,
  quoteIdentifier,
  type TableColumn,
} from '../base/duckdb';
import { OverreadError } from '../base/errors';
import { filterColumns, type MetadataColumn, metadataFilterColumns, rowNumber } from './filterColumns';
import { cleanMessage, type FilterExpression, parseFilter } from './filterExpression';
import { createItemTable, type FilterSources, itemColumn, rawColumns } from './filterItems';
import { typedMetadata } from './filterValues';

export interface FilterLimits {
  /** A filter that runs longer is interrupted. */
  readonly timeoutMs: number;
  /** DuckDB's own notation. */
  readonly memory: string;
  readonly threads: number;
}

export const filterLimits: FilterLimits = { timeoutMs: 10_000, memory: '2GB', threads: 4 };

/** What a filter selects: a mark per sample, or per item when it asks about items. */
export interface Selection {
  readonly of: 'sample' | 'item';
  readonly marks: Uint8Array;
}

export class FilterTables {
  private database: Promise<MemoryDatabase> | undefined;
  private readonly metadata: readonly MetadataColumn[];
  private readonly sampleColumns = new Set<string>();
  private hasSamples = false;
  private readonly itemColumns = new Set<string>();
  private readonly stale = new Set<number>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sources: FilterSources,
    private readonly limits: FilterLimits = filterLimits,
  ) {
    this.metadata = metadataFilterColumns(sources.dataset);
  }

  /** Every column that a filter may name. */
  get columnNames(): string[] {
    return [...filterColumns, ...this.metadata].map(({ name }) => name);
  }

  /** Items whose label changed: brought in step before the next filter that asks about items. */
  invalidate(items: readonly number[]): void {
    if (this.itemColumns.size > 0) for (const item of items) this.stale.add(item);
  }

  /**
   * Runs a filter. One at a time; rows for which it is NULL are not selected.
   * @throws OVR900 not one expression, OVR901 refused, unknown column, failed, or too slow
   */
  select(where: string): Promise<Selection> {
    const result = this.queue.then(() => this.run(where));
    this.queue = result.catch(() => undefined);
    return result;
  }

  close(): void {
    const { database } = this;
    this.database = undefined;
    void database?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }

  private async run(where: string): Promise<Selection> {
    this.database ??= this.open();
    const { connection } = await this.database;
    const filter = await parseFilter(connection, where, this.columnNames);
    const ofItems = filterColumns.filter(({ of, name }) => of === 'item' && filter.columns.has(name));
    const ofSamples = this.columnNames.filter(
      (name) => filter.columns.has(name.toLowerCase()) && !ofItems.some((item) => item.name === name),
    );
    await this.ensureSamples(connection, ofSamples);
    const names = ofItems.map(({ name }) => name);
    if (names.length > 0) await this.ensureItems(connection, names);
    const of = names.length > 0 ? 'item' : 'sample';
    const { samples } = this.sources.dataset;
    const marks = new Uint8Array(of === 'item' ? this.sources.labels.items : samples.length);
    await this.mark(connection, this.queryOf(filter, names, ofSamples), marks);
    return { of, marks };
  }

  private async open(): Promise<MemoryDatabase> {
    const database = await openMemoryDatabase({
      memory_limit: this.limits.memory,
      threads: String(this.limits.threads),
    });
    // Loading goes through appenders, so the lock is shut before the first row, and before any user's text.
    for (const statement of [
      "SET temp_directory = ''",
      'SET enable_external_access = false',
      'SET allow_community_extensions = false',
      'SET lock_configuration = true',
    ]) {
      await database.connection.run(statement);
    }
    return database;
  }

  private queryOf(filter: FilterExpression, items: readonly string[], samples: readonly string[]): string {
    const sampleColumns = samples.map((name) => `s.${quoteIdentifier(name)}`);
    if (items.length === 0) {
      const list = [`s.sample_index AS ${rowNumber}`, ...sampleColumns].join(', ');
      return `SELECT ${rowNumber} FROM (SELECT ${list} FROM samples AS s) WHERE (${filter.sql}\n)`;
    }
    const findings = this.sources.dataset.findings.length;
    const itemColumns = items.map(
      (name) => `${itemColumn(this.sources, name).sql} AS ${quoteIdentifier(name)}`,
    );
    const list = [`i.rowid::INTEGER AS ${rowNumber}`, ...itemColumns, ...sampleColumns].join(', ');
    const join = samples.length === 0 ? '' : `JOIN samples AS s ON s.sample_index = i.rowid // ${findings}`;
    return `SELECT ${rowNumber} FROM (SELECT ${list} FROM items AS i ${join}) WHERE (${filter.sql}\n)`;
  }

  /** Runs the query under the time limit and sets a mark for each row number that it gives. */
  private async mark(connection: DuckDBConnection, sql: string, marks: Uint8Array): Promise<void> {
    const deadline = new Deadline(this.limits.timeoutMs, () => connection.interrupt());
    try {
      const result = await connection.run(sql);
      for (
        let chunk = await result.fetchChunk();
        chunk && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        const rows = chunk.getColumnVector(0);
        for (let k = 0; k < chunk.rowCount; k++) marks[rows.getItem(k) as number] = 1;
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new OverreadError({
        code: 'OVR901',
        message: deadline.passed
          ? `The filter was stopped after ${this.limits.timeoutMs / 1000} s`
          : `The filter failed: ${cleanMessage(message)}`,
        expected: `an expression that is true or false for each row, over ${this.columnNames.join(', ')}`,
        cause: error,
      });
    } finally {
      deadline.clear();
    }
  }

  private async ensureSamples(connection: DuckDBConnection, names: readonly string[]): Promise<void> {
    if (this.hasSamples && names.every((name) => this.sampleColumns.has(name))) return;
    for (const name of names) this.sampleColumns.add(name);
    const { samples } = this.sources.dataset;
    const index = { name: 'sample_index', type: INTEGER, values: samples.map((_, i) => i) };
    const columns = [...this.sampleColumns].map((name) => this.sampleColumn(name));
    await connection.run('DROP TABLE IF EXISTS samples_raw CASCADE');
    await createTable(connection, 'samples_raw', [index, ...columns.map(({ stored }) => stored)]);
    const list = ['sample_index', ...columns.map(({ sql }) => sql)].join(', ');
    await connection.run(`CREATE OR REPLACE VIEW samples AS SELECT ${list} FROM samples_raw`);
    this.hasSamples = true;
  }

  /** A column of the samples: what is stored, and how the view shows it. */
  private sampleColumn(name: string): { stored: TableColumn; sql: string } {
    const quoted = quoteIdentifier(name);
    const source = this.metadata.find((column) => column.name === name)?.source;
    if (source !== undefined) {
      const { type, values, isDate } = typedMetadata(this.sources.dataset, source);
      return {
        stored: { name, type, values },
        sql: isDate ? `TRY_CAST(${quoted} AS DATE) AS ${quoted}` : quoted,
      };
    }
    if (name === 'out_of_fold') {
      const values = this.sources.dataset.samples.map((_, i) => this.sources.opinions.outOfFold(i));
      return { stored: { name, type: BOOLEAN, values }, sql: quoted };
    }
    return { stored: { name, type: VARCHAR, values: this.sampleTexts(name) }, sql: quoted };
  }

  private sampleTexts(name: string): readonly (string | null)[] {
    const { dataset, assignment } = this.sources;
    if (name === 'split') return assignment.split;
    if (name === 'sample') return dataset.samples.map(({ id }) => id);
    if (name === 'path') return dataset.samples.map(({ path }) => path);
    if (name === 'group') return dataset.samples.map(({ group }) => group);
    if (name === 'study') return dataset.samples.map(({ study }) => study);
    throw new Error(`No sample column ${name}`);
  }

  private async ensureItems(connection: DuckDBConnection, names: readonly string[]): Promise<void> {
    const raws = names.map((name) => itemColumn(this.sources, name).raw);
    if (raws.every((raw) => this.itemColumns.has(raw))) {
      if (this.stale.size > 0) await this.bringInStep(connection);
      return;
    }
    for (const raw of raws) this.itemColumns.add(raw);
    this.stale.clear();
    const all = Int32Array.from({ length: this.sources.labels.items }, (_, item) => item);
    await createItemTable(connection, 'items', rawColumns(this.sources, this.itemColumns), all);
  }

  /** Replaces the rows of the items whose labels changed. */
  private async bringInStep(connection: DuckDBConnection): Promise<void> {
    const items = Int32Array.from(this.stale);
    this.stale.clear();
    const columns = rawColumns(this.sources, ['item', ...this.itemColumns]);
    await createItemTable(connection, 'changed', columns, items);
    const changes = [...this.itemColumns].map((name) => `${name} = c.${name}`).join(', ');
    await connection.run(`UPDATE items SET ${changes} FROM changed AS c WHERE items.rowid = c.item`);
    await connection.run('DROP TABLE changed');
  }
}

/** Calls back once when the time is over, unless it is cleared before. */
class Deadline {
  passed = false;
  private readonly timer: NodeJS.Timeout;

  constructor(ms: number, onPassed: () => void) {
    this.timer = setTimeout(() => {
      this.passed = true;
      onPassed();
    }, ms);
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}
