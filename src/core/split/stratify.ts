/**
 * Divides patients into parts so that every label is spread as the parts' shares ask: iterative stratification
 * (Sechidis, Tsoumakas, Vlahavas: On the stratification of multi-label data, ECML PKDD 2011, algorithm 1), with
 * patients in place of examples. The rarest label is dealt out first, its largest patients first, each to the
 * part that still lacks most of it.
 */
import { present } from '../base/present';
import { seedFromText } from '../base/random';

/** A patient: a name, the number of images, and for each label that occurs how many images carry it. */
export interface StratifiedGroup {
  readonly name: string;
  readonly size: number;
  readonly labels: ReadonlyMap<number, number>;
}

/** A group while the groups are dealt out. */
interface Candidate {
  readonly group: StratifiedGroup;
  readonly ticket: number;
  part: number;
}

/** A label while the groups are dealt out. */
interface Label {
  readonly label: number;
  readonly carriers: readonly { readonly candidate: Candidate; readonly images: number }[];
  /** For each part how many images with this label it should still get. */
  readonly lacks: Float64Array;
  /** Carriers that have no part yet. */
  left: number;
}

const undealt = -1;

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
  const share = Float64Array.from(shares);
  const candidates = groups.map((group): Candidate => {
    return { group, ticket: seedFromText(`${seed}\u0000${group.name}`), part: undealt };
  });
  const order = candidates.toSorted(compareCandidates);
  const labels = labelsOf(order, share);
  const total = groups.reduce((sum, group) => sum + group.size, 0);
  const lacksInAll = share.map((part) => part * total);

  for (let next = rarest(labels); next !== undefined; next = rarest(labels)) {
    const { carriers, lacks } = next;
    // A stable sort: equals keep the seeded order.
    const list = carriers.filter(({ candidate }) => candidate.part === undealt);
    list.sort((a, b) => b.images - a.images);
    for (const { candidate } of list) assign(candidate, neediest(lacks, candidate));
  }
  for (const candidate of order) {
    if (candidate.part === undealt) assign(candidate, neediest(lacksInAll, candidate));
  }
  return Int32Array.from(candidates, ({ part }) => part);

  /** The part that lacks most; then the one that lacks most images in all; then by the group's ticket. */
  function neediest(lacks: Float64Array, { ticket }: Candidate): number {
    let best: number | undefined;
    for (let step = 0; step < share.length; step++) {
      const k = (ticket + step) % share.length;
      if (share[k] === 0) continue;
      const ahead = best === undefined ? 1 : lacks[k]! - lacks[best]!;
      const aheadInAll = best === undefined ? 0 : lacksInAll[k]! - lacksInAll[best]!;
      if (ahead > tie || (Math.abs(ahead) <= tie && aheadInAll > tie)) best = k;
    }
    return best ?? 0;
  }

  function assign(candidate: Candidate, k: number): void {
    candidate.part = k;
    lacksInAll[k]! -= candidate.group.size;
    for (const [label, images] of candidate.group.labels) {
      const its = present(labels.get(label), 'the label');
      its.lacks[k]! -= images;
      its.left--;
    }
  }
}

function compareCandidates(a: Candidate, b: Candidate): number {
  if (a.group.size !== b.group.size) return b.group.size - a.group.size;
  if (a.ticket !== b.ticket) return a.ticket - b.ticket;
  return a.group.name < b.group.name ? -1 : 1;
}

/** The labels that occur, each with its carriers in this order. */
function labelsOf(order: readonly Candidate[], share: Float64Array): ReadonlyMap<number, Label> {
  const carriers = new Map<number, { candidate: Candidate; images: number }[]>();
  for (const candidate of order) {
    for (const [label, images] of candidate.group.labels) {
      const list = carriers.get(label);
      if (list) list.push({ candidate, images });
      else carriers.set(label, [{ candidate, images }]);
    }
  }
  return new Map(
    [...carriers].map(([label, list]) => {
      const total = list.reduce((sum, { images }) => sum + images, 0);
      return [label, { label, carriers: list, lacks: share.map((part) => part * total), left: list.length }];
    }),
  );
}

/** Differences of sums of shares below this are rounding. */
const tie = 1e-9;

/** The label with the fewest groups left to deal out; the lower index where several are. */
function rarest(labels: ReadonlyMap<number, Label>): Label | undefined {
  let best: Label | undefined;
  for (const label of labels.values()) {
    if (label.left === 0) continue;
    if (!best || label.left < best.left || (label.left === best.left && label.label < best.label))
      best = label;
  }
  return best;
}
