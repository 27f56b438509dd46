/** The charts of one class or finding of a run: ROC, precision and recall, calibration, decision curve. */
import type {
  AnalysedPart,
  DrawnCurve,
  OperatingFigures,
  OutputAnalysis,
  PartAnalysis,
} from '../core/evaluation/runAnalysis';
import { formatEstimate } from './figures';
import { partName } from './partNames';
import {
  area,
  lineEntry,
  markEntry,
  partMark,
  path,
  plot,
  styleOf,
  type LegendEntry,
  type Place,
} from './plot';
import { partStyles, style } from './style';
import { svg, type SvgNode } from './svg';

/** A threshold that is marked on the curves. */
export interface MarkedThreshold {
  readonly part: AnalysedPart;
  readonly figures: OperatingFigures;
}

/** One output on every part that is looked at. */
export interface ChartedOutput {
  /** Tells the charts of one document apart: letters and digits. */
  readonly id: string;
  readonly name: string;
  readonly parts: readonly PartAnalysis[];
  readonly marked: readonly MarkedThreshold[];
}

interface PartOutput {
  readonly part: AnalysedPart;
  readonly output: OutputAnalysis;
  readonly auroc: string;
  readonly auprc: string;
}

/** What a part says of the output; parts that say nothing of it are left out. */
function partsOf({ name, parts }: ChartedOutput): PartOutput[] {
  return parts.flatMap(({ part, outputs, metrics }) => {
    const output = outputs.find((one) => one.name === name);
    const own = metrics.outputs.find((one) => one.name === name);
    return output && own
      ? [{ part, output, auroc: formatEstimate(own.auroc), auprc: formatEstimate(own.auprc) }]
      : [];
  });
}

/** Sensitivity over 1 - specificity, with the readers and the marked threshold. */
export function rocChart(charted: ChartedOutput): SvgNode {
  const parts = partsOf(charted).filter(({ output }) => output.roc);
  const readers = parts.flatMap(({ part, output }) => output.readers.map((reader) => ({ part, ...reader })));
  return plot(
    {
      id: `${charted.id}-roc`,
      title: 'ROC curve',
      description: describe(
        'AUROC',
        parts.map(({ part, auroc }) => ({ part, figure: auroc })),
      ),
      x: { label: '1 − specificity', domain: [0, 1] },
      y: { label: 'Sensitivity', domain: [0, 1] },
      legend: [
        ...parts.map(({ part, auroc }) => lineEntry(part, `: AUROC ${auroc}`)),
        ...(readers.length === 0
          ? []
          : [{ name: 'reader, against the others', sign: readerMark(13, 0, '') }]),
      ],
    },
    (x, y) => [
      path(
        [
          [x(0), y(0)],
          [x(1), y(1)],
        ],
        style.leader,
      ),
      ...parts.flatMap(({ part, output: { roc } }) => (roc ? curve(part, roc, x, y) : [])),
      ...readers.map(
        ({ reader, part, positives, true_positives: right, negatives, false_positives: wrong }) =>
          readerMark(x(wrong / negatives), y(right / positives), `${reader}, ${partName(part)}`),
      ),
      ...charted.marked.flatMap(({ part, figures: { sensitivity, specificity } }) =>
        sensitivity.value === null || specificity.value === null
          ? []
          : [partMark(part, x(1 - specificity.value), y(sensitivity.value), partName(part))],
      ),
    ],
  );
}

/** Precision over recall; the share of positives is what chance gives. */
export function precisionRecallChart(charted: ChartedOutput): SvgNode {
  const parts = partsOf(charted).filter(({ output }) => output.precision_recall);
  return plot(
    {
      id: `${charted.id}-pr`,
      title: 'Precision and recall',
      description: describe(
        'AUPRC',
        parts.map(({ part, auprc }) => ({ part, figure: auprc })),
      ),
      x: { label: 'Recall (sensitivity)', domain: [0, 1] },
      y: { label: 'Precision (PPV)', domain: [0, 1] },
      legend: parts.map(({ part, auprc }) => lineEntry(part, `: AUPRC ${auprc}`)),
    },
    (x, y) => [
      ...parts.slice(0, 1).map(({ output: { positives, negatives } }) => {
        const chance = y(positives / (positives + negatives));
        return path(
          [
            [x(0), chance],
            [x(1), chance],
          ],
          style.leader,
        );
      }),
      ...parts.flatMap(({ part, output: { precision_recall: curveOf } }) =>
        curveOf ? curve(part, curveOf, x, y) : [],
      ),
      ...charted.marked.flatMap(
        ({ part, figures: { sensitivity, true_positives: right, false_positives: wrong } }) =>
          sensitivity.value === null || right + wrong === 0
            ? []
            : [partMark(part, x(sensitivity.value), y(right / (right + wrong)), partName(part))],
      ),
    ],
  );
}

/** The share of positives over the mean probability, bin by bin, with exact intervals. */
export function calibrationChart(charted: ChartedOutput): SvgNode {
  const parts = partsOf(charted).filter(({ output }) => output.reliability.bins.length > 0);
  const error = ({ output: { reliability } }: PartOutput): string =>
    reliability.ece === null ? '–' : reliability.ece.toFixed(3);
  return plot(
    {
      id: `${charted.id}-calibration`,
      title: 'Calibration',
      description: describe(
        'Calibration error',
        parts.map((one) => ({ part: one.part, figure: error(one) })),
      ),
      x: { label: 'Mean probability', domain: [0, 1] },
      y: { label: 'Share of positives', domain: [0, 1] },
      legend: parts.map((one) => markEntry(one.part, `: error ${error(one)}, lines 95 %`)),
    },
    (x, y) => [
      path(
        [
          [x(0), y(0)],
          [x(1), y(1)],
        ],
        style.leader,
      ),
      ...parts.flatMap(({ part, output: { reliability } }, p) =>
        reliability.bins.flatMap((bin) => {
          const at = x(bin.predicted) + 3 * p;
          const { line } = partStyles[styleOf(part)];
          return [
            path(
              [
                [at, y(bin.low)],
                [at, y(bin.high)],
              ],
              { class: line.class, stroke: line.stroke, 'stroke-width': 1 },
            ),
            partMark(part, at, y(bin.observed), `${String(bin.images)} images`),
          ];
        }),
      ),
    ],
  );
}

/** Net benefit over the probability from which on somebody would act. */
export function decisionChart(charted: ChartedOutput): SvgNode {
  const parts = partsOf(charted).filter(({ output }) => output.decision);
  const values = parts.flatMap(({ output: { decision } }) => decision?.model ?? []);
  const most = Math.max(0.02, ...values) * 1.1;
  const first = parts[0]?.output.decision;
  const everybody: LegendEntry = {
    name: 'acting on everybody',
    sign: svg('line', { x1: 0, x2: 26, y1: 0, y2: 0, ...style.leader }),
  };
  return plot(
    {
      id: `${charted.id}-decision`,
      title: 'Decision curve',
      description: `Net benefit of acting on whom the model calls, beside acting on everybody and on nobody${first ? `, at a prevalence of ${first.prevalence.toFixed(3)}` : ''}.`,
      x: { label: 'Probability from which on to act', domain: [0, 1] },
      y: { label: 'Net benefit', domain: [-most / 4, most] },
      legend: [...parts.map(({ part }) => lineEntry(part)), ...(first ? [everybody] : [])],
    },
    (x, y) => {
      const lines = (ys: readonly number[], attributes: SvgNode['attributes']): SvgNode[] =>
        pieces(first?.thresholds ?? [], ys, -most / 4).map((piece) =>
          path(
            piece.map(([t, value]) => [x(t), y(value)] as const),
            attributes,
          ),
        );
      return [
        path(
          [
            [x(0), y(0)],
            [x(1), y(0)],
          ],
          { ...style.leader, 'stroke-width': 1.5 },
        ),
        ...(first ? lines(first.all, style.leader) : []),
        ...parts.flatMap(({ part, output: { decision } }) =>
          decision ? lines(decision.model, partStyles[styleOf(part)].line) : [],
        ),
      ];
    },
  );
}

/** The pieces of a line that lie above the axis: acting on everybody falls without end. */
function pieces(
  xs: readonly number[],
  ys: readonly number[],
  least: number,
): (readonly [number, number])[][] {
  const found: (readonly [number, number])[][] = [];
  let isOpen = false;
  xs.forEach((x, n) => {
    const y = ys[n] ?? NaN;
    const isAbove = y >= least;
    if (isAbove && !isOpen) found.push([]);
    if (isAbove) found.at(-1)?.push([x, y]);
    isOpen = isAbove;
  });
  return found;
}

function curve(part: AnalysedPart, { x: xs, y: ys, band }: DrawnCurve, x: Place, y: Place): SvgNode[] {
  const { line, band: colour } = partStyles[styleOf(part)];
  const places = band ? band.low.map((_, n) => x(n / (band.low.length - 1))) : [];
  return [
    ...(band ? [area(places, band.low.map(y), band.high.map(y), colour)] : []),
    path(
      xs.map((value, n) => [x(value), y(ys[n] ?? 0)] as const),
      line,
    ),
  ];
}

function readerMark(x: number, y: number, name: string): SvgNode {
  const d = `M${String(Math.round(x * 10) / 10)} ${String(Math.round(y * 10) / 10)}m-4 -4l8 8m0 -8l-8 8`;
  return svg(
    'path',
    { d, class: 'chart-reader', stroke: '#1f2328', 'stroke-width': 1.5, fill: 'none' },
    ...(name === '' ? [] : [svg('title', {}, name)]),
  );
}

function describe(
  figure: string,
  parts: readonly { readonly part: AnalysedPart; readonly figure: string }[],
): string {
  if (parts.length === 0) return 'Not defined: there are no positive or no negative images.';
  return `${parts.map((one) => `${figure} ${partName(one.part)}: ${one.figure}`).join('. ')}.`;
}
