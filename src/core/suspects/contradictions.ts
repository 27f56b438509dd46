/**
 * One image under several labels: at least one of them is wrong, whatever a model says. Only identical content counts: films of
 * the same patient, or frames of one file, may well differ in what they show.
 */
import { itemFlags, type EffectiveLabels } from '../labels/effectiveLabels';
import { targetAt, targetTables } from '../labels/targets';

export interface Contradiction {
  readonly item: number;
  /** An item of the same image with the other label. */
  readonly other: number;
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
        if (other && !isAnswered(labels, item)) found.push({ item, other: other.item });
      }
    }
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
