/** Suspected labels at 112,120 × 14 as the engine takes them over: the longest piece, after which it looks at the clock. */
import { effectiveLabels } from '../src/core/labels/effectiveLabels';
import { Catalog } from '../src/core/review/catalog';
import { findSuspects, ItemSuspects } from '../src/core/suspects/itemSuspects';
import { takenAtOnce } from '../src/engine/looking/takenAtOnce';
import { multiLabel, sample } from '../test/core/labels/builders';
import { checkBound, percentile, type BenchResult } from './result';
import { draw, findings, images } from './suspectsSpeed';

export function measureTurns(): BenchResult {
  const { y, p } = draw();
  const names = Array.from({ length: findings }, (_, f) => `Finding ${f}`);
  const samples = Array.from({ length: images }, (_, i) =>
    sample(
      `s ${i}`,
      names.map((_, f) => String(y[i * findings + f])),
      { group: `P${Math.floor(i / 4)}` },
    ),
  );
  const dataset = multiLabel(
    samples,
    names.map((name) => ({ name })),
  );
  const assignment = {
    split: samples.map(() => 'train' as const),
    fold: Int32Array.from(samples, (_, i) => Math.floor(i / 4) % 5),
    folds: 5,
  };
  const labels = effectiveLabels(dataset, [], { disputed: 'exclude' });
  const predictions = {
    outputs: names,
    probabilities: p,
    outOfFold: new Uint8Array(images).fill(1),
    thresholds: names.map(() => 0.5),
  };
  const started = performance.now();
  const found = findSuspects(labels, assignment, predictions);
  const beside = performance.now() - started;
  // The best of some rounds: what else the machine does is no turn of ours.
  const rounds = Array.from({ length: 3 }, () => {
    const suspects = new ItemSuspects(labels);
    const catalog = Catalog.of({ dataset, assignment, labels, predictions, suspects });
    const turns: number[] = [];
    for (let from = 0; from < labels.items; from += takenAtOnce) {
      const begun = performance.now();
      catalog.takeSuspects(found, from, from + takenAtOnce);
      turns.push(performance.now() - begun);
    }
    catalog.close();
    return turns;
  });
  const longestOf = (turns: readonly number[]): number => Math.max(...turns);
  const turns = rounds.reduce((best, round) => (longestOf(round) < longestOf(best) ? round : best));
  const longest = longestOf(turns);
  return {
    checks: [
      checkBound(
        `longest piece while suspects of ${images} × ${findings} are taken over, ms`,
        longest,
        'at most 20',
        longest <= 20,
      ),
    ],
    figures: {
      suspects_found_beside_ms: beside,
      suspects_taken: found.items.length,
      suspects_turns: turns.length,
      suspects_turn_ms_median: percentile(turns, 0.5),
      suspects_turn_ms_longest: longest,
    },
  };
}
