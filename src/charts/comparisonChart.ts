/** The chart of a comparison: a dot plot of architectures, or AUROC against parameters of a truncation sweep. */
import type { Comparison } from '../core/evaluation/comparison';
import { drawDotPlot } from './dotPlot';
import { formatEstimate } from './figures';
import { hasIntervals, legend } from './parts';
import { fitText, fontFamily, fontSize, style, textWidth } from './style';
import { svg, type SvgNode } from './svg';
import { drawSweep } from './sweepPlot';

/** Around the drawing, px. */
const margin = 16;
const titleSize = 14;

/** The drawing, with a title and a description for those who do not see it. No script, no outside resource. */
export function comparisonChart(comparison: Comparison): SvgNode {
  const { models, kind } = comparison;
  const drawing = kind === 'truncations' ? drawSweep(models) : drawDotPlot(models);
  const intervals = hasIntervals(models);
  const legendWidth = 260 + (intervals ? textWidth('Lines: 95 % interval by patient') : 0);
  const inner = Math.max(drawing.width, legendWidth);
  const width = Math.ceil(inner + 2 * margin);
  const head = 58;
  const height = Math.ceil(head + drawing.height + margin);
  const title = chartTitle(comparison);
  return svg(
    'svg',
    {
      viewBox: `0 0 ${String(width)} ${String(height)}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': 'chart-title chart-description',
      'font-family': fontFamily,
      'font-size': fontSize,
    },
    svg('title', { id: 'chart-title' }, title),
    svg('desc', { id: 'chart-description' }, describe(comparison)),
    svg('rect', { x: 0, y: 0, width, height, ...style.background }),
    svg(
      'text',
      { x: margin, y: 26, 'font-size': titleSize, 'font-weight': 600, ...style.ink },
      fitText(title, inner, titleSize),
    ),
    ...legend(margin, 46, intervals),
    svg('g', { transform: `translate(${String(margin)} ${String(head)})` }, ...drawing.nodes),
  );
}

/** What is compared on what, in a line. */
export function chartTitle({ kind, models, project }: Comparison): string {
  if (kind === 'architectures') {
    return `${models.length === 1 ? '1 network' : `${String(models.length)} networks`} on ${project}`;
  }
  if (kind === 'runs') return `${String(models.length)} runs on ${project}`;
  const [first] = models;
  const random = first?.random === true ? ' (random)' : '';
  return `${first?.weights?.name ?? 'No network'}${random} cut after its blocks, on ${project}`;
}

function describe({ models, best }: Comparison): string {
  const top = best === null ? undefined : models[best];
  if (!top) return 'AUROC is not defined here: a part with one class only.';
  const others = models.length - 1;
  return (
    `AUROC out of fold and on validation. Highest out of fold: ${top.label} with ` +
    formatEstimate(top.out_of_fold.auroc_macro) +
    (others === 0 ? '.' : `; ${String(others)} others. The table beside it has every figure.`)
  );
}
