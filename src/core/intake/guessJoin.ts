/** A second table that belongs to the first: labels, parts or patients that stand apart from the images. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { joinChecked } from '../dataset/joinedTable';
import type { Problem } from '../base/report';
import { keyText, type JoinKey } from '../table/joinTables';
import { readTable, tableFormats, type TextTable } from '../table/table';
import { factsOf, type ColumnFacts } from './columnFacts';
import { guessColumns, possiblePaths, type ColumnChoices, type ColumnGuesses } from './guessColumns';
import type { InitChoice } from './settings';
import { relativeTo } from './source';

export interface JoinOptions {
  /** Absolute paths of tables to join; null: none, whatever lies beside the table. */
  readonly join?: readonly string[] | null;
  /** The sheet of the first table, a workbook: that table stays the first then. */
  readonly sheet?: string;
  /** For each of them its key: `COLUMN`, `COLUMN=COLUMN THERE`, several with commas between; one alone is for all. */
  readonly on?: readonly string[];
}

/** The table with those that belong to it. */
export interface Joined {
  /** The one that names the images, with the columns of the others. */
  readonly table: TextTable;
  readonly facts: readonly ColumnFacts[];
  /** Absolute. */
  readonly file: string;
  /** Names of the tables in the folder of the first, which could be joined. */
  readonly beside: readonly string[];
  /** It stays the first, whatever it names. */
  readonly isFixed: boolean;
  readonly settings: readonly InitChoice[];
  readonly problems: readonly Problem[];
}

/** Names that say that a table adds to another. */
const addingNames =
  /(?:^|[^a-z])(?:splits?|folds?|partitions?|meta|metadata|demographics?|patients?|clinical|labels?|annotations?|ground_?truth)(?:[^a-z]|$)/i;
/** What is looked at without being asked for: so many tables, of so many bytes. */
const mostTables = 10;
const mostBytes = 2 ** 25;
/** Share of the rows that must find a partner before a table is joined unasked. */
const nearlyAll = 0.9;

/**
 * @param table as it was read from `file`, which is absolute
 * @throws OverreadError OVR104 a table was named and no key is found, OVR214 nothing fits, OVR2xx it cannot be read
 */
export async function joinOthers(
  root: string,
  file: string,
  table: TextTable,
  facts: readonly ColumnFacts[],
  options: JoinOptions & ColumnChoices,
): Promise<Joined> {
  const isFixed = options.sheet !== undefined;
  const files = await neighbours(file);
  const beside = files.map((one) => path.basename(one));
  const nothing: Joined = { table, facts, file, isFixed, beside, settings: [], problems: [] };
  if (options.join === null) return nothing;
  if (options.join !== undefined) return joinAsked(root, nothing, options.join, options.on ?? []);
  return joinGuessed(root, nothing, files, options);
}

async function joinAsked(
  root: string,
  start: Joined,
  files: readonly string[],
  keys: readonly string[],
): Promise<Joined> {
  let joined = start;
  for (const [k, file] of files.entries()) {
    const pair = withImagesFirst(joined, { file, table: await readTable(file, relativeTo(root, file)) });
    const said = keys.length === 1 ? keys[0] : keys[k];
    const key = said === undefined ? findKey(pair.left, pair.right.table) : parseKey(said);
    if (!key) throw noKey(pair.left.table, pair.right.table);
    joined = add(root, pair, key, said === undefined ? '' : 'you said so');
  }
  return joined;
}

/** Joins what is needed for labels, and what says by its name that it holds parts or patients which are not there yet. */
async function joinGuessed(
  root: string,
  start: Joined,
  files: readonly string[],
  options: ColumnChoices,
): Promise<Joined> {
  if (files.length === 0) return start;
  let joined = start;
  let before = understand(joined.facts, options);
  const isWhole = ({ path: images, labels, split, group }: ColumnGuesses): boolean =>
    images !== undefined && labels !== undefined && split.value !== null && group.value !== null;
  if (!before || isWhole(before)) return joined;
  for (const file of files) {
    if (before.path && before.labels && !addingNames.test(path.basename(file))) continue;
    const table = await readTable(file, relativeTo(root, file)).catch(() => undefined);
    const pair = table && withImagesFirst(joined, { file, table });
    const key = pair && findKey(pair.left, pair.right.table, nearlyAll);
    if (!key) continue;
    const more = add(root, pair, key, '');
    const after = understand(more.facts, options);
    const brings = after && whatIsNew(before, after);
    if (!brings) continue;
    const first = pair.left.file === joined.file ? '' : `the images stand in ${pair.left.table.file}, and `;
    const adds = first === '' ? `, and adds ${brings}` : '';
    const because = `${first}it has the same ${nameOf(key)}${adds}`;
    joined = add(root, pair, key, because);
    before = after;
  }
  return joined;
}

function whatIsNew(before: ColumnGuesses, after: ColumnGuesses): string | undefined {
  const found = [
    before.path === undefined && after.path !== undefined ? 'the names of images' : undefined,
    before.labels === undefined && after.labels !== undefined ? 'the labels' : undefined,
    before.split.value === null && after.split.value !== null ? 'the parts of the split' : undefined,
    before.group.value === null && after.group.value !== null ? 'the patients' : undefined,
  ].filter((part) => part !== undefined);
  // What is joined must not make something else of what was understood without it.
  const isSame =
    before.labels === undefined || JSON.stringify(before.labels) === JSON.stringify(after.labels);
  return found.length > 0 && isSame ? found.join(' and ') : undefined;
}

/** undefined where the table is a question by itself. */
function understand(facts: readonly ColumnFacts[], options: ColumnChoices): ColumnGuesses | undefined {
  try {
    return guessColumns(facts, options);
  } catch (error) {
    if (error instanceof OverreadError) return undefined;
    throw error;
  }
}

/** Other tables in the folder of a table, by name. */
async function neighbours(file: string): Promise<string[]> {
  const folder = path.dirname(file);
  const names = await fs.readdir(folder).catch(() => []);
  const tables = names
    .filter((name) => name !== path.basename(file) && !name.startsWith('.'))
    .filter((name) => tableFormats.some((end) => name.toLowerCase().endsWith(end)))
    .sort()
    .slice(0, mostTables)
    .map((name) => path.join(folder, name));
  const sizes = await Promise.all(tables.map((one) => fs.stat(one).catch(() => undefined)));
  return tables.filter((_, k) => sizes[k]?.isFile() === true && sizes[k].size <= mostBytes);
}

/** A table and its file, absolute. */
interface TableFile {
  readonly file: string;
  readonly table: TextTable;
}

interface Pair {
  readonly left: Joined;
  readonly right: TableFile;
}

/** The rows of a project are images: the table that names them comes first, whichever was named. */
function withImagesFirst(joined: Joined, other: TableFile): Pair {
  const facts = factsOf(other.table);
  const namesImages = (some: readonly ColumnFacts[]): boolean => possiblePaths(some).likely.length > 0;
  if (joined.isFixed || joined.settings.length > 0 || namesImages(joined.facts) || !namesImages(facts))
    return { left: joined, right: other };
  return { left: { ...joined, ...other, facts }, right: joined };
}

function add(root: string, { left: joined, right }: Pair, key: JoinKey, because: string): Joined {
  const { table, problems } = joinChecked(joined.table, right.table, key);
  const [before] = joined.settings;
  const value = [
    ...(Array.isArray(before?.value) ? (before.value as readonly unknown[]) : []),
    { table: relativeTo(root, right.file), key: keyValue(key) },
  ];
  const reason = because === '' ? `it has the same ${nameOf(key)}` : because;
  return {
    ...joined,
    table,
    facts: [...joined.facts, ...factsOf(table).slice(joined.facts.length)],
    settings: [{ setting: 'dataset.join', value, because: before ? `${before.because}; ${reason}` : reason }],
    problems: [...joined.problems, ...problems],
  };
}

/** The key as overread.yaml writes it. */
function keyValue(key: JoinKey): string | readonly string[] | Readonly<Record<string, string>> {
  if (key.some(([left, right]) => left !== right)) return Object.fromEntries(key);
  const [first, ...others] = key.map(([name]) => name);
  return others.length === 0 ? (first ?? '') : [first ?? '', ...others];
}

const nameOf = (key: JoinKey): string =>
  key.map(([left, right]) => (left === right ? `"${left}"` : `"${left}" as "${right}"`)).join(' and ');

/** @throws OverreadError OVR001 */
function parseKey(text: string): JoinKey {
  return text.split(',').map((part) => {
    const [left = '', right = left] = part.split('=').map((side) => side.trim());
    if (left !== '' && right !== '') return [left, right];
    throw new OverreadError({
      code: 'OVR001',
      message: `--on: "${part}" names no column`,
      expected: 'COLUMN, or COLUMN=COLUMN THERE, several with commas between',
    });
  });
}

/**
 * The columns that hold the same: of the same name, else (for a table that was named) whatever they are called. The
 * one that most rows find a partner by; of several the one that tells most rows apart.
 * @param least share of the rows that must find one; without it any
 */
function findKey(left: Joined, right: TextTable, least?: number): JoinKey | undefined {
  const rightKeys = factsOf(right)
    .filter(mayBeKey)
    .map((facts) => ({ facts, texts: textsOf(facts) }));
  const found = left.facts.filter(mayBeKey).flatMap((facts) => {
    const others = rightKeys.filter(
      ({ facts: other }) => least === undefined || other.plainName === facts.plainName,
    );
    return others.map((other) => ({ left: facts, right: other.facts, share: shareOf(facts, other.texts) }));
  });
  const isNamed = ({ left: a, right: b }: (typeof found)[number]): boolean => a.plainName === b.plainName;
  const named = found.filter((one) => isNamed(one) && one.share >= (least ?? 0.01));
  const others = found.filter((one) => !isNamed(one) && one.share >= nearlyAll);
  for (const some of [named, others]) {
    // A key has one row in the second table.
    const unique = some.filter((one) => one.right.unique === 1);
    const [best] = (unique.length > 0 || least !== undefined ? unique : some).sort(
      (x, y) => y.share - x.share || y.left.distinct - x.left.distinct,
    );
    if (best) return [[best.left.name, best.right.name]];
  }
  return undefined;
}

const mayBeKey = ({ distinct, filled }: ColumnFacts): boolean => distinct > 1 && filled > 0.5;

const textsOf = ({ counts }: ColumnFacts): ReadonlySet<string> => new Set([...counts.keys()].map(keyText));

/** Share of the rows whose cell is among the texts. */
function shareOf({ counts, rows }: ColumnFacts, texts: ReadonlySet<string>): number {
  let found = 0;
  for (const [text, count] of counts) if (texts.has(keyText(text))) found += count;
  return rows === 0 ? 0 : found / rows;
}

function noKey(left: TextTable, right: TextTable): OverreadError {
  return new OverreadError({
    code: 'OVR104',
    message: `No column of ${right.file} holds what a column of ${left.file} does`,
    place: { file: right.file },
    expected: `one of ${right.names.map((name) => `"${name}"`).join(', ')} as a column of ${left.file}`,
    fix: 'Name the columns with --on COLUMN or --on COLUMN=COLUMN_THERE.',
  });
}
