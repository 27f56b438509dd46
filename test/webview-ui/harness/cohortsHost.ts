/** Runs in the page before it: plays VS Code and the extension host over made-up cohorts. */
import type { Cohort, CohortReport, RateTest } from '../../../src/core/cohorts/model';
import type { ShortcutReport } from '../../../src/core/cohorts/shortcuts/model';
import type { CorrectionReport } from '../../../src/core/corrections/model';
import type { FigureDifference, PartDifference } from '../../../src/core/evaluation/runDifference';
import { checkedCohortsMethods, type CohortsMethods } from '../../../src/protocol/cohortsApi';
import { playHost, type NoteCall } from './playHost';

const url = new URL(location.href);

const estimate = (value: number) => ({ value, low: value - 0.06, high: value + 0.07 });
const rate = (errors: number, items: number, q: number): RateTest => ({
  ...{ items, errors, rest: 0.21, lift: errors / items / 0.21, p: q / 3, q },
  rate: estimate(errors / items),
});

function cohort(name: string, errors: number, items: number, q: number): Cohort {
  return {
    name,
    where: `view = '${name}'`,
    ...{ images: items, patients: Math.ceil(items / 2), too_small: false },
    errors: rate(errors, items, q),
    types:
      q < 0.05
        ? [
            {
              ...{ finding: 'class', label: 'No_findings', predicted: 'Pneumonia' },
              where: "value = 'No_findings'",
              ...rate(23, 50, 0.031),
            },
          ]
        : [],
    figures: { accuracy: estimate(1 - errors / items), auroc_macro: estimate(0.82), outputs: [] },
  };
}

const report = (part: 'train' | 'validation'): CohortReport => ({
  run: '2026-11-27T050000.000Z-first',
  part,
  ...{ images: 483, patients: 255, items: 483, errors: part === 'train' ? 120 : 25, fewest_patients: 10 },
  columns: [
    {
      ...{ column: 'view', note: null, empty: 60 },
      cohorts: [cohort('AP', 66, 267, 0.4), cohort('<img src=x onerror=alert(1)>', 48, 156, 0.02)],
    },
    ...Array.from({ length: Number(url.searchParams.get('columns') ?? 0) }, (_, c) => ({
      ...{ column: `column ${String(c)}`, note: null, empty: 0 },
      cohorts: Array.from({ length: 10 }, (_value, n) => cohort(`value ${String(n)}`, 20 + n, 150, 0.5)),
    })),
    {
      ...{ column: 'age', note: 'bands of age were guessed: from 18, 40 and 65', empty: 1 },
      cohorts: [
        {
          ...cohort('below 18', 2, 6, 1),
          ...{ patients: 4, too_small: true, figures: null },
        },
        cohort('18 to below 40', 33, 131, 0.9),
        {
          ...cohort('65 and above', 0, 1, 1),
          ...{ images: 0, patients: 0, too_small: true, figures: null },
        },
      ],
    },
  ],
  left_out: [{ column: 'nih_findings', why: 'it has 57 different values' }],
  types: [],
  found: {
    slices: [
      {
        ...{
          name: 'label Pneumonia, view AP',
          kind: 'metadata',
          where: "value = 'Pneumonia' AND view = 'AP'",
        },
        found: { items: 101, patients: 60, errors: 37, rate: 0.37, overall: 0.25, lift: 1.47 },
        tested: { items: 27, patients: 17, errors: 14, rate: 0.52, overall: 0.24, lift: 2.18 },
        ...{ p: 0.01, q: 0.03, holds: true },
      },
      {
        ...{ name: 'images like images/00012.jpg', kind: 'features', where: "sample IN ('a', 'b')" },
        found: { items: 40, patients: 30, errors: 15, rate: 0.38, overall: 0.25, lift: 1.5 },
        tested: { items: 9, patients: 8, errors: 2, rate: 0.22, overall: 0.24, lift: 0.92 },
        ...{ p: null, q: null, holds: null },
      },
    ],
    without_features: null,
  },
});

const shortcuts: ShortcutReport = {
  ...{ weights: 'tf_efficientnet_lite0.in1k', readable_from: 0.7, associated_from: 0.1 },
  shortcuts: [
    {
      ...{ attribute: 'view', note: null, groups: ['AP', 'PA'], images: 423, patients: 220, flagged: true },
      auroc: estimate(0.92),
      outputs: [
        {
          ...{ name: 'Pneumonia', auroc: 0.822, within: 0.794, flagged: true },
          association: estimate(0.287),
          difference: { value: -0.027, low: -0.054, high: -0.005 },
          strata: [],
        },
      ],
    },
  ],
  left_out: [{ attribute: 'site', why: 'it has one value only' }],
};

const figure: FigureDifference = {
  before: estimate(0.88),
  after: estimate(0.91),
  difference: { value: 0.028, low: 0.002, high: 0.054 },
};
const difference = {
  ...{ samples: 103, patients: 100, macro_over: [], outputs: [] },
  ...{ auroc_macro: figure, accuracy: figure, balanced_accuracy: figure, log_loss: figure },
} satisfies PartDifference;
const corrections: CorrectionReport = {
  before: { kind: 'given', at: '' },
  ...{ changed: 34, changed_in_training: 25, weights: 'x', C: { before: [0.003], after: [0.003] } },
  parts: [
    {
      ...{ part: 'validation', images: 103, patients: 100, changed: 9, read_blind: 103, read_again: 'all' },
      ...{ by_labels_before: difference, by_labels_now: difference, on_sample: null },
      ...{ counts: 'by_labels_now', sentence: '' },
    },
  ],
  answer: 'The corrections helped: AUROC 0.882 trained on the labels before, 0.910 on those now.',
};

const handlersOf = (note: NoteCall): CohortsMethods => ({
  ready: () => Promise.resolve({ root: '/project', name: 'A project' }),
  cohorts: (part) =>
    url.searchParams.get('fails') === '1'
      ? Promise.reject(Object.assign(new Error('This project has trained no run yet'), { code: 'OVR800' }))
      : Promise.resolve(report(part)),
  shortcuts: () => Promise.resolve(shortcuts),
  corrections: () => Promise.resolve(corrections),
  show: (where, part) => note('show', where, part),
  addToReview: async (where, part, name) => {
    await note('addToReview', where, part, name);
    return `${name}, as the person calls it`;
  },
  log: (message) => note('log', message),
});

playHost('cohortsHarness', (note) => checkedCohortsMethods(handlersOf(note)));
