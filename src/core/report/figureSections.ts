/** The figures of the run and what is drawn of it. */
import { formatEstimate } from '../../charts/figures';
import { partName } from '../../charts/partNames';
import { describeTarget } from '../../charts/targets';
import { calibrationChart, decisionChart, precisionRecallChart, rocChart } from '../../charts/runCharts';
import type { Estimate, Metrics } from '../evaluation/model';
import { hasEnoughPatients } from '../evaluation/intervals';
import { html, paragraph, tableOf, type HtmlNode } from './html';
import { percent } from './numbers';
import type { ReportContext } from './sections';

const overall: readonly (readonly [string, (metrics: Metrics) => Estimate])[] = [
  ['Accuracy', (metrics) => metrics.accuracy],
  ['Balanced accuracy', (metrics) => metrics.balanced_accuracy],
  ['AUROC (macro)', (metrics) => metrics.auroc_macro],
  ['AUPRC (macro)', (metrics) => metrics.auprc_macro],
  ['F1 (macro)', (metrics) => metrics.f1_macro],
  ['Log loss', (metrics) => metrics.log_loss],
];

export function figuresSection({ analysis }: ReportContext): readonly HtmlNode[] {
  const { parts } = analysis;
  return [
    tableOf(
      'Figures of the whole, with 95 % intervals (percentile bootstrap, patients resampled)',
      ['Figure', ...parts.map(({ part }) => partName(part))],
      [
        ['Images', ...parts.map(({ metrics }) => String(metrics.samples))],
        ['Patients', ...parts.map(({ metrics }) => String(metrics.patients))],
        ...overall.map(([name, of]) => [name, ...parts.map(({ metrics }) => formatEstimate(of(metrics)))]),
      ],
    ),
    ...parts.map(({ part, metrics }) =>
      tableOf(
        `Each ${analysis.task === 'multi-class' ? 'class against the rest' : 'finding'}, ${partName(part)}`,
        ['', 'with / without (patients)', 'AUROC', 'AUPRC', 'sensitivity', 'specificity', 'F1'],
        metrics.outputs.map((output) => [
          output.name,
          `${String(output.positivePatients)} / ${String(output.negativePatients)}`,
          ...[output.auroc, output.auprc, output.sensitivity, output.specificity, output.f1].map(
            formatEstimate,
          ),
        ]),
      ),
    ),
    ...fewNotes(analysis.parts),
  ];
}

function fewNotes(parts: ReportContext['analysis']['parts']): HtmlNode[] {
  return parts.flatMap(({ part, metrics }) => {
    const few = metrics.outputs.filter((output) => !hasEnoughPatients(output)).map(({ name }) => name);
    return few.length === 0
      ? []
      : [
          paragraph(
            `Fewer than 10 patients with or without, so no interval, ${partName(part)}: ${few.join(', ')}.`,
          ),
        ];
  });
}

export function calibrationSection({ analysis }: ReportContext): readonly HtmlNode[] {
  const { parts } = analysis;
  return [
    tableOf(
      'Calibration',
      ['Figure', ...parts.map(({ part }) => partName(part))],
      [
        ['Expected calibration error, 15 bins', ...parts.map(({ metrics }) => formatEstimate(metrics.ece))],
        ['Brier score', ...parts.map(({ metrics }) => formatEstimate(metrics.brier))],
      ],
    ),
  ];
}

export function curvesSection({ analysis }: ReportContext): readonly HtmlNode[] {
  const { parts, operating_points: points } = analysis;
  const names = parts[0]?.outputs.map(({ name }) => name) ?? [];
  return [
    ...(analysis.table_changed
      ? [paragraph('The table has changed since the run: curves are of the images that are there now.')]
      : []),
    paragraph(
      'Bands are pointwise 95 % intervals over resampled patients. Marks on the curves are the operating points.',
    ),
    ...names.flatMap((name, n) => {
      const marked = points.find(({ output }) => output === name)?.figures ?? [];
      const charted = { id: `output${String(n)}`, name, parts, marked };
      const charts = [rocChart, precisionRecallChart, calibrationChart, decisionChart];
      return [
        html('h3', {}, name),
        html('div', { class: 'charts' }, ...charts.map((chart) => chart(charted))),
      ];
    }),
  ];
}

export function pointsSection({ analysis }: ReportContext): readonly HtmlNode[] {
  const { operating_points: points, prevalence } = analysis;
  if (points.length === 0)
    return [paragraph('No operating point is set (operating_points in overread.yaml).')];
  const shares = Object.entries(prevalence).map(([name, share]) => `${name} ${percent(share)}`);
  return [
    tableOf(
      'Targets met on scores out of fold, with exact 95 % intervals',
      ['', 'target', 'threshold', 'part', 'sensitivity', 'specificity', 'PPV', 'NPV'],
      points.flatMap(({ output, target, figures }) =>
        figures.map(({ part, figures: at }) => [
          output,
          describeTarget(target),
          at.threshold.toFixed(4),
          partName(part),
          ...[at.sensitivity, at.specificity, at.ppv, at.npv].map(formatEstimate),
        ]),
      ),
    ),
    ...points.flatMap(({ why }) => (why === null ? [] : [paragraph(`${why}.`)])),
    ...(shares.length === 0
      ? []
      : [paragraph(`Predictive values are at a prevalence of ${shares.join(', ')}.`)]),
  ];
}

export function confusionSection({ analysis }: ReportContext): readonly HtmlNode[] {
  return analysis.parts.flatMap(({ part, metrics: { confusion } }) =>
    confusion.matrices.map(({ output, counts }) => {
      const isFinding = analysis.task === 'multi-label';
      const names = isFinding ? ['without', 'with'] : confusion.labels;
      return tableOf(
        isFinding ? `${output}, ${partName(part)}` : `Images, ${partName(part)}`,
        ['label ↓ called →', ...names],
        counts.map((row, n) => [names[n] ?? '', ...row.map(String)]),
      );
    }),
  );
}
