/**
 * A shallow regression tree (Breiman et al., Classification and Regression Trees, 1984) over the columns of the table: which
 * conditions, up to three, single out images on which a model errs more than elsewhere.
 */

/** What a condition is called and the filter that says it. */
export interface Named {
  readonly name: string;
  readonly where: string;
}

/** A condition, its opposite, and which entries meet it. */
export interface Choice {
  readonly yes: Named;
  readonly no: Named;
  readonly met: Uint8Array;
}

/** Entries that meet all of some conditions: choices, and whether each is met. */
export interface TreeNode {
  readonly conditions: readonly { readonly choice: number; readonly isMet: boolean }[];
  readonly entries: Int32Array;
  /** Nothing is split off it any more. */
  readonly isLeaf: boolean;
}

export interface TreeOptions {
  readonly depth: number;
  /** Distinct patients that a leaf must have. */
  readonly patients: number;
}

/**
 * The nodes of the tree that lowers the squared error most, split by split. Of equal splits the first in the order of
 * `choices` is taken.
 * @param target of each entry, 0 or 1
 * @param patient of each entry, numbered from 0
 */
export function shallowTree(
  choices: readonly Choice[],
  target: Uint8Array,
  patient: Int32Array,
  options: TreeOptions,
): TreeNode[] {
  return grow({ conditions: [], entries: Int32Array.from(target.keys()) }, options.depth);

  function grow(node: Omit<TreeNode, 'isLeaf'>, depth: number): TreeNode[] {
    const choice = depth === 0 ? -1 : bestSplit(node);
    const met = choices[choice]?.met;
    if (!met) return [{ ...node, isLeaf: true }];
    const side = (isMet: boolean): Omit<TreeNode, 'isLeaf'> => ({
      conditions: [...node.conditions, { choice, isMet }],
      entries: node.entries.filter((i) => (met[i] === 1) === isMet),
    });
    return [{ ...node, isLeaf: false }, ...grow(side(true), depth - 1), ...grow(side(false), depth - 1)];
  }

  /** Index of the choice that saves most; -1 where none saves anything. */
  function bestSplit({ entries }: Omit<TreeNode, 'isLeaf'>): number {
    let best = -1;
    // What rounding leaves of no gain at all is none.
    let most = 1e-9;
    for (const [index, { met }] of choices.entries()) {
      const gain = gainOf(met, entries);
      if (gain <= most * (1 + 1e-12) || !isWide(met, entries)) continue;
      most = gain;
      best = index;
    }
    return best;
  }

  /** Squared error that the split saves: n₁n₀/n · (mean₁ - mean₀)². */
  function gainOf(met: Uint8Array, entries: Int32Array): number {
    let yes = 0;
    let yesSum = 0;
    let sum = 0;
    for (let n = 0; n < entries.length; n++) {
      const i = entries[n]!;
      sum += target[i]!;
      if (met[i] === 0) continue;
      yes++;
      yesSum += target[i]!;
    }
    const no = entries.length - yes;
    if (yes === 0 || no === 0) return 0;
    return ((yes * no) / entries.length) * (yesSum / yes - (sum - yesSum) / no) ** 2;
  }

  function isWide(met: Uint8Array, entries: Int32Array): boolean {
    const sides = [new Set<number>(), new Set<number>()] as const;
    for (let n = 0; n < entries.length; n++) {
      const i = entries[n]!;
      sides[met[i] === 1 ? 1 : 0].add(patient[i]!);
    }
    return sides.every(({ size }) => size >= options.patients);
  }
}
