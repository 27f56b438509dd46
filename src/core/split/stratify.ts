/**
 * Divides patients into parts so that every label is spread as the parts' shares ask: iterative stratification
 * (Sechidis, Tsoumakas, Vlahavas: On the stratification of multi-label data, ECML PKDD 2011, algorithm 1), with
 * patients in place of examples. The rarest label is dealt out first, its largest patients first, each to the
 * part that still lacks most of it.
 */
import { seedFromText } from '../base/random';

/** A patient: a name, the number of images, and for each label that occurs how many images carry it. */
export interface StratifiedGroup {
  readonly name: string;
  readonly size: number;
  readonly labels: ReadonlyMap<number, number>;
}

/**
 * The part of each group, 0 … shares.length - 1. Depends on the seed and on the set of groups, not on their order.
 * @param shares of the parts, 0 to 1, adding up to 1; a part with share 0 gets nothing
 * @param seed an unsigned 32-bit integer
 */
export function stratify(
  groups: readonly StratifiedGroup[],
  shares: readonly number[],
  seed: number,
): Int32Array {
  const ticket = groups.map((group) => seedFromText(`${seed}\u0000${group.name}`));
  const order = groups.map((_, g) => g).sort((a, b) => compareGroups(a, b));
  const members = new Map<number, number[]>();
  for (const g of order) {
    for (const label of groups[g]!.labels.keys()) {
      const list = members.get(label);
      if (list) list.push(g);
      else members.set(label, [g]);
    }
  }
  const wanted = new Map([...members].map(([label, list]) => [label, desire(label, list)]));
  const total = groups.reduce((sum, group) => sum + group.size, 0);
  const wantedInAll = shares.map((share) => share * total);
  const remaining = new Map([...members].map(([label, list]) => [label, list.length]));
  const part = new Int32Array(groups.length).fill(-1);

  for (;;) {
    const label = rarest(remaining);
    if (label === undefined) break;
    const list = members.get(label)!.filter((g) => part[g] === -1);
    // A stable sort: equals keep the seeded order.
    list.sort((a, b) => groups[b]!.labels.get(label)! - groups[a]!.labels.get(label)!);
    for (const g of list) assign(g, neediest(wanted.get(label)!, g));
    remaining.delete(label);
  }
  for (const g of order) if (part[g] === -1) assign(g, neediest(wantedInAll, g));
  return part;

  function compareGroups(a: number, b: number): number {
    const [first, second] = [groups[a]!, groups[b]!];
    if (first.size !== second.size) return second.size - first.size;
    if (ticket[a] !== ticket[b]) return ticket[a]! - ticket[b]!;
    return first.name < second.name ? -1 : 1;
  }

  function desire(label: number, list: readonly number[]): number[] {
    const images = list.reduce((sum, g) => sum + groups[g]!.labels.get(label)!, 0);
    return shares.map((share) => share * images);
  }

  /** The part that lacks most; then the one that lacks most images in all; then by the group's ticket. */
  function neediest(lacks: readonly number[], g: number): number {
    let best: number | undefined;
    for (let step = 0; step < shares.length; step++) {
      const k = (ticket[g]! + step) % shares.length;
      if (shares[k] === 0) continue;
      const ahead = best === undefined ? 1 : lacks[k]! - lacks[best]!;
      const aheadInAll = best === undefined ? 0 : wantedInAll[k]! - wantedInAll[best]!;
      if (ahead > tie || (Math.abs(ahead) <= tie && aheadInAll > tie)) best = k;
    }
    return best ?? 0;
  }

  function assign(g: number, k: number): void {
    const group = groups[g]!;
    part[g] = k;
    wantedInAll[k]! -= group.size;
    for (const [label, images] of group.labels) {
      wanted.get(label)![k]! -= images;
      const left = remaining.get(label);
      if (left !== undefined) remaining.set(label, left - 1);
    }
  }
}

/** Differences of sums of shares below this are rounding. */
const tie = 1e-9;

/** The label with the fewest groups left to deal out; the lower index where several are. */
function rarest(remaining: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  let fewest = Infinity;
  for (const [label, left] of remaining) {
    if (left > 0 && (left < fewest || (left === fewest && label < (best ?? Infinity)))) {
      best = label;
      fewest = left;
    }
  }
  return best;
}
