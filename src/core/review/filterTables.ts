/**
 * The tables that filters run on, in a locked in-memory DuckDB. They hold only the columns that a filter has
 * named so far, and are filled when it first does: opening a project costs nothing here, and a filter on the
 * patient's age never builds 1.6 million item rows.
 */
import { BOOLEAN, DATE, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import {
  createTable,
  type DuckDBConnection,
  type DuckDBType,
  type MemoryDatabase,
  openMemoryDatabase,
  quoteIdentifier,
  type TableColumn,
} from '../base/duckdb';
import { OverreadError } from '../base/errors';
import { filterColumns, rowNumber } from './filterColumns';
import { cleanMessage, type FilterExpression, parseFilter } from './filterExpression';
import { Deadline, type FilterLimits, filterLimits, lockDatabase, stopped } from './filterLimits';
import { createItemTable, itemColumn } from './filterItems';
import type { FilterRequest } from './filterMessages';
import type { FilterNames, FilterSource, ItemChanges, SampleColumn } from './filterSource';
import { emptyMarks, setMark } from './marks';

/** What a filter selects: a mark (`isMarked`) per sample, or per item when it asks about items. */
export interface Selection {
  readonly of: 'sample' | 'item';
  readonly marks: Uint8Array;
}

const storedTypes: Readonly<Record<SampleColumn['type'], DuckDBType>> = {
  text: VARCHAR,
  whole: INTEGER,
  number: DOUBLE,
  flag: BOOLEAN,
  date: VARCHAR,
};

export class FilterTables {
  private database: Promise<MemoryDatabase> | undefined;
  private readonly columnNames: readonly string[];
  /** The columns of `samples`: how the view shows each. */
  private readonly sampleColumns = new Map<string, string>();
  private readonly itemColumns = new Set<string>();
  private changes: ItemChanges[] = [];

  /**
   * @param onRunning the tables are ready and the filter itself begins
   * @param openDatabase an empty one, with settings that can still be changed
   */
  constructor(
    private readonly source: FilterSource,
    private readonly limits: FilterLimits = filterLimits,
    private readonly onRunning: () => void = () => undefined,
    private readonly openDatabase: () => Promise<MemoryDatabase> = openMemoryDatabase,
  ) {
    this.columnNames = [...filterColumns, ...source.schema.metadata].map(({ name }) => name);
  }

  /**
   * Runs a filter; the caller waits for it before the next. Rows for which it is NULL are not selected.
   * @throws OVR900 not one expression, OVR901 refused, unknown column, failed, or too slow
   */
  async select({ where, names, changes }: FilterRequest): Promise<Selection> {
    if (changes) this.changes.push(changes);
    this.database ??= this.open();
    const { connection } = await this.database;
    const filter = await parseFilter(connection, where, this.columnNames);
    const ofItems = filterColumns.filter(({ of, name }) => of === 'item' && filter.columns.has(name));
    const ofSamples = this.columnNames.filter(
      (name) => filter.columns.has(name.toLowerCase()) && !ofItems.some((item) => item.name === name),
    );
    await this.ensureSamples(connection, ofSamples);
    const items = ofItems.map(({ name }) => name);
    if (items.length > 0) await this.ensureItems(connection, items, names);
    const of = items.length > 0 ? 'item' : 'sample';
    const { samples, findings } = this.source.schema;
    const marks = emptyMarks(of === 'item' ? samples * findings.length : samples);
    this.onRunning();
    await this.mark(connection, this.queryOf(filter, items, ofSamples, names), marks);
    return { of, marks };
  }

  close(): void {
    const { database } = this;
    this.database = undefined;
    void database?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }

  private async open(): Promise<MemoryDatabase> {
    const database = await this.openDatabase();
    await lockDatabase(database, this.limits);
    return database;
  }

  private queryOf(
    filter: FilterExpression,
    items: readonly string[],
    samples: readonly string[],
    names: FilterNames,
  ): string {
    const sampleColumns = samples.map((name) => `s.${quoteIdentifier(name)}`);
    if (items.length === 0) {
      const list = [`s.sample_index AS ${rowNumber}`, ...sampleColumns].join(', ');
      return `SELECT ${rowNumber} FROM (SELECT ${list} FROM samples AS s) WHERE (${filter.sql}\n)`;
    }
    const { findings } = this.source.schema;
    const itemColumns = items.map(
      (name) => `${itemColumn(findings, names, name).sql} AS ${quoteIdentifier(name)}`,
    );
    const list = [`i.rowid::INTEGER AS ${rowNumber}`, ...itemColumns, ...sampleColumns].join(', ');
    const join =
      samples.length === 0 ? '' : `JOIN samples AS s ON s.sample_index = i.rowid // ${findings.length}`;
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
        for (let k = 0; k < chunk.rowCount; k++) setMark(marks, rows.getItem(k) as number);
      }
    } catch (error) {
      if (deadline.passed) throw stopped(this.limits, error);
      const message = error instanceof Error ? error.message : String(error);
      throw new OverreadError({
        code: 'OVR901',
        message: `The filter failed: ${cleanMessage(message)}`,
        expected: `an expression that is true or false for each row, over ${this.columnNames.join(', ')}`,
        cause: error,
      });
    } finally {
      deadline.clear();
    }
  }

  /** Adds the columns that are not there yet; those that are stay where they lie. */
  private async ensureSamples(connection: DuckDBConnection, names: readonly string[]): Promise<void> {
    const missing = names.filter((name) => !this.sampleColumns.has(name));
    const isFirst = this.sampleColumns.size === 0;
    if (missing.length === 0 && !isFirst) return;
    const index = Array.from({ length: this.source.schema.samples }, (_, i) => i);
    const stored: TableColumn[] = [{ name: 'sample_index', type: INTEGER, values: index }];
    const shown = new Map([['sample_index', 'sample_index']]);
    const columns = await Promise.all(
      missing.map(async (name) => ({ name, column: await this.source.sampleColumn(name) })),
    );
    for (const { name, column } of columns) {
      const { type, values } = column;
      const quoted = quoteIdentifier(name);
      stored.push({ name, type: storedTypes[type], values });
      shown.set(name, type === 'date' ? `TRY_CAST(${quoted} AS ${DATE.toString()}) AS ${quoted}` : quoted);
    }
    await connection.run('DROP TABLE IF EXISTS samples_new');
    await createTable(connection, 'samples_new', stored);
    await connection.run('DROP VIEW IF EXISTS samples');
    if (isFirst) await connection.run('ALTER TABLE samples_new RENAME TO samples_raw');
    else {
      await connection.run(
        `CREATE OR REPLACE TABLE samples_raw AS
         SELECT r.*, n.* EXCLUDE (sample_index) FROM samples_raw AS r JOIN samples_new AS n USING (sample_index)`,
      );
      await connection.run('DROP TABLE samples_new');
    }
    for (const [name, sql] of shown) this.sampleColumns.set(name, sql);
    const list = [...this.sampleColumns.values()].join(', ');
    await connection.run(`CREATE VIEW samples AS SELECT ${list} FROM samples_raw`);
  }

  private async ensureItems(
    connection: DuckDBConnection,
    wanted: readonly string[],
    names: FilterNames,
  ): Promise<void> {
    const raws = wanted.map((name) => itemColumn(this.source.schema.findings, names, name).raw);
    if (raws.every((raw) => this.itemColumns.has(raw))) {
      await this.bringInStep(connection);
      return;
    }
    for (const raw of raws) this.itemColumns.add(raw);
    // All anew, in step with each other: what changed before is in them.
    this.changes = [];
    const columns = await Promise.all(
      [...this.itemColumns].map(async (name) => ({ name, numbers: await this.source.itemNumbers(name) })),
    );
    await createItemTable(connection, 'items', columns);
  }

  /** Replaces the rows of the items whose labels changed. */
  private async bringInStep(connection: DuckDBConnection): Promise<void> {
    const changes = this.changes;
    this.changes = [];
    for (const { items, columns } of changes) {
      const fields = Object.entries(columns).map(([name, numbers]) => ({ name, numbers }));
      await createItemTable(connection, 'changed', [{ name: 'item', numbers: items }, ...fields]);
      const list = fields.map(({ name }) => `${name} = c.${name}`).join(', ');
      await connection.run(`UPDATE items SET ${list} FROM changed AS c WHERE items.rowid = c.item`);
      await connection.run('DROP TABLE changed');
    }
  }
}
