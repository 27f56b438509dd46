/**
 * What finds wrong labels on real chest X-rays whose second reading is known, and on labels that were flipped on purpose;
 * whether correcting them helps; and confident learning at 112,120 × 14 beside cleanlab.
 */
import * as fs from 'node:fs';
import { SplitMix32 } from '../src/core/base/random';
import type { PredictionColumns } from '../src/core/evaluation/model';
import { effectiveLabels } from '../src/core/labels/effectiveLabels';
import { confidentSuspects } from '../src/core/suspects/confidentSuspects';
import { ReviewModel } from '../src/core/suspects/learned/reviewModel';
import { usualStrength } from '../src/core/suspects/learned/strength';
import { repeatedFits } from '../src/core/suspects/repeatedFits';
import { checkBound, writeResult, type BenchResult, type Check } from './result';
import { correctAndScore } from './suspectsCorrect';
import { classes, datasetOf, drawFolds, problemOf, readFilms, type Films } from './suspectsData';
import { auroc, pairedByPatient } from './suspectsFigures';
import { found, replayCells, replayOffers, type Pool } from './suspectsReplay';
import { compareSpeed } from './suspectsSpeed';
import { measureTurns } from './suspectsTurns';

const seeds = 20;
const reviews = 50;
const repeats = 10;

async function main(): Promise<void> {
  // Without the films, which take minutes.
  const films = process.argv.includes('--speed') ? undefined : await readFilms();
  const results: BenchResult[] = [];
  if (films) {
    results.push(await secondReads(films), await plantedFlips(films), await correctAndScore(films));
  } else {
    const detail = process.argv.includes('--speed')
      ? 'not asked for'
      : 'the chest X-rays of ../shared/data/cxr are not here';
    results.push({ checks: [{ name: 'replay of second_read', verdict: 'skipped', detail }], figures: {} });
  }
  results.push(await compareSpeed(), measureTurns());
  writeResult('suspects', {
    checks: results.flatMap(({ checks }) => checks),
    figures: Object.assign({}, ...results.map(({ figures }) => figures)) as Record<string, unknown>,
  });
}

/** Self-confidence of every label by fits that did not see the patient, averaged over so many divisions. */
async function selfConfidence(
  films: Films,
  labels: readonly number[],
  times: number,
  seed: number,
): Promise<Float64Array> {
  const fold = (repeat: number): Int32Array => drawFolds(films.films, labels, seed + repeat);
  const { probabilities } = await repeatedFits(problemOf(films, labels, fold(0)), times, fold);
  const set = effectiveLabels(datasetOf(films, labels), [], { disputed: 'exclude' });
  const predictions: PredictionColumns = {
    outputs: classes,
    probabilities,
    outOfFold: new Uint8Array(labels.length).fill(1),
    thresholds: [],
  };
  const assignment = { split: labels.map(() => 'train' as const), fold: fold(0), folds: 5 };
  return confidentSuspects(set, assignment, predictions).quality;
}

async function secondReads(films: Films): Promise<BenchResult> {
  const labels = films.films.map(({ label }) => label);
  const pool = poolOf(films, labels, (i) => films.films[i]?.read ?? null);
  const wrong = pool.items.filter(pool.isWrong).length;
  const quality = await selfConfidence(films, labels, repeats, 1);
  const single = await selfConfidence(films, labels, 1, 1);
  const suspicion = (item: number): number => 1 - (quality[item] ?? NaN);
  const ranked = (scores: Float64Array): number[] =>
    [...pool.items].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const label = (item: number): string => String(pool.labelOf(item));
  const labelView = (item: number): string => `${label(item)} ${films.films[item]?.view ?? ''}`;
  const drawn = Array.from({ length: seeds }, (_, seed) => ({
    label: replayCells(pool, reviews, seed, label),
    labelView: replayCells(pool, reviews, seed, labelView),
    greedy: replayOffers(pool, reviews, seed, { start: 'random', uniform: 0, suspicion }),
    honest: replayOffers(pool, reviews, seed, { start: 'random', uniform: 0.2, suspicion }),
    asOffered: replayOffers(pool, reviews, seed, { start: 'confident', uniform: 0.2, suspicion }),
  }));
  const mean = (order: (one: (typeof drawn)[number]) => readonly number[], n: number): number =>
    drawn.reduce((sum, one) => sum + found(pool, order(one), n), 0) / seeds;
  const table = (order: (one: (typeof drawn)[number]) => readonly number[]) => ({
    in_30: mean(order, 30),
    in_50: mean(order, reviews),
  });
  const rows = {
    chance: { in_30: (wrong / pool.items.length) * 30, in_50: (wrong / pool.items.length) * reviews },
    cleanlab: table(() => ranked(single)),
    confident_10_repeats: table(() => ranked(quality)),
    label: table((one) => one.label),
    label_and_view: table((one) => one.labelView),
    ours_greedy: table((one) => one.greedy.order),
    ours_honest: table((one) => one.honest.order),
    ours_as_offered_by_default: table((one) => one.asOffered.order),
  };
  const over = (mine: (one: (typeof drawn)[number]) => readonly number[]) =>
    pairedByPatient(
      pool.items.map((item) => ({
        patient: films.films[item]?.patient ?? '',
        gain:
          drawn.reduce((sum, one) => {
            if (!pool.isWrong(item)) return sum;
            const has = (order: readonly number[]): number =>
              order.slice(0, reviews).includes(item) ? 1 : 0;
            return sum + has(mine(one)) - has(one.labelView);
          }, 0) / seeds,
      })),
    );
  const refit = Math.max(...drawn.map(({ honest }) => honest.slowestRefit_s));
  printTable(rows);
  return {
    checks: [
      checkBound('wrong labels in the pool', wrong, '34 of 118', wrong === 34 && pool.items.length === 118),
      checkBound('found greedily in 50', rows.ours_greedy.in_50, 'at least 28', rows.ours_greedy.in_50 >= 28),
      checkBound('found honestly in 50', rows.ours_honest.in_50, 'at least 26', rows.ours_honest.in_50 >= 26),
      checkBound('slowest refit, s', refit, 'below 0.3', refit < 0.3),
    ],
    figures: {
      found: rows,
      gain_over_label_and_view: {
        greedy: over((one) => one.greedy.order),
        honest: over((one) => one.honest.order),
      },
      auroc_inside_pneumonia_pa: insideCell(
        films,
        pool,
        (i) => films.films[i]?.label === 2 && films.films[i].view === 'PA',
      ),
    },
  };
}

/** 10 % of all labels flipped: confident learning at its best. */
async function plantedFlips(films: Films): Promise<BenchResult> {
  const rows: { cleanlab: number; ours: number; offered: number }[] = [];
  for (let seed = 0; seed < 5; seed++) {
    const random = new SplitMix32(100 + seed);
    const truth = films.films.map(({ label }) => label);
    const labels = truth.map((label) => (random.uniform() < 0.1 ? (label + 1 + random.below(2)) % 3 : label));
    const pool = poolOf(films, labels, (i) => truth[i] ?? null);
    const single = await selfConfidence(films, labels, 1, seed);
    const quality = await selfConfidence(films, labels, repeats, seed);
    const ranked = (scores: Float64Array): number[] =>
      [...pool.items].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
    const suspicion = (item: number): number => 1 - (quality[item] ?? NaN);
    const { order } = replayOffers(pool, reviews, seed, { start: 'confident', uniform: 0.2, suspicion });
    rows.push({
      cleanlab: found(pool, ranked(single), reviews),
      ours: found(pool, ranked(quality), reviews),
      offered: found(pool, order, reviews),
    });
  }
  const mean = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const [ours, cleanlab, offered] = [mean((r) => r.ours), mean((r) => r.cleanlab), mean((r) => r.offered)];
  const check: Check = checkBound(
    'planted flips found in 50 by confident learning',
    ours,
    `at least cleanlab on one cross-validation, ${cleanlab.toFixed(1)}`,
    ours >= cleanlab,
  );
  return { checks: [check], figures: { planted_flips_in_50: { cleanlab, ours, as_offered: offered, rows } } };
}

/** AUROC of "a look changes it" among some items, each foretold by fits without its patient (ten divisions). */
function insideCell(films: Films, pool: Pool, isIn: (item: number) => boolean): number {
  // No_findings and Pneumonia: Covid-19 was not read again.
  const model = new ReviewModel({ ...pool.data, labels: 2 });
  const scored = new Map<number, number>();
  for (let seed = 0; seed < 10; seed++) {
    const fold = drawFolds(
      films.films,
      films.films.map(({ label }) => label),
      50 + seed,
    );
    for (let held = 0; held < 5; held++) {
      const reviewed = pool.items
        .filter((i) => fold[i] !== held)
        .map((sample) => ({ sample, label: pool.labelOf(sample) - 1, changed: pool.isWrong(sample) }));
      const asked = pool.items.filter((i) => fold[i] === held);
      const p = model.probabilities(
        model.fit(reviewed, usualStrength),
        asked.map((sample) => ({ sample, label: pool.labelOf(sample) - 1 })),
      );
      asked.forEach((i, n) => scored.set(i, (scored.get(i) ?? 0) + (p[n] ?? 0)));
    }
  }
  return auroc(
    pool.items.filter(isIn).map((i) => ({ score: scored.get(i) ?? 0, positive: pool.isWrong(i) })),
  );
}

function poolOf(films: Films, labels: readonly number[], truthOf: (i: number) => number | null): Pool {
  const { features, dim, present } = films;
  return {
    dataset: datasetOf(films, labels),
    data: { features, dim, present },
    items: [...labels.keys()].filter((i) => truthOf(i) !== null),
    isWrong: (i) => truthOf(i) !== labels[i],
    labelOf: (i) => labels[i] ?? 0,
  };
}

function printTable(
  rows: Readonly<Record<string, { readonly in_30: number; readonly in_50: number }>>,
): void {
  console.log('wrong labels found in'.padEnd(30), '30'.padStart(6), '50'.padStart(6));
  for (const [name, { in_30, in_50 }] of Object.entries(rows)) {
    console.log(
      name.replaceAll('_', ' ').padEnd(30),
      in_30.toFixed(1).padStart(6),
      in_50.toFixed(1).padStart(6),
    );
  }
}

if (!fs.existsSync('bench')) throw new Error('Run it in the folder of the project');
void main();
