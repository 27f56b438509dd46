/**
 * What an expression may go on with, at the place of the cursor: a column, a value of the column before it, a function,
 * or an expression that was used before. The engine says what is right; this only helps to write it.
 */
import type { ProjectSummary } from '../../../src/protocol/engineApi';

export interface Completion {
  readonly label: string;
  readonly kind: 'history' | 'value' | 'column' | 'word' | 'function';
  /** Replaces the characters [from, to) of the expression. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

type Named = Pick<ProjectSummary, 'findings' | 'metadataColumns' | 'task'>;

const mostShown = 12;
/** The columns of every project, as docs/data-formats.md has them. */
export const columns: readonly string[] = [
  'sample',
  'path',
  'split',
  'group',
  'study',
  'finding',
  'given',
  'value',
  'predicted',
  'confidence',
  'suspicion',
  'p',
  'loss',
  'wrong',
  'edited',
  'kept',
  'excluded',
  'disputed',
  'seen',
  'out_of_fold',
];
/** Of the functions that filters may call, those that are asked for most. */
export const functions: readonly string[] = [
  'lower',
  'upper',
  'contains',
  'starts_with',
  'ends_with',
  'regexp_matches',
  'length',
  'abs',
  'round',
  'coalesce',
  'year',
];
const words: readonly string[] = ['AND', 'OR', 'NOT', 'LIKE', 'IN', 'BETWEEN', 'IS NULL', 'IS NOT NULL'];
/** Words of SQL that are columns here: they stand between double quotes. */
const reserved = new Set(['group', 'order', 'table', 'end', 'case', 'when', 'select', 'where', 'desc']);

/** @param cursor characters before the place that is completed @param history the last first */
export function completionsAt(
  text: string,
  cursor: number,
  project: Named,
  history: readonly string[],
): readonly Completion[] {
  if (text.trim() === '') {
    return history
      .slice(0, mostShown)
      .map((where) => ({ label: where, kind: 'history' as const, text: where, from: 0, to: text.length }));
  }
  const before = text.slice(0, cursor);
  const value = /("?)([\p{L}\p{N}_ ]+?)\1\s*(?:=|<>|!=|IN\s*\((?:\s*'[^']*'\s*,)*)\s*('[^']*|)$/iu.exec(
    before,
  );
  if (value) {
    const typed = value[3] ?? '';
    const found = valuesOf((value[2] ?? '').trim().split(/\s+/).at(-1) ?? '', project);
    const wanted = typed.replace(/^'/, '').toLowerCase();
    return found
      .filter((one) => one.toLowerCase().includes(wanted) && `'${one}` !== typed)
      .slice(0, mostShown)
      .map((one) => ({
        label: one,
        kind: 'value' as const,
        text: quoted(one),
        from: cursor - typed.length,
        to: cursor,
      }));
  }
  // Inside a text there is nothing to complete.
  if ((before.match(/'/g) ?? []).length % 2 === 1) return [];
  const word = /"?[\p{L}_][\p{L}\p{N}_]*$/u.exec(before)?.[0] ?? '';
  const plain = word.replace(/^"/, '').toLowerCase();
  if (plain === '') return [];
  const place = { from: cursor - word.length, to: cursor };
  const starting = (name: string): boolean => name.toLowerCase().startsWith(plain);
  const all: readonly Completion[] = [
    ...[...columns, ...project.metadataColumns]
      .filter((name) => starting(name) && name.toLowerCase() !== plain)
      .map((name) => ({ label: name, kind: 'column' as const, text: columnText(name), ...place })),
    ...words
      .filter((name) => starting(name) && name.toLowerCase() !== plain)
      .map((name) => ({ label: name, kind: 'word' as const, text: `${name} `, ...place })),
    ...functions
      .filter(starting)
      .map((name) => ({ label: `${name}(…)`, kind: 'function' as const, text: `${name}(`, ...place })),
  ];
  return all.slice(0, mostShown);
}

/** What a column may hold, where the page knows it. */
function valuesOf(column: string, { findings, task }: Named): readonly string[] {
  switch (column.toLowerCase()) {
    case 'split':
      return ['train', 'validation', 'test'];
    case 'finding':
      return findings.map(({ name }) => name);
    case 'given':
    case 'value':
    case 'predicted':
      return [
        ...new Set([
          ...findings.flatMap(({ values }) => values),
          ...(task === 'multi-class' ? ['uncertain'] : []),
        ]),
      ];
    default:
      return [];
  }
}

/** As SQL writes a text. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** As SQL writes the name of a column. */
function columnText(name: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !reserved.has(name.toLowerCase());
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}
