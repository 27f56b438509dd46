/** How far readers agree, beyond what chance gives: kappa over the readings of each finding. */
import type { EffectiveLabels } from '../labels/effectiveLabels';

/** The readings of one item, by reader; nobody reads an item twice. */
export type ItemReadings = readonly { readonly reader: string; readonly value: string }[];

/** Two readers over the items that both have read. */
export interface PairAgreement {
  readonly readers: readonly [string, string];
  readonly items: number;
  /** Cohen's kappa, at most 1; null where both always give one and the same value. */
  readonly kappa: number | null;
}

/** The readings of one finding; of a multi-class project its one is `class`. */
export interface FindingAgreement {
  readonly finding: string;
  /** Items that two or more have read, and those of them on which all agree. */
  readonly items: number;
  readonly agreed: number;
  readonly readers: number;
  /** Fleiss' kappa, at most 1, over the items with as many readings as most items have; null where chance explains all. */
  readonly fleiss: number | null;
  readonly fleissItems: number;
  readonly fleissReadings: number;
  /** Every two readers with an item in common, by name. */
  readonly pairs: readonly PairAgreement[];
}

/** Agreement of what stands of each reader now, in the table and in events. Adjudications are no readings of their own. */
export function readerAgreement(labels: EffectiveLabels): FindingAgreement[] {
  const { samples, findings } = labels.dataset;
  return findings.map(({ name }, f) => {
    const items = samples.map((_, s) =>
      labels
        .at(s, f)
        .readings.flatMap(({ annotator, role, value }) =>
          role === 'adjudicator' || value === null ? [] : [{ reader: annotator, value }],
        ),
    );
    return { finding: name, ...agreementOf(items) };
  });
}

/** The figures of some items; those that fewer than two have read do not count. */
export function agreementOf(all: readonly ItemReadings[]): Omit<FindingAgreement, 'finding'> {
  const items = all.filter(({ length }) => length > 1);
  const sizes = new Map<number, number>();
  for (const { length } of items) sizes.set(length, (sizes.get(length) ?? 0) + 1);
  const [most = 0] = [...sizes].sort(([a, m], [b, n]) => n - m || b - a)[0] ?? [];
  const alike = items.filter(({ length }) => length === most);
  return {
    items: items.length,
    agreed: items.filter((readings) => readings.every(({ value }) => value === readings[0]?.value)).length,
    readers: new Set(items.flatMap((readings) => readings.map(({ reader }) => reader))).size,
    fleiss: fleissKappa(alike.map((readings) => readings.map(({ value }) => value))),
    fleissItems: alike.length,
    fleissReadings: most,
    pairs: pairsOf(items),
  };
}

/**
 * Fleiss' kappa (Fleiss 1971, Psychological Bulletin 76:378-382).
 * @param ratings the values of each item, as many for each
 * @returns null without items, or where all values are the same
 */
export function fleissKappa(ratings: readonly (readonly string[])[]): number | null {
  const raters = ratings[0]?.length ?? 0;
  if (raters < 2) return null;
  const totals = new Map<string, number>();
  let observed = 0;
  for (const values of ratings) {
    const counts = countOf(values);
    let pairs = 0;
    for (const [value, count] of counts) {
      pairs += count * (count - 1);
      totals.set(value, (totals.get(value) ?? 0) + count);
    }
    observed += pairs / (raters * (raters - 1));
  }
  observed /= ratings.length;
  let chance = 0;
  for (const total of totals.values()) chance += (total / (ratings.length * raters)) ** 2;
  return totals.size < 2 ? null : (observed - chance) / (1 - chance);
}

/**
 * Cohen's kappa, unweighted (Cohen 1960, Educational and Psychological Measurement 20:37-46).
 * @param pairs what one and what the other says of each item
 * @returns null without items, or where both always give one and the same value
 */
export function cohenKappa(pairs: readonly (readonly [string, string])[]): number | null {
  if (pairs.length === 0) return null;
  const first = countOf(pairs.map(([a]) => a));
  const second = countOf(pairs.map(([, b]) => b));
  const observed = pairs.filter(([a, b]) => a === b).length / pairs.length;
  let chance = 0;
  for (const [value, count] of first) chance += (count * (second.get(value) ?? 0)) / pairs.length ** 2;
  return chance === 1 ? null : (observed - chance) / (1 - chance);
}

function pairsOf(items: readonly ItemReadings[]): PairAgreement[] {
  const pairs = new Map<string, Map<string, (readonly [string, string])[]>>();
  for (const readings of items) {
    const sorted = [...readings].sort((a, b) => (a.reader < b.reader ? -1 : 1));
    for (const [k, a] of sorted.entries()) {
      const others = pairs.get(a.reader) ?? new Map<string, (readonly [string, string])[]>();
      pairs.set(a.reader, others);
      for (const b of sorted.slice(k + 1)) {
        const values = others.get(b.reader) ?? [];
        others.set(b.reader, values);
        values.push([a.value, b.value]);
      }
    }
  }
  return byName(pairs).flatMap(([first, others]) =>
    byName(others).map(([second, values]) => ({
      readers: [first, second],
      items: values.length,
      kappa: cohenKappa(values),
    })),
  );
}

const byName = <T>(entries: ReadonlyMap<string, T>): [string, T][] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

function countOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
