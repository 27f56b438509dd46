/** What is drawn of a run, as lines for a terminal. */
import { formatEstimate } from '../charts/figures';
import { partName } from '../charts/partNames';
import { describeTarget } from '../charts/targets';
import type {
  OperatingFigures,
  OperatingPoint,
  PartAnalysis,
  RunAnalysis,
} from '../core/evaluation/runAnalysis';
import { table } from './describeMetrics';

const pointHeader = ['', 'threshold', 'part', 'sensitivity', 'specificity', 'PPV', 'NPV'];

/** Calibration of each part, readers, and the operating points. */
export function describeAnalysis(analysis: RunAnalysis): string[] {
  const { parts, operating_points: points } = analysis;
  return [
    ...parts.flatMap(describeCalibration),
    ...parts.flatMap(describeReaders),
    ...(points.length === 0
      ? ['', 'No operating points are set (operating_points in overread.yaml)']
      : ['', ...table([pointHeader, ...points.flatMap(pointRows)])]),
    ...points.flatMap(({ output, why }) => (why === null ? [] : [`${output}: ${why}`])),
    ...weightedNote(analysis),
    ...(analysis.table_changed
      ? ['The table has changed since this run: what is drawn is of the images that are there now']
      : []),
  ];
}

/** One threshold on every part. */
export function describeThreshold(
  output: string,
  figures: readonly { readonly part: PartAnalysis['part']; readonly figures: OperatingFigures }[],
): string[] {
  return table([pointHeader, ...figures.map((one) => [output, ...figureCells(one)])]);
}

function describeCalibration({ part, metrics, outputs }: PartAnalysis): string[] {
  const rows = outputs.map(({ name, reliability }) => {
    const own = metrics.outputs.find((output) => output.name === name);
    return [
      name,
      reliability.ece === null ? '–' : reliability.ece.toFixed(3),
      own ? formatEstimate(own.brier) : '–',
    ];
  });
  const whole = ['all', formatEstimate(metrics.ece), formatEstimate(metrics.brier)];
  return ['', ...table([[`calibration, ${partName(part)}`, 'ECE', 'Brier'], whole, ...rows])];
}

function describeReaders({ part, outputs }: PartAnalysis): string[] {
  const rows = outputs.flatMap(({ name, readers }) =>
    readers.map(({ reader, positives, true_positives, negatives, false_positives }) => [
      name,
      reader,
      `${String(true_positives)} of ${String(positives)}`,
      `${String(negatives - false_positives)} of ${String(negatives)}`,
    ]),
  );
  if (rows.length === 0) return [];
  return ['', ...table([[`readers, ${partName(part)}`, 'reader', 'sensitivity', 'specificity'], ...rows])];
}

function pointRows({ output, target, figures }: OperatingPoint): string[][] {
  return figures.map((one) => [`${output}, ${describeTarget(target)}`, ...figureCells(one)]);
}

function figureCells({
  part,
  figures,
}: {
  readonly part: PartAnalysis['part'];
  readonly figures: OperatingFigures;
}): string[] {
  return [
    figures.threshold.toFixed(4),
    partName(part),
    formatEstimate(figures.sensitivity),
    formatEstimate(figures.specificity),
    formatEstimate(figures.ppv),
    formatEstimate(figures.npv),
  ];
}

function weightedNote({ prevalence }: RunAnalysis): string[] {
  const shares = Object.entries(prevalence).map(
    ([name, share]) => `${name} ${String(Number((100 * share).toFixed(3)))} %`,
  );
  return shares.length === 0
    ? []
    : [`Predictive values are weighted to a prevalence of ${shares.join(', ')}`];
}
