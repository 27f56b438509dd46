/** The frame that every chart of a run is drawn in: a square between two axes, with a title, a legend and a description. */
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { AnalysedPart } from '../core/evaluation/runAnalysis';
import { partName } from './partNames';
import { fitText, fontFamily, fontSize, partStyles, style } from './style';
import { svg, type SvgNode } from './svg';

export interface Axis {
  /** '' where the title says it. */
  readonly label: string;
  readonly domain: readonly [number, number];
  /** It counts: no tick stands between whole numbers. */
  readonly whole?: true;
  /** How its ticks are written, as d3-format says it; default: with as many digits as they need. */
  readonly format?: string;
}

export interface PlotFrame {
  /** Marks the ids in a page with several charts: letters and digits. */
  readonly id: string;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly legend: readonly LegendEntry[];
}

export interface LegendEntry {
  readonly name: string;
  readonly sign: SvgNode;
}

export type Place = (value: number) => number;

/** px. */
const side = 260;
const left = 54;
const head = 34;
const foot = 46;
const right = 14;
const legendRow = 18;

/** The chart with what `draw` puts between its axes, from values to px. */
export function plot(frame: PlotFrame, draw: (x: Place, y: Place) => readonly SvgNode[]): SvgNode {
  const { id, title, description, x, y, legend } = frame;
  const width = left + side + right;
  const bottom = head + side;
  const height = bottom + foot + legend.length * legendRow + 4;
  const toX = scaleLinear()
    .domain([...x.domain])
    .range([left, left + side]);
  const toY = scaleLinear()
    .domain([...y.domain])
    .range([bottom, head]);
  const lines = [
    ...ticksOf(toX, x).map(({ value, text }) => axisTick(toX(value), bottom, text, 'x')),
    ...ticksOf(toY, y).map(({ value, text }) => axisTick(toY(value), bottom, text, 'y')),
  ].flat();
  return svg(
    'svg',
    {
      viewBox: `0 0 ${String(width)} ${String(height)}`,
      ...{ width, height, role: 'img' },
      'aria-labelledby': `${id}-title ${id}-description`,
      'font-family': fontFamily,
      'font-size': fontSize,
    },
    svg('title', { id: `${id}-title` }, title),
    svg('desc', { id: `${id}-description` }, description),
    svg('rect', { x: 0, y: 0, width, height, ...style.background }),
    svg('text', { x: left, y: 18, 'font-weight': 600, ...style.ink }, fitText(title, side + right, fontSize)),
    ...lines,
    ...draw(toX, toY),
    svg('text', { x: left + side / 2, y: bottom + 38, 'text-anchor': 'middle', ...style.ink }, x.label),
    svg(
      'text',
      {
        x: 0,
        y: 0,
        transform: `translate(13 ${String(head + side / 2)}) rotate(-90)`,
        'text-anchor': 'middle',
        ...style.ink,
      },
      y.label,
    ),
    ...legend.flatMap(({ name, sign }, n) => {
      const at = bottom + foot + n * legendRow + 10;
      return [
        svg('g', { transform: `translate(8 ${String(at - 4)})` }, sign),
        svg('text', { x: 42, y: at, ...style.muted }, fitText(name, width - 48)),
      ];
    }),
  );
}

function ticksOf(
  scale: ScaleLinear<number, number>,
  { whole, format }: Axis,
): { readonly value: number; readonly text: string }[] {
  const values = scale.ticks(5).filter((value) => whole !== true || Number.isInteger(value));
  const write = whole === true ? String : scale.tickFormat(5, format);
  // As an exponent nothing would be "0e+0".
  return values.map((value) => ({ value, text: value === 0 && format !== undefined ? '0' : write(value) }));
}

function axisTick(at: number, bottom: number, text: string, axis: 'x' | 'y'): SvgNode[] {
  if (axis === 'x') {
    return [
      svg('line', { x1: at, x2: at, y1: head, y2: bottom, ...style.grid }),
      svg('text', { x: at, y: bottom + 17, 'text-anchor': 'middle', ...style.muted }, text),
    ];
  }
  return [
    svg('line', { x1: left, x2: left + side, y1: at, y2: at, ...style.grid }),
    svg('text', { x: left - 7, y: at + 4, 'text-anchor': 'end', ...style.muted }, text),
  ];
}

/** A line through points. */
export function path(
  points: readonly (readonly [number, number])[],
  attributes: SvgNode['attributes'],
): SvgNode {
  const d = points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${tenth(x)} ${tenth(y)}`).join('');
  return svg('path', { d, ...attributes });
}

/** What lies between two lines over the same places. */
export function area(
  xs: readonly number[],
  low: readonly number[],
  high: readonly number[],
  attributes: SvgNode['attributes'],
): SvgNode {
  const upper = xs.map((x, n) => `${n === 0 ? 'M' : 'L'}${tenth(x)} ${tenth(high[n] ?? 0)}`);
  const lower = xs.map((x, n) => `L${tenth(x)} ${tenth(low[n] ?? 0)}`).reverse();
  return svg('path', { d: `${upper.join('')}${lower.join('')}Z`, ...attributes });
}

/** A part's mark: a disc, a diamond, a square. */
export function partMark(part: AnalysedPart, x: number, y: number, name?: string): SvgNode {
  const { mark } = partStyles[styleOf(part)];
  const titled = name === undefined ? [] : [svg('title', {}, name)];
  if (styleOf(part) === 'out_of_fold') return svg('circle', { cx: x, cy: y, r: 3.6, ...mark }, ...titled);
  const [cx, cy] = [tenth(x), tenth(y)];
  const r = 4.4;
  if (part === 'validation') {
    return svg('path', { d: `M${cx} ${tenth(y - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`, ...mark }, ...titled);
  }
  return svg('path', { d: `M${cx} ${cy}m-3.5 -3.5h7v7h-7z`, ...mark }, ...titled);
}

/** All parts as one are drawn like out of fold. */
export function styleOf(part: AnalysedPart): keyof typeof partStyles {
  return part === 'all' ? 'out_of_fold' : part;
}

/** A part's name beside a piece of its line. */
export function lineEntry(part: AnalysedPart, more = ''): LegendEntry {
  return {
    name: `${partName(part)}${more}`,
    sign: svg('line', { x1: 0, x2: 26, y1: 0, y2: 0, ...partStyles[styleOf(part)].line }),
  };
}

export function markEntry(part: AnalysedPart, more = ''): LegendEntry {
  return { name: `${partName(part)}${more}`, sign: partMark(part, 13, 0) };
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
