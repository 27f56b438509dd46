/** The item columns of a filter: the raw numbers that are stored, and the SQL that makes values of them. */
import { DOUBLE, INTEGER } from '@duckdb/node-api';
import { quoteLiteral, type TableColumn } from '../base/duckdb';
import type { Dataset, SplitAssignment } from '../dataset/model';
import { type EffectiveLabels, itemFlags } from '../labels/fold';
import type { ItemStates } from './itemStates';
import type { Opinions } from './opinions';

export interface FilterSources {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly labels: EffectiveLabels;
  readonly opinions: Opinions;
  readonly states: ItemStates;
}

/** A column of a filter in SQL over the table `items AS i`, and the stored number that it needs. */
export interface ItemColumn {
  readonly raw: string;
  readonly sql: string;
}

/** @param name one of `filterColumns` of items */
export function itemColumn({ labels, opinions, dataset }: FilterSources, name: string): ItemColumn {
  const flag = (bit: number): ItemColumn => ({ raw: 'flags', sql: `(i.flags & ${bit}) <> 0` });
  switch (name) {
    case 'finding': {
      const names = dataset.findings.map((finding) => finding.name);
      return { raw: 'item', sql: `${textList(names)}[i.item % ${names.length} + 1]` };
    }
    case 'given':
      return { raw: 'given_code', sql: nameOfCode('given_code', labels.values) };
    case 'value':
      return { raw: 'value_code', sql: nameOfCode('value_code', labels.values) };
    case 'predicted':
      return { raw: 'predicted_code', sql: nameOfCode('predicted_code', opinions.names) };
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
  const isOne = new Set(texts).size === 1;
  const arms = texts.map((list, finding) => `WHEN ${finding} THEN ${list}`).join(' ');
  const list = isOne ? texts[0]! : `(CASE i.item % ${lists.length} ${arms} END)`;
  return `CASE WHEN i.${raw} >= 0 THEN ${list}[i.${raw} + 1] END`;
}

function textList(texts: readonly string[]): string {
  return `([${texts.map(quoteLiteral).join(', ')}]::VARCHAR[])`;
}

/** The stored columns of some items, in their order. */
export function rawColumns(
  { labels, opinions, states }: FilterSources,
  names: Iterable<string>,
  items: Int32Array,
): TableColumn[] {
  const number = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const reads: Readonly<Record<string, (item: number) => number | null>> = {
    item: (item) => item,
    given_code: (item) => labels.givenCodes[item]!,
    value_code: (item) => labels.codes[item]!,
    predicted_code: (item) => opinions.predicted[item]!,
    confidence: (item) => number(opinions.confidence(item)),
    p: (item) => number(opinions.p[item]!),
    loss: (item) => number(states.loss[item]!),
    wrong: (item) => states.wrong[item]!,
    flags: (item) => labels.flags[item]!,
  };
  return [...names].map((name) => ({
    name,
    type: ['confidence', 'p', 'loss'].includes(name) ? DOUBLE : INTEGER,
    values: Array.from(items, reads[name]!),
  }));
}
