/** The confusions that are most frequent: what forty classes are looked at by first. */
import type { ConfusionCounts } from '../../../src/protocol/engineApi';

export interface Confusion {
  readonly given: string;
  readonly predicted: string;
  readonly count: number;
}

/** The most frequent first; of equal ones the order of the matrix. At most `most`. */
export function topConfusions(
  { labels, predicted, counts }: ConfusionCounts,
  most: number,
): readonly Confusion[] {
  return labels
    .flatMap((given, i) =>
      predicted.map((said, j) => ({ given, predicted: said, count: counts[i]?.[j] ?? 0 })),
    )
    .filter((one) => one.given !== one.predicted && one.count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

/** The largest count where label and model differ; at least 1. */
export function mostDiffering(confusion: ConfusionCounts): number {
  let most = 1;
  confusion.counts.forEach((row, i) =>
    row.forEach((n, j) => {
      if (confusion.labels[i] !== confusion.predicted[j]) most = Math.max(most, n);
    }),
  );
  return most;
}
