/** Finds the configured columns in the table that is there. */
import { OverreadError } from '../base/errors';
import { suggest } from '../base/suggest';
import { extractPattern } from '../base/linearPattern';
import type { TextTable } from './table';

/** A column, or the part of its text that a pattern finds: as in overread.yaml. */
export type ColumnReference = string | { readonly column: string; readonly pattern: string };

/** The text of a row, or null where the cell is empty or the pattern finds nothing. */
export type ReadCell = (row: number) => string | null;

/** The name of the column that a reference reads. */
export function columnOf(reference: ColumnReference): string {
  return typeof reference === 'string' ? reference : reference.column;
}

/**
 * The cells of a column, as written.
 * @param setting the key of overread.yaml that names it, for the message
 * @throws OverreadError OVR201 naming the column, those that there are, and the likeliest
 */
export function findColumn(table: TextTable, name: string, setting: string): readonly (string | null)[] {
  const index = table.names.indexOf(name);
  const column = table.columns[index];
  if (column) return column;
  const nearest = suggest(name, table.names);
  throw new OverreadError({
    code: 'OVR201',
    message: `The table has no column "${name}", which ${setting} names`,
    place: { file: table.file, field: name },
    expected: `one of ${table.names.map((known) => `"${known}"`).join(', ')}`,
    fix:
      nearest === undefined
        ? `Set ${setting} in overread.yaml to one of these.`
        : `Did you mean "${nearest}"? Set ${setting} in overread.yaml.`,
  });
}

/** The cells that a reference yields, trimmed. */
export function readReference(table: TextTable, reference: ColumnReference, setting: string): ReadCell {
  const column = findColumn(table, columnOf(reference), setting);
  if (typeof reference === 'string') {
    return (row) => {
      const text = column[row]?.trim() ?? '';
      return text === '' ? null : text;
    };
  }
  const parts = extractPattern(reference.pattern, column);
  return (row) => parts[row] ?? null;
}

/**
 * The paths of a table: a column, or a template of columns: `images/{patient}/{image}.png`. A row without one of them has
 * no path.
 * @param setting the key of overread.yaml that names it, for the message
 * @throws OverreadError OVR201 for a column that is not there
 */
export function readPaths(table: TextTable, path: string, setting: string): readonly (string | null)[] {
  const parts = isTemplate(table, path) ? path.split(/\{([^{}]+)\}/) : undefined;
  if (!parts) return findColumn(table, path, setting);
  const columns = parts.map((part, k) => (k % 2 === 1 ? findColumn(table, part, setting) : part));
  return Array.from({ length: table.rowCount }, (_, row) => {
    let text = '';
    for (const part of columns) {
      const cell = typeof part === 'string' ? part : (part[row]?.trim() ?? '');
      if (cell === '' && typeof part !== 'string') return null;
      text += cell;
    }
    return text;
  });
}

/** A column may be called `{x}`, too. */
function isTemplate(table: TextTable, path: string): boolean {
  return /\{[^{}]+\}/.test(path) && !table.names.includes(path);
}
