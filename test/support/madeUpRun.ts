/** A made-up run as its page is given it, by the real functions over drawn scores. */
import type { OperatingTarget } from '../../src/core/config/model';
import { decisionCurve } from '../../src/core/evaluation/decisionCurve';
import { precisionRecallCurve, rocCurve } from '../../src/core/evaluation/curves';
import { computeMetrics, countPatients, type MetricsInput } from '../../src/core/evaluation/metrics';
import { guarantee } from '../../src/core/evaluation/guarantee';
import { figuresAt } from '../../src/core/evaluation/operatingFigures';
import { candidateThresholds, chooseOperatingThreshold } from '../../src/core/evaluation/operatingPoints';
import { layOutPart, type OutputEntries, type Part } from '../../src/core/evaluation/part';
import { reliability } from '../../src/core/evaluation/reliability';
import type { AnalysedPart, Band, DrawnCurve, RunAnalysis } from '../../src/core/evaluation/runAnalysis';
import { SplitMix32 } from '../../src/core/base/random';
import type { GuaranteeAsked, GuaranteeReport, TriedThreshold } from '../../src/protocol/runPageApi';

export interface MadeUp {
  readonly outputs: number;
  /** The last output has three positive patients. */
  readonly few: boolean;
  readonly empty: boolean;
  readonly hostile: boolean;
  readonly multiLabel: boolean;
  readonly prevalence: boolean;
}

const longName = 'Enlargement of the cardiac silhouette with redistribution of pulmonary vessels, both sides';

export function madeUpRun(wanted: MadeUp) {
  const names = Array.from({ length: wanted.outputs }, (_, o) =>
    o === 0
      ? 'Pneumonia'
      : o === 1
        ? wanted.hostile
          ? '<img src=x onerror=alert(1)>'
          : longName
        : `Finding ${o}`,
  );
  const parts = new Map<AnalysedPart, { readonly input: MetricsInput; readonly layout: Part }>();
  const sizes = { out_of_fold: 240, validation: 90, test: 90 } as const;
  for (const [n, part] of (['out_of_fold', 'validation', 'test'] as const).entries()) {
    const input = inputOf(names, wanted.empty ? 0 : sizes[part], n + 1, wanted.few);
    parts.set(part, { input, layout: layOutPart(input) });
  }
  const shown = (test: boolean): AnalysedPart[] =>
    test ? ['out_of_fold', 'validation', 'test'] : ['out_of_fold', 'validation'];
  const prevalence: Readonly<Record<string, number>> = wanted.prevalence ? { Pneumonia: 0.02 } : {};
  const partOf = (part: AnalysedPart) => parts.get(part)!;
  const outputOf = (part: AnalysedPart, name: string): OutputEntries =>
    partOf(part).layout.outputs.find((output) => output.name === name)!;

  return {
    analysis: (test: boolean, bands: boolean): RunAnalysis => ({
      run: '2026-11-23T081500.123Z-densenet121',
      task: 'multi-label',
      labels_as_of: '',
      parts: shown(test).map((part) => {
        const { input, layout } = partOf(part);
        return {
          part,
          metrics: computeMetrics(input),
          outputs: layout.outputs.map((output) => ({
            name: output.name,
            roc: curve(rocCurve(output), 'falsePositiveRate', 'truePositiveRate', bands),
            precision_recall: curve(precisionRecallCurve(output), 'recall', 'precision', bands),
            reliability: reliability(output),
            decision: decisionCurve(output, prevalence[output.name] ?? null),
            readers:
              output.name === 'Pneumonia' && part === 'out_of_fold'
                ? [{ reader: 'Ada', positives: 20, true_positives: 17, negatives: 40, false_positives: 5 }]
                : [],
            ...countPatients(output),
            positives: output.positives,
            negatives: output.negatives,
          })),
        };
      }),
      thresholds: names.map(() => 0.5),
      operating_points: [
        { output: 'Pneumonia', target: { sensitivity: 0.9 }, threshold: 0.4, why: null, figures: [] },
      ],
      prevalence,
      table_changed: false,
      bands,
    }),
    guarantee: (asked: GuaranteeAsked): GuaranteeReport => ({
      ...asked,
      given: guarantee(outputOf('out_of_fold', asked.output), outputOf('test', asked.output), {
        ...asked,
        seed: 1,
      }),
    }),
    thresholds: (): number[] => candidateThresholds(outputOf('out_of_fold', 'Pneumonia')),
    tryTarget: (name: string, target: OperatingTarget, test: boolean): TriedThreshold => {
      const chosen = chooseOperatingThreshold(outputOf('out_of_fold', name), target);
      if ('why' in chosen) {
        return {
          point: { output: name, target, threshold: null, why: chosen.why, figures: [] },
          called: 0,
          dropped: 0,
        };
      }
      const { threshold } = chosen;
      const figures = shown(test).map((part) => ({
        part,
        figures: figuresAt(outputOf(part, name), threshold, prevalence[name] ?? null),
      }));
      return { point: { output: name, target, threshold, why: null, figures }, called: 5, dropped: 2 };
    },
  };
}

function inputOf(names: readonly string[], count: number, seed: number, few: boolean): MetricsInput {
  const random = new SplitMix32(seed);
  const probabilities = new Float64Array(count * names.length);
  const y = new Int32Array(count * names.length);
  for (let n = 0; n < y.length; n++) {
    const p = random.uniform() ** 2;
    probabilities[n] = Math.round(p * 1000) / 1000;
    const isRare = few && n % names.length === names.length - 1;
    y[n] = isRare ? (n < 3 * names.length ? 1 : 0) : random.uniform() < 0.1 + 0.8 * p ? 1 : 0;
  }
  return {
    targets: { task: 'multi-label', outputs: names, y },
    probabilities,
    rows: Int32Array.from({ length: count }, (_, n) => n),
    groups: Array.from({ length: count }, (_, n) => `p${n}`),
    thresholds: names.map(() => 0.5),
  };
}

function curve<X extends string, Y extends string>(
  of: (Readonly<Record<X, readonly number[]>> & Readonly<Record<Y, readonly number[]>>) | null,
  x: X,
  y: Y,
  bands: boolean,
): DrawnCurve | null {
  if (!of) return null;
  const grid = Array.from({ length: 101 }, (_, n) => n / 100);
  const at = (value: number): number => of[y][of[x].findIndex((one) => one >= value)] ?? 1;
  const band: Band = {
    low: grid.map((value) => Math.max(0, at(value) - 0.08)),
    high: grid.map((value) => Math.min(1, at(value) + 0.08)),
  };
  return { x: of[x], y: of[y], band: bands ? band : null };
}
