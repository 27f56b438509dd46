/** Simpler ways to foretell which labels change, on the same random draws: progress is claimed against them, not against chance. */
import { isRandomDraw, type Look } from './looks';

export interface Rival {
  /** `random`, `label`, `label × <column>`, `model`. */
  readonly name: string;
  /** The area under the ROC curve on the draws that the model foretold; null without both kinds. */
  readonly auroc: number | null;
  readonly draws: number;
}

export interface YieldInput {
  readonly looks: readonly Look[];
  /** The stratum of an item: its finding and given label. */
  readonly stratumOf: (item: number) => number;
  /** Labels that nobody has looked at, by stratum. */
  readonly unreviewed: ReadonlyMap<number, number>;
  /** What the model said of a look before it; undefined where that is not known. */
  readonly foretold: (look: Look) => number | undefined;
  /** Columns of the table that labels may depend on: the value of an item. */
  readonly columns: readonly { readonly name: string; readonly of: (item: number) => string }[];
}

/** @param told looks that say something, in order */
export function compareRivals(
  { foretold, columns }: YieldInput,
  told: readonly Look[],
  draws: readonly Look[],
): Rival[] {
  const known = draws.filter((look) => foretold(look) !== undefined);
  const rival = (name: string, score: (look: Look) => number): Rival => ({
    name,
    auroc: areaUnderRoc(known.map((look) => ({ score: score(look), changed: look.changed === true }))),
    draws: known.length,
  });
  const cells = (cell: (look: Look) => string): ((look: Look) => number) => {
    const rates = earlierRates(told, cell);
    return (look) => rates.get(look) ?? 0.5;
  };
  const ofColumns = columns.map(({ name, of }) =>
    rival(
      `label × ${name}`,
      cells(({ item, label }) => `${label} ${of(item)}`),
    ),
  );
  ofColumns.sort((a, b) => (b.auroc ?? 0) - (a.auroc ?? 0));
  return [
    rival('random', () => 0),
    rival(
      'label',
      cells(({ label }) => String(label)),
    ),
    ...ofColumns.slice(0, 1),
    rival('model', (look) => foretold(look) ?? 0.5),
  ];
}

/** Of each look the share of changed ones among those before it in its cell, one of each added. */
function earlierRates(told: readonly Look[], cell: (look: Look) => string): Map<Look, number> {
  const counts = new Map<string, { changed: number; all: number }>();
  const rates = new Map<Look, number>();
  for (const look of told) {
    const key = cell(look);
    const own = counts.get(key) ?? { changed: 0, all: 0 };
    if (isRandomDraw(look)) rates.set(look, (own.changed + 1) / (own.all + 2));
    own.all++;
    if (look.changed === true) own.changed++;
    counts.set(key, own);
  }
  return rates;
}

/** Half for each pair of equal scores. */
function areaUnderRoc(
  scored: readonly { readonly score: number; readonly changed: boolean }[],
): number | null {
  const positives = scored.filter(({ changed }) => changed);
  const negatives = scored.filter(({ changed }) => !changed);
  if (positives.length === 0 || negatives.length === 0) return null;
  let won = 0;
  for (const { score } of positives) {
    for (const other of negatives) won += score > other.score ? 1 : score === other.score ? 0.5 : 0;
  }
  return won / (positives.length * negatives.length);
}
