/** The conditions among which slices are searched: values and thresholds of columns, and the label itself. */
import { quoteLiteral } from '../base/duckdb';
import type { Dataset } from '../dataset/model';
import type { Grouping } from './groupings';
import type { JudgedItems } from './judgedItems';
import type { Choice } from './shallowTree';

/** A condition before it is held against the items of a part. */
export interface ItemCondition extends Omit<Choice, 'met'> {
  /** 1 for the entries that meet it. */
  readonly of: (judged: JudgedItems) => Uint8Array;
  /** Of a column of numbers: where it is cut, so that the tighter of two cuts can stand alone. */
  readonly cut?: { readonly column: string; readonly edge: number };
}

/** Thresholds that are tried of a column of numbers: between so many equal shares of the images. */
const shares = 16;
/** Conditions times items above which pairs are not looked at: a second or two. */
const mostLooks = 2e8;

/**
 * Thresholds lie between shares of these items. Who has an empty cell does not meet a condition, so its opposite holds:
 * SQL is made to say the same.
 */
export function conditionsOf(
  dataset: Dataset,
  groupings: readonly Grouping[],
  judged: JudgedItems,
): ItemCondition[] {
  const labels = labelConditions(dataset);
  const columns = groupings.flatMap((one) => columnConditions(one, judged));
  const values = groupings.flatMap(valueConditions);
  const pairs = labels.flatMap((label) => values.map((value) => both(label, value)));
  const all = [...labels, ...columns];
  const isCheap = (all.length + pairs.length) * judged.wrong.length < mostLooks;
  return isCheap ? [...all, ...pairs] : all;
}

/**
 * A label and a value at once: where a model errs on one class in one view and on the other class in the other, neither the
 * label nor the view alone tells anything, so a tree would never come to split by the second.
 */
function both(label: ItemCondition, value: ItemCondition): ItemCondition {
  return {
    yes: {
      name: `${label.yes.name}, ${value.yes.name}`,
      where: `${label.yes.where} AND ${value.yes.where}`,
    },
    no: {
      name: `not (${label.yes.name}, ${value.yes.name})`,
      where: `(${label.yes.where} AND ${value.yes.where}) IS NOT TRUE`,
    },
    of: (judged) => {
      const other = value.of(judged);
      return label.of(judged).map((flag, i) => flag & other[i]!);
    },
  };
}

/** The label, or of several findings the finding. */
function labelConditions({ task, findings }: Dataset): ItemCondition[] {
  if (task === 'multi-class') {
    return (findings[0]?.values ?? []).map((value) => ({
      yes: { name: `label ${value}`, where: `value = ${quoteLiteral(value)}` },
      no: { name: `label not ${value}`, where: `value <> ${quoteLiteral(value)}` },
      of: ({ label }) => Uint8Array.from(label, (own) => (own === value ? 1 : 0)),
    }));
  }
  return findings.map(({ name }, f) => ({
    yes: { name, where: `finding = ${quoteLiteral(name)}` },
    no: { name: `not ${name}`, where: `finding <> ${quoteLiteral(name)}` },
    of: ({ finding }) => Uint8Array.from(finding, (own) => (own === f ? 1 : 0)),
  }));
}

function columnConditions(grouping: Grouping, judged: JudgedItems): ItemCondition[] {
  const { column, numbers } = grouping;
  return numbers ? thresholds(column, numbers, judged) : valueConditions(grouping);
}

function valueConditions({ column, groups, of }: Grouping): ItemCondition[] {
  return groups.map(({ name, where }, g) => ({
    yes: { name: `${column} ${name}`, where },
    no: { name: `${column} not ${name}`, where: `(${where}) IS NOT TRUE` },
    of: ({ sample }) => Uint8Array.from(sample, (own) => (of[own] === g ? 1 : 0)),
  }));
}

function thresholds(
  column: string,
  { filter, values }: NonNullable<Grouping['numbers']>,
  judged: JudgedItems,
): ItemCondition[] {
  const known = Float64Array.from(judged.sample, (sample) => values[sample]!)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const edges = new Set<number>();
  for (let k = 1; k < shares; k++) edges.add(known[Math.floor((k * known.length) / shares)] ?? NaN);
  edges.delete(NaN);
  return [...edges].map((edge) => ({
    yes: { name: `${column} below ${edge}`, where: `${filter} < ${edge}` },
    no: { name: `${column} not below ${edge}`, where: `(${filter} < ${edge}) IS NOT TRUE` },
    of: ({ sample }) => Uint8Array.from(sample, (own) => (values[own]! < edge ? 1 : 0)),
    cut: { column, edge },
  }));
}
