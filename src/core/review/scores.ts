/**
 * What items are ordered by. A score is one row here and nowhere else: the catalog sorts by it, filters name it, the
 * grid offers it, and the details show it.
 */
import { OverreadError } from '../base/errors';
import type { ItemPredictions } from '../evaluation/itemPredictions';
import type { EffectiveLabels } from '../labels/effectiveLabels';

import type { ItemChecks } from '../checks/itemChecks';
import type { ItemSuspects } from '../suspects/itemSuspects';
import type { ScoreFormat, SortInfo } from './model';

/** The columns that scores are made of. */
export interface ScoreSources {
  readonly labels: EffectiveLabels;
  readonly predictions: ItemPredictions;
  readonly states: { readonly loss: Float64Array };
  /** null where nobody asked for them. */
  readonly suspects: ItemSuspects | null;
  /** null where there are none. */
  readonly checks: ItemChecks | null;
  /** Rank of each sample's path among all paths. */
  readonly pathRank: () => Int32Array;
}

export interface ScoreRow {
  /** In queries, saved states and filters: never changed. */
  readonly id: string;
  readonly title: string;
  /** Which end is looked at first. */
  readonly descending: boolean;
  readonly format: ScoreFormat;
  /** Where a score is offered. `filter`: what it means there; without it filters have no such column. */
  readonly sort: boolean;
  readonly filter?: string;
  readonly detail: boolean;
  /** It says nothing of the model and of labels: the order of blind reading. */
  readonly neutral?: boolean;
  /** The number of an item; NaN for none, which comes last either way. */
  readonly of: (sources: ScoreSources) => (item: number) => number;
  /** The id of the score by which equal ones are ordered, in its own direction; else the order of the table. */
  readonly then?: string;
}

/** In the order in which they are offered. */
export const scoreTable: readonly ScoreRow[] = [
  {
    id: 'loss',
    title: 'Loss',
    descending: true,
    format: 'decimal',
    sort: true,
    filter: 'cross entropy of the effective label now, nats',
    detail: true,
    of:
      ({ states }) =>
      (item) =>
        states.loss[item]!,
  },
  {
    id: 'confidence',
    title: 'Confidence',
    descending: true,
    format: 'percent',
    sort: true,
    filter: 'confidence in what is predicted, 0 to 1',
    detail: false,
    of:
      ({ predictions }) =>
      (item) =>
        predictions.confidence(item),
  },
  {
    id: 'p',
    title: 'Probability',
    descending: true,
    format: 'percent',
    sort: false,
    filter: 'probability of the predicted class, or of the finding, 0 to 1',
    detail: false,
    of:
      ({ predictions }) =>
      (item) =>
        predictions.p[item]!,
  },
  {
    id: 'suspicion',
    title: 'Suspicion',
    descending: true,
    format: 'percent',
    sort: true,
    filter: 'how sure confident learning is that the label is wrong, 0 to 1; NULL where it is not suspected',
    detail: true,
    of:
      ({ suspects }) =>
      (item) =>
        suspects?.score(item) ?? NaN,
  },
  {
    id: 'check',
    title: 'Check',
    descending: false,
    format: 'order',
    sort: true,
    detail: false,
    // Those of one finding beside each other, contradictions first.
    of:
      ({ checks }) =>
      (item) =>
        checks?.place(item) ?? NaN,
  },
  {
    id: 'class',
    title: 'Class',
    descending: false,
    format: 'order',
    sort: true,
    detail: false,
    // Classes in the order of the configuration; no value comes last.
    of:
      ({ labels }) =>
      (item) =>
        labels.codes[item]! < 0 ? NaN : labels.codes[item]!,
    // Within a class the worst first, whichever way the classes go.
    then: 'loss',
  },
  {
    id: 'path',
    title: 'Path',
    descending: false,
    format: 'order',
    sort: true,
    detail: false,
    neutral: true,
    of: ({ labels, pathRank }) => {
      const rank = pathRank();
      const width = labels.dataset.findings.length;
      return (item) => rank[Math.floor(item / width)]!;
    },
  },
];

/** The order in which a query names its samples: what was gathered comes so, the nearest first. Not of an item, so no row. */
export const gatheredOrder = 'gathered';

/** The score by which the findings of an image are ordered where that of the list is equal: how far they are wrong. */
export const findingOrder = 'loss';

/** The rows that lists may be ordered by, as views are told them. */
export function describeScores(scores: readonly ScoreRow[]): readonly SortInfo[] {
  return scores
    .filter(({ sort }) => sort)
    .map(({ id, title, descending, neutral = false }) => ({ id, title, descending, neutral }));
}

/** A row by its id. @throws OVR903 for none */
export function scoreOf(scores: readonly ScoreRow[], id: string): ScoreRow {
  const found = scores.find((row) => row.id === id);
  if (found) return found;
  throw new OverreadError({
    code: 'OVR903',
    message: `Items have no order called "${id}"`,
    expected: `one of ${scores.map((row) => row.id).join(', ')}`,
  });
}
