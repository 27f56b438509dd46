/** Columns of the table as groups of images: values, bands of ages, quarters of other numbers. */
import { quoteIdentifier, quoteLiteral } from '../base/duckdb';
import { OverreadError } from '../base/errors';
import type { Dataset } from '../dataset/model';
import { metadataFilterColumns } from '../review/filterColumns';
import { typedMetadata } from '../review/filterValues';

/** One group of a column: what it is called and the filter that selects it. */
export interface Group {
  readonly name: string;
  readonly where: string;
}

/** A column as groups; `of` has the group of each sample, -1 for none. */
export interface Grouping {
  readonly column: string;
  readonly note: string | null;
  readonly groups: readonly Group[];
  readonly of: Int32Array;
  /** The numbers behind the groups, NaN for none; null where the column holds text. */
  readonly numbers: { readonly filter: string; readonly values: Float64Array } | null;
}

export interface Groupings {
  readonly taken: readonly Grouping[];
  readonly leftOut: readonly { readonly column: string; readonly why: string }[];
}

/** Values of a column above which it is no grouping, unless somebody asks for it or it holds numbers. */
const mostValues = 12;
/** Cohorts that are shown of a column that was asked for; the largest. */
const mostShown = 50;
/** Years of age at which a band begins, as epidemiology reports them: children, young, middle, old. */
const ageBands = [0, 18, 40, 65];
const oldestAge = 120;

/**
 * The columns of the table that make groups. Which ones, and the bands of numbers, are guessed; the notes say so.
 * @param by the columns that were asked for; without any, all that make two to twelve groups
 * @throws OVR201 there is no such column
 */
export function groupingsOf(dataset: Dataset, by: readonly string[] = []): Groupings {
  const unknown = by.find((name) => !dataset.metadataColumns.includes(name));
  if (unknown !== undefined) {
    throw new OverreadError({
      code: 'OVR201',
      message: `The table has no metadata column "${unknown}"`,
      expected: `one of ${dataset.metadataColumns.join(', ')}`,
    });
  }
  const taken: Grouping[] = [];
  const leftOut: { column: string; why: string }[] = [];
  for (const column of by.length > 0 ? by : dataset.metadataColumns) {
    const made = groupingOf(dataset, column, by.includes(column) ? mostShown : mostValues);
    if (typeof made === 'string') leftOut.push({ column, why: made });
    else taken.push(made);
  }
  return { taken, leftOut };
}

/** The groups of one column, or why there are none. */
function groupingOf(dataset: Dataset, column: string, most: number): Grouping | string {
  const name = metadataFilterColumns(dataset).find(({ source }) => source === column)?.name ?? column;
  const filter = /^[a-z_][a-z0-9_]*$/i.test(name) ? name : quoteIdentifier(name);
  const { type, values } = typedMetadata(dataset, column);
  const distinct = new Set(values.filter((value) => value !== null && value !== ''));
  if (distinct.size < 2) return distinct.size === 0 ? 'it is empty' : 'it has one value only';
  if (type === 'whole' || type === 'number') {
    const numbers = Float64Array.from(values, (value) => (typeof value === 'number' ? value : NaN));
    const banded = bandsOf(column, filter, numbers, distinct.size);
    if (banded) return { column, ...banded, numbers: { filter, values: numbers } };
  }
  const texts = values.map((value) => (value === null ? '' : String(value)));
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  if (counts.size > most && most < mostShown) return `it has ${counts.size} different values`;
  const names = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([text]) => text);
  const shown = names.slice(0, most).sort();
  const place = new Map(shown.map((text, g) => [text, g]));
  const plain = type === 'whole' || type === 'number' ? (text: string) => text : quoteLiteral;
  return {
    column,
    note: names.length > most ? `the ${most} most frequent of ${names.length} values` : null,
    groups: shown.map((text) => ({ name: text, where: `${filter} = ${plain(text)}` })),
    of: Int32Array.from(texts, (text) => place.get(text) ?? -1),
    numbers: null,
  };
}

/** Bands of a column of numbers; undefined where its few values are groups as they are. */
function bandsOf(
  column: string,
  filter: string,
  numbers: Float64Array,
  distinct: number,
): Pick<Grouping, 'note' | 'groups' | 'of'> | undefined {
  const known = numbers.filter((value) => !Number.isNaN(value)).sort();
  const isAge = /(^|[^a-z])(age|years?)([^a-z]|$)/i.test(column) && distinct > mostValues;
  if (isAge && (known[0] ?? -1) >= 0 && ageShare(known) > 0.95) {
    return { ...bandsFrom(filter, numbers, ageBands), note: 'bands of age were guessed: from 18, 40 and 65' };
  }
  if (distinct <= mostValues) return undefined;
  const edges = [0.25, 0.5, 0.75].map((share) => known[Math.floor(share * known.length)] ?? 0);
  const from = [...new Set([known[0] ?? 0, ...edges])];
  return { ...bandsFrom(filter, numbers, from), note: `quarters of the images, from ${from.join(', ')}` };
}

/** A number above the oldest age is a fault of single rows (411 for 41.1), not of the column. */
function ageShare(sorted: Float64Array): number {
  return sorted.filter((value) => value <= oldestAge).length / Math.max(1, sorted.length);
}

/** @param from where each band begins, rising */
function bandsFrom(
  filter: string,
  numbers: Float64Array,
  from: readonly number[],
): Pick<Grouping, 'groups' | 'of'> {
  const groups = from.map((low, g): Group => {
    const high = from[g + 1];
    if (high === undefined) return { name: `${low} and more`, where: `${filter} >= ${low}` };
    const name = g === 0 ? `below ${high}` : `${low} to below ${high}`;
    return {
      name,
      where: g === 0 ? `${filter} < ${high}` : `${filter} >= ${low} AND ${filter} < ${high}`,
    };
  });
  const of = Int32Array.from(numbers, (value) =>
    Number.isNaN(value)
      ? -1
      : Math.max(
          0,
          from.findLastIndex((low) => value >= low),
        ),
  );
  return { groups, of };
}
