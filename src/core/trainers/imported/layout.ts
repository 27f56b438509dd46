/** Where in somebody's table the numbers of each class or finding are: a column for each, or a row for each. */
import { OverreadError } from '../../base/errors';
import { didYouMean } from '../../base/suggest';
import type { TextTable } from '../../table/table';

export type Layout =
  | { readonly kind: 'wide'; /** One for each output, in their order. */ readonly columns: readonly string[] }
  | {
      readonly kind: 'long';
      /** The column that names the class or finding. */
      readonly output: string;
      readonly value: string;
    };

/** What people put before or after a class; a column that has it holds no label. The plain name comes last. */
const before = [
  'p_',
  'prob_',
  'proba_',
  'probability_',
  'probabilities_',
  'pred_',
  'y_pred_',
  'score_',
  'logit_',
  'logits_',
];
const after = ['_p', '_prob', '_proba', '_probability', '_pred', '_score', '_logit', '_logits'];
const styles: readonly ((output: string) => string)[] = [
  ...before.map((text) => (output: string) => text + output),
  ...after.map((text) => (output: string) => output + text),
  (output) => output,
];

/** What people call the columns of the long form. */
const valueNames = [
  'p',
  'prob',
  'proba',
  'probability',
  'value',
  'score',
  'logit',
  'logits',
  'confidence',
  'pred',
  'prediction',
  'y_pred',
];
const outputNames = [
  'class',
  'finding',
  'label',
  'output',
  'name',
  'target',
  'category',
  'disease',
  'pathology',
];

const plain = (name: string): string => name.trim().toLowerCase();

/**
 * Finds it: columns of all outputs in one style of names, else a column of classes beside one of numbers.
 * @throws OVR805 some class has no column: which, and the nearest name that there is
 */
export function findLayout(table: TextTable, outputs: readonly string[]): Layout {
  const byName = new Map(table.names.map((name) => [plain(name), name]));
  let most: readonly (string | undefined)[] = [];
  const found = (columns: readonly (string | undefined)[]): number =>
    columns.filter((column) => column !== undefined).length;
  for (const style of styles) {
    const columns = outputs.map((output) => byName.get(plain(style(output))));
    if (found(columns) > found(most)) most = columns;
  }
  const whole = most.filter((column) => column !== undefined);
  if (whole.length === outputs.length) return { kind: 'wide', columns: whole };
  const long = findLong(table, outputs, byName);
  if (long) return long;
  throw missingColumns(table, outputs, most);
}

function findLong(
  table: TextTable,
  outputs: readonly string[],
  byName: ReadonlyMap<string, string>,
): Layout | undefined {
  const value = valueNames.map((name) => byName.get(name)).find((name) => name !== undefined);
  if (value === undefined) return undefined;
  const known = new Set(outputs.map(plain));
  const named = outputNames.map((name) => byName.get(name)).filter((name) => name !== undefined);
  const output = [...named, ...table.names].find((name) => {
    const cells = table.columns[table.names.indexOf(name)] ?? [];
    // One known class is enough: what else stands there is told with its row.
    return name !== value && cells.some((cell) => cell !== null && known.has(plain(cell)));
  });
  return output === undefined ? undefined : { kind: 'long', output, value };
}

function missingColumns(
  table: TextTable,
  outputs: readonly string[],
  columns: readonly (string | undefined)[],
): OverreadError {
  const missing = outputs.filter((_, k) => columns[k] === undefined);
  const free = table.names.filter((name) => !columns.includes(name));
  const [first = ''] = missing;
  const hint = didYouMean(first, free);
  return new OverreadError({
    code: 'OVR805',
    message: `The file has no column for ${listed(missing)}`,
    place: { file: table.file },
    expected: `a column for each of ${listed(outputs)}, such as "p_${first}", or the long form: columns "class" and "probability"`,
    fix: hint === '' ? 'Name the columns as the project names its classes' : `${hint} Rename the column`,
  });
}

/** The first of many names, quoted. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ');
}
