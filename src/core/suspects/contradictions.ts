/**
 * One image under several labels: at least one of them is wrong, whatever a model says. Identical content counts, and what the
 * last check has registered pixel by pixel: films of the same patient, or frames of one file, may well differ in what they show.
 */
import type { ItemChecks } from '../checks/itemChecks';
import { itemFlags, type EffectiveLabels } from '../labels/effectiveLabels';
import { targetAt, targetTables } from '../labels/targets';

export interface Contradiction {
  readonly item: number;
  /** An item of the same image with the other label. */
  readonly other: number;
  /** The two are no identical content: one is the other moved, scaled or saved again. */
  readonly registered: boolean;
}

/**
 * The items that somebody has not answered yet whose image is also there under another label.
 * @param hashes content of each sample's image; undefined or empty where it is not known
 */
export function contradictions(
  labels: EffectiveLabels,
  hashes: readonly (string | undefined)[],
): Contradiction[] {
  const width = labels.dataset.findings.length;
  const tables = targetTables(labels);
  const found: Contradiction[] = [];
  for (const samples of sameContent(hashes)) {
    for (let finding = 0; finding < width; finding++) {
      const table = tables[finding];
      if (!table) continue;
      const known = samples
        .map((sample) => ({
          item: sample * width + finding,
          target: targetAt(labels, table, sample * width + finding),
        }))
        .filter(({ target }) => target >= 0);
      for (const { item, target } of known) {
        const other = known.find((one) => one.target !== target);
        if (other && !isAnswered(labels, item)) found.push({ item, other: other.item, registered: false });
      }
    }
  }
  return found;
}

/**
 * The items whose image registers onto one with another label, by the last check and the labels as they are now.
 * @param known those of identical content, which are left out
 */
export function registeredContradictions(
  labels: EffectiveLabels,
  checks: Pick<ItemChecks, 'contradicting'>,
  known: readonly Contradiction[],
): Contradiction[] {
  const identical = new Set(known.map(({ item }) => item));
  const found: Contradiction[] = [];
  for (let item = 0; item < labels.items; item++) {
    const other = identical.has(item) ? undefined : checks.contradicting(item);
    if (other !== undefined) found.push({ item, other, registered: true });
  }
  return found;
}

/** Whether somebody has answered an item, or left it out: it is suspected no more. */
export function isAnswered(labels: EffectiveLabels, item: number): boolean {
  return (labels.flags[item]! & (itemFlags.edited | itemFlags.masked)) !== 0;
}

function sameContent(hashes: readonly (string | undefined)[]): number[][] {
  const byHash = new Map<string, number[]>();
  for (const [sample, hash] of hashes.entries()) {
    if (hash === undefined || hash === '') continue;
    const known = byHash.get(hash);
    if (known) known.push(sample);
    else byHash.set(hash, [sample]);
  }
  return [...byHash.values()].filter(({ length }) => length > 1);
}
