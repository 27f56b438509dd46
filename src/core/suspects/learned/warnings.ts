/** What should make a reader stop and think: changes that go one way, a ranking that one column explains. */
import type { Look } from './looks';
import { mostValues } from './metadataColumns';
import type { YieldInput } from './rivals';

/** Changes below which nothing is said of their direction. */
const fewestChanges = 10;
const oneWayFrom = 0.8;
const explainedFrom = 0.5;

/** Sentences for the reader. @param name of a label @param ranking items that are ranked, the likeliest first */
export function reviewWarnings(
  { looks, columns }: Pick<YieldInput, 'looks' | 'columns'>,
  given: (look: Look) => string,
  ranking: readonly number[],
): string[] {
  return [...oneWay(looks, given), ...explained(columns, ranking)];
}

function oneWay(looks: readonly Look[], given: (look: Look) => string): string[] {
  const changes = looks.filter(({ changed, again }) => changed === true && !again);
  if (changes.length < fewestChanges) return [];
  const ways = new Map<string, number>();
  for (const look of changes) {
    const way = `from ${given(look)} to ${look.value ?? 'none'}`;
    ways.set(way, (ways.get(way) ?? 0) + 1);
  }
  const [way, count] = [...ways].sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  if (count / changes.length <= oneWayFrom) return [];
  return [
    `${count} of ${changes.length} changes go ${way}: is it the labels that are wrong, or is one reading of the finding another?`,
  ];
}

/** The share of the variance of the ranks that the groups of a column explain. */
function explained(columns: YieldInput['columns'], ranking: readonly number[]): string[] {
  if (ranking.length < 2 * fewestChanges) return [];
  return columns.flatMap(({ name, of }) => {
    const groups = new Map<string, { count: number; sum: number }>();
    for (const [rank, item] of ranking.entries()) {
      const value = of(item);
      const own = groups.get(value) ?? { count: 0, sum: 0 };
      own.count++;
      own.sum += rank;
      groups.set(value, own);
    }
    if (groups.size < 2 || groups.size > mostValues) return [];
    const n = ranking.length;
    const mean = (n - 1) / 2;
    let between = 0;
    for (const { count, sum } of groups.values()) between += count * (sum / count - mean) ** 2;
    const share = between / ((n * (n * n - 1)) / 12);
    if (share <= explainedFrom) return [];
    return [
      `${name} alone explains ${Math.round(100 * share)} % of the ranking: what is found may be that column`,
    ];
  });
}
