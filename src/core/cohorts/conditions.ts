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
}

/** Thresholds that are tried of a column of numbers: between so many equal shares of the images. */
const shares = 16;

/**
 * Thresholds lie between shares of these items. Who has an empty cell does not meet a condition, so its opposite holds:
 * SQL is made to say the same.
 */
export function conditionsOf(
  dataset: Dataset,
  groupings: readonly Grouping[],
  judged: JudgedItems,
): ItemCondition[] {
  return [...labelConditions(dataset), ...groupings.flatMap((one) => columnConditions(one, judged))];
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

function columnConditions({ column, groups, of, numbers }: Grouping, judged: JudgedItems): ItemCondition[] {
  if (numbers) return thresholds(column, numbers, judged);
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
  }));
}
