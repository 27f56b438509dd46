/** The item columns of a filter: the raw numbers that are stored, and the SQL that makes values of them. */
import { DOUBLE, DuckDBDataChunk, INTEGER } from '@duckdb/node-api';
import { type DuckDBConnection, quoteIdentifier, quoteLiteral } from '../base/duckdb';
import { itemFlags } from '../labels/effectiveLabels';
import type { FilterNames, ItemNumbers } from './filterSource';

/**
 * A column of a filter in SQL over the table `items AS i`, and the stored number that it needs. The number of an
 * item is its `rowid`: rows are appended in order, never deleted, and an UPDATE of plain numbers leaves them.
 */
export interface ItemColumn {
  readonly raw: string;
  readonly sql: string;
}

/**
 * @param findings their names
 * @param names behind the codes
 * @param name one of `filterColumns` of items
 */
export function itemColumn(findings: readonly string[], names: FilterNames, name: string): ItemColumn {
  const flag = (bit: number): ItemColumn => ({ raw: 'flags', sql: `(i.flags & ${bit}) <> 0` });
  switch (name) {
    case 'finding':
      return { raw: 'flags', sql: `${textList(findings)}[i.rowid % ${findings.length} + 1]` };
    case 'given':
      return { raw: 'given_code', sql: nameOfCode('given_code', names.labels) };
    case 'value':
      return { raw: 'value_code', sql: nameOfCode('value_code', names.labels) };
    case 'predicted':
      return { raw: 'predicted_code', sql: nameOfCode('predicted_code', names.predictions) };
    case 'wrong':
      return { raw: 'wrong', sql: 'i.wrong = 1' };
    case 'edited':
      return flag(itemFlags.edited);
    case 'kept':
      return flag(itemFlags.kept);
    case 'excluded':
      return flag(itemFlags.excluded);
    case 'disputed':
      return flag(itemFlags.disputed);
    default:
      return { raw: name, sql: `i.${name}` };
  }
}

/** The text of a code, by the finding of the item; code -1 gives NULL. */
function nameOfCode(raw: string, lists: readonly (readonly string[])[]): string {
  const texts = lists.map(textList);
  const [first = textList([]), ...others] = texts;
  const isOne = others.every((text) => text === first);
  const arms = texts.map((list, finding) => `WHEN ${finding} THEN ${list}`).join(' ');
  const list = isOne ? first : `(CASE i.rowid % ${lists.length} ${arms} END)`;
  return `CASE WHEN i.${raw} >= 0 THEN ${list}[i.${raw} + 1] END`;
}

function textList(texts: readonly string[]): string {
  return `([${texts.map(quoteLiteral).join(', ')}]::VARCHAR[])`;
}

/** A stored column: one number per row, NaN for none. */
export interface NumberColumn {
  readonly name: string;
  readonly numbers: ItemNumbers;
}

/** Rows per chunk that DuckDB accepts. */
const chunkRows = 2048;

/**
 * Makes a table of numbers, straight from the columns: several times faster than through arrays of values, which
 * counts for 1.6 million rows.
 */
export async function createItemTable(
  connection: DuckDBConnection,
  table: string,
  columns: readonly NumberColumn[],
): Promise<void> {
  const typed = columns.map(({ name, numbers }) => {
    const isWhole = numbers instanceof Int32Array;
    return { name, numbers, isWhole, type: isWhole ? INTEGER : DOUBLE };
  });
  const fields = typed.map(({ name, type }) => `${quoteIdentifier(name)} ${type.toString()}`);
  await connection.run(`CREATE OR REPLACE TABLE ${quoteIdentifier(table)} (${fields.join(', ')})`);
  const appender = await connection.createAppender(table);
  const chunk = DuckDBDataChunk.create(typed.map(({ type }) => type));
  const length = columns[0]?.numbers.length ?? 0;
  for (let start = 0; start < length; start += chunkRows) {
    const rows = Math.min(chunkRows, length - start);
    chunk.reset();
    chunk.rowCount = rows;
    for (const [c, { numbers, isWhole }] of typed.entries()) {
      const vector = chunk.getColumnVector(c);
      for (let k = 0; k < rows; k++) {
        const value = numbers[start + k]!;
        vector.setItem(k, isWhole || !Number.isNaN(value) ? value : null);
      }
      vector.flush();
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
