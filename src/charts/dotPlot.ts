/** Networks as rows, each with its AUROC out of fold and on validation: for networks of different kinds. */
import type { ComparedModel } from '../core/evaluation/comparison';
import { formatCount } from './figures';
import { aurocScale, aurocTicks, comparedParts, intervalLine, mark } from './parts';
import { fitText, style, textWidth } from './style';
import { svg, type SvgNode } from './svg';

/** px. */
const rowHeight = 32;
const plotWidth = 420;
const longestLabel = 330;
const gap = 14;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly SvgNode[];
}

/** One row per network, in the order given; the labels have a column of their own, so none can overlap. */
export function drawDotPlot(models: readonly ComparedModel[]): Drawing {
  const named = models.map((model) => ({
    model,
    label: fitText(model.label, longestLabel),
    count: formatCount(model.parameters),
  }));
  const left = Math.max(0, ...named.map(({ label }) => textWidth(label))) + gap;
  const right = left + plotWidth;
  const head = 22;
  const bottom = head + models.length * rowHeight;
  const scale = aurocScale(models, [left, right]);
  const heading = 'Parameters';
  const countsAt = right + gap + Math.max(textWidth(heading), ...named.map(({ count }) => textWidth(count)));
  const grid = aurocTicks(scale).flatMap(({ value, text }) => {
    const x = scale(value);
    return [
      svg('line', { x1: x, x2: x, y1: head, y2: bottom, ...style.grid }),
      svg('text', { x, y: bottom + 16, 'text-anchor': 'middle', ...style.muted }, text),
    ];
  });
  const rows = named.flatMap(({ model, label, count }, i) => {
    const middle = head + (i + 0.5) * rowHeight;
    return [
      svg(
        'text',
        { x: 0, y: middle + 4, ...style.ink },
        ...(label === model.label ? [label] : [svg('title', {}, model.label), label]),
      ),
      svg('text', { x: countsAt, y: middle + 4, 'text-anchor': 'end', ...style.muted }, count),
      ...comparedParts.flatMap((part, p) => {
        const estimate = model[part].auroc_macro;
        if (estimate.value === null) return [];
        const y = middle + (p === 0 ? -5.5 : 5.5);
        return [
          ...intervalLine(part, estimate, scale, y, 'horizontal'),
          mark(part, scale(estimate.value), y),
        ];
      }),
    ];
  });
  const nodes = [
    ...grid,
    svg('text', { x: countsAt, y: 12, 'text-anchor': 'end', ...style.muted }, heading),
    ...rows,
    svg(
      'text',
      { x: (left + right) / 2, y: bottom + 36, 'text-anchor': 'middle', ...style.ink },
      'AUROC, macro average',
    ),
  ];
  return { width: countsAt, height: bottom + 42, nodes };
}
