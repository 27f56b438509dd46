/** Pieces that both charts are made of: marks with their intervals, the AUROC scale and the legend. */
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { ComparedModel, ComparedPart } from '../core/evaluation/comparison';
import type { Estimate } from '../core/evaluation/model';
import { series, style, textWidth } from './style';
import { svg, type SvgNode } from './svg';

export const comparedParts: readonly ComparedPart[] = ['out_of_fold', 'validation'];

export type Scale = ScaleLinear<number, number>;

/** From AUROC to px: over all values and intervals, ended at round numbers, never beyond 0 and 1. */
export function aurocScale(models: readonly ComparedModel[], range: readonly [number, number]): Scale {
  const values = models
    .flatMap((model) => comparedParts.map((part) => model[part].auroc_macro))
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((value) => value !== null);
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.01, (high - low) * 0.04);
  return scaleLinear()
    .domain([Math.max(0, low - room), Math.min(1, high + room)])
    .range([...range])
    .nice(6);
}

/** The scale's ticks with as many digits as they need. */
export function aurocTicks(scale: Scale): readonly { readonly value: number; readonly text: string }[] {
  const format = scale.tickFormat(6);
  return scale.ticks(6).map((value) => ({ value, text: format(value) }));
}

/** The interval's line with its ends, on a horizontal or a vertical axis; nothing where there is none. */
export function intervalLine(
  part: ComparedPart,
  { low, high }: Estimate,
  scale: Scale,
  at: number,
  direction: 'horizontal' | 'vertical',
): readonly SvgNode[] {
  if (low === null || high === null) return [];
  const cap = 3;
  const [a, b] = [scale(low), scale(high)].map((value) => Math.round(value * 10) / 10) as [number, number];
  const d =
    direction === 'horizontal'
      ? `M${a} ${at}H${b}M${a} ${at - cap}v${2 * cap}M${b} ${at - cap}v${2 * cap}`
      : `M${at} ${a}V${b}M${at - cap} ${a}h${2 * cap}M${at - cap} ${b}h${2 * cap}`;
  return [svg('path', { d, ...series[part].line })];
}

/** A disc for out of fold, a diamond for validation. */
export function mark(part: ComparedPart, x: number, y: number): SvgNode {
  if (part === 'out_of_fold') return svg('circle', { cx: x, cy: y, r: 4, ...series[part].mark });
  const r = 4.8;
  const [cx, cy] = [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
  return svg('path', { d: `M${cx} ${cy - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`, ...series[part].mark });
}

/** Both marks with their names, and what the lines are. @param y the text's base line */
export function legend(x: number, y: number, intervals: boolean): readonly SvgNode[] {
  const nodes: SvgNode[] = [];
  let at = x;
  for (const part of comparedParts) {
    const { name } = series[part];
    nodes.push(mark(part, at + 5, y - 4), svg('text', { x: at + 16, y, ...style.ink }, name));
    at += 16 + textWidth(name) + 18;
  }
  if (intervals) nodes.push(svg('text', { x: at, y, ...style.muted }, 'Lines: 95 % interval by patient'));
  return nodes;
}

/** Whether any figure has an interval to draw. */
export function hasIntervals(models: readonly ComparedModel[]): boolean {
  return models.some((model) => comparedParts.some((part) => model[part].auroc_macro.low !== null));
}
