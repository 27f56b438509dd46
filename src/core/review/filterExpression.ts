/** Reads a filter with DuckDB's own parser and lets through one expression over known columns, nothing else. */
import { OverreadError } from '../base/errors';
import type { DuckDBConnection } from '../base/duckdb';
import { nearest } from '../labels/validate';
import { isFilterFunction } from './filterFunctions';

/** A filter that was found harmless. */
export interface FilterExpression {
  /** The user's text; to be set between parentheses, a line break before the closing one (a comment may end it). */
  readonly sql: string;
  /** The columns that it names, in lower case. */
  readonly columns: ReadonlySet<string>;
}

/** Longest filter, characters. */
const maxLength = 10_000;

type Node = Readonly<Record<string, unknown>>;

/** Kinds of expression that may stand in a filter. Not among them: subqueries, windows, parameters, stars. */
const allowedClasses = new Set([
  'COLUMN_REF',
  'CONSTANT',
  'COMPARISON',
  'CONJUNCTION',
  'OPERATOR',
  'CAST',
  'CASE',
  'BETWEEN',
  'FUNCTION',
  'COLLATE',
]);

const whyNot: Readonly<Record<string, string>> = {
  SUBQUERY: 'a subquery',
  WINDOW: 'a window function',
  PARAMETER: 'a parameter',
  STAR: 'a star or COLUMNS()',
  LAMBDA: 'a lambda function',
};

/**
 * @param known every column that there is, as the filter writes it
 * @throws OVR900 when the text is not exactly one expression, OVR901 when it asks for what filters may not do
 *   or names an unknown column
 */
export async function parseFilter(
  connection: DuckDBConnection,
  text: string,
  known: readonly string[],
): Promise<FilterExpression> {
  if (text.trim() === '') throw notAnExpression('The filter is empty');
  if (text.length > maxLength) throw notAnExpression(`The filter has more than ${maxLength} characters`);
  if (text.includes('\0')) throw notAnExpression('The filter holds a NUL character');
  // In a list literal `a) OR (b` does not parse, and `a, b` gives two elements: what gets through is whole.
  const list = await parseSelect(connection, `SELECT [${text}\n]`);
  const [element, ...others] = asNodes(list['children']);
  const isList = list['class'] === 'FUNCTION' && list['function_name'] === 'list_value';
  if (!isList || element === undefined || others.length > 0) {
    throw notAnExpression('The filter is not exactly one expression');
  }
  // The same between parentheses, which is how it is run: `a] … [b` does not parse here.
  const expression = await parseSelect(connection, `SELECT (${text}\n)`);
  if (withoutPlaces(expression) !== withoutPlaces(element)) {
    throw notAnExpression('The filter is not exactly one expression');
  }
  const columns = new Set<string>();
  check(expression, columns);
  const names = new Map(known.map((name) => [name.toLowerCase(), name]));
  for (const column of columns) {
    if (!names.has(column)) throw unknownColumn(column, known);
  }
  return { sql: text, columns };
}

/** The single expression of `SELECT expression`, as DuckDB's parser sees it. */
async function parseSelect(connection: DuckDBConnection, sql: string): Promise<Node> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const parsed = JSON.parse(reader.getRows()[0]?.[0] as string) as Node;
  if (parsed['error'] === true) {
    throw notAnExpression(`The filter cannot be parsed: ${cleanMessage(String(parsed['error_message']))}`);
  }
  const statements = asNodes(parsed['statements']);
  const select = statements[0]?.['node'] as Node | undefined;
  const [expression, ...others] = asNodes(select?.['select_list']);
  const table = select?.['from_table'] as Node | undefined;
  const isPlain =
    statements.length === 1 &&
    select?.['type'] === 'SELECT_NODE' &&
    others.length === 0 &&
    table?.['type'] === 'EMPTY' &&
    asNodes(select['modifiers']).length === 0 &&
    ['where_clause', 'having', 'sample', 'qualify'].every((part) => select[part] === null) &&
    asNodes(select['group_expressions']).length === 0;
  if (!isPlain || expression?.['alias'] !== '') {
    throw notAnExpression('The filter is not exactly one expression');
  }
  return expression;
}

/** Walks the whole tree: every node of an expression must be of an allowed class, wherever it hangs. */
function check(node: unknown, columns: Set<string>): void {
  if (Array.isArray(node)) {
    for (const child of node) check(child, columns);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const fields = node as Node;
  const kind = fields['class'];
  if (typeof kind === 'string') checkClass(kind, fields, columns);
  // A constant's value is data; whatever it holds is no expression.
  if (kind === 'CONSTANT') return;
  for (const child of Object.values(fields)) check(child, columns);
}

function checkClass(kind: string, node: Node, columns: Set<string>): void {
  if (!allowedClasses.has(kind)) {
    throw refused(whyNot[kind] ?? `an expression of the kind ${kind.toLowerCase()}`);
  }
  if (kind === 'COLUMN_REF') {
    const names = node['column_names'] as readonly string[];
    const [name] = names;
    if (name === undefined || names.length > 1) throw refused(`the qualified name ${names.join('.')}`);
    columns.add(name.toLowerCase());
  }
  if (kind === 'FUNCTION') {
    const name = String(node['function_name']);
    const isBuiltIn = ['', 'main', null].includes(node['schema'] as string | null) && !node['catalog'];
    if (!isBuiltIn || !isFilterFunction(name)) throw refused(`the function ${name}()`);
  }
}

function asNodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? (value as Node[]) : [];
}

/** The tree without positions in the text, which differ by the surrounding. */
function withoutPlaces(node: Node): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'query_location' ? undefined : value));
}

function notAnExpression(message: string): OverreadError {
  return new OverreadError({
    code: 'OVR900',
    message,
    expected: "one SQL expression that is true or false, such as age > 60 AND value = 'Pneumonia'",
  });
}

function refused(what: string): OverreadError {
  return new OverreadError({
    code: 'OVR901',
    message: `The filter uses ${what}, which filters may not`,
    expected:
      'one expression over the columns of the items: comparisons, AND, OR, NOT, LIKE, IN, plain functions',
  });
}

function unknownColumn(column: string, known: readonly string[]): OverreadError {
  const near = nearest(column, known, 3);
  return new OverreadError({
    code: 'OVR901',
    message: `The filter names the column "${column}", which there is not`,
    expected: `one of ${known.join(', ')}`,
    fix:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : 'Text goes between single quotes: \'Pneumonia\', not "Pneumonia"',
  });
}

/** The first line of DuckDB's message without its class, quotation of the statement and advice. */
export function cleanMessage(message: string): string {
  const [first = ''] = message.split('\n');
  return first
    .trim()
    .replace(/^([A-Z][a-z]+ )+Error: /, '')
    .replace(/\.$/, '');
}
