/** Curves over the epochs of a training: one network in colour, the others behind it in grey. */
import { path, partMark, plot, type LegendEntry, type PlotFrame } from './plot';
import { partStyles, style } from './style';
import { svg, type SvgNode } from './svg';

/** x: epochs, a part of one where it is under way; y: the figure. */
export type CurvePoint = readonly [number, number];

export interface Curve {
  /** `training`: a whole line with discs; `held-out`: a dashed one with diamonds. */
  readonly of: 'training' | 'held-out';
  readonly name: string;
  readonly points: readonly CurvePoint[];
}

/** From where to where the figure's axis goes. */
export type CurveRange = 'from-zero' | 'auroc' | 'percent';

export interface CurveChart {
  /** Tells the charts of one page apart: letters and digits. */
  readonly id: string;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  /** How many the network is to have. */
  readonly epochs: number;
  readonly epochLabel: string;
  readonly valueLabel: string;
  readonly range: CurveRange;
  /** How the figure's ticks are written, as d3-format says it. */
  readonly format?: string;
  readonly curves: readonly Curve[];
  /** The same figure of the other networks. */
  readonly others: readonly (readonly CurvePoint[])[];
  readonly othersName: string;
}

/** Points above which only the line is drawn, and the last point of it. */
const mostMarks = 40;

export function curveChart(chart: CurveChart): SvgNode {
  const { id, title, description, curves, others, epochLabel, valueLabel, format } = chart;
  const values = [...curves.map(({ points }) => points), ...others].flat();
  const drawn = curves.filter(({ points }) => points.length > 0);
  const behind = others.filter((points) => points.length > 0);
  const frame: PlotFrame = {
    ...{ id, title, description },
    x: {
      label: epochLabel,
      domain: [0, Math.max(1, chart.epochs, ...values.map(([epoch]) => epoch))],
      whole: true,
    },
    y: {
      label: valueLabel,
      domain: rangeOf(
        chart.range,
        values.map(([, value]) => value),
      ),
      ...(format === undefined ? {} : { format }),
    },
    legend: [...drawn.map(entryOf), ...(behind.length === 0 ? [] : [othersEntry(chart.othersName)])],
  };
  return plot(frame, (x, y) => {
    const placed = (points: readonly CurvePoint[]): CurvePoint[] =>
      points.map(([epoch, value]) => [x(epoch), y(value)]);
    return [
      ...behind.flatMap((points) => lineAndMarks(placed(points), style.leader, othersMark)),
      ...drawn.flatMap(({ of, points }) =>
        lineAndMarks(placed(points), partStyles[partOf(of)].line, (at) => partMark(partOf(of), ...at)),
      ),
    ];
  });
}

/** @returns lowest and highest value of the axis, which differ */
export function rangeOf(range: CurveRange, values: readonly number[]): readonly [number, number] {
  if (range === 'percent') return [0, 100];
  if (range === 'auroc') return [Math.min(0.5, ...values), 1];
  const most = Math.max(0, ...values);
  return [0, most === 0 ? 1 : most * 1.05];
}

/** A point alone has no line: it is a mark, as the last is in any case. */
function lineAndMarks(
  points: readonly CurvePoint[],
  line: SvgNode['attributes'],
  mark: (at: CurvePoint) => SvgNode,
): SvgNode[] {
  const marked = points.length > mostMarks ? points.slice(-1) : points;
  return [...(points.length > 1 ? [path(points, line)] : []), ...marked.map(mark)];
}

function partOf(of: Curve['of']): 'out_of_fold' | 'validation' {
  return of === 'training' ? 'out_of_fold' : 'validation';
}

function entryOf({ of, name }: Curve): LegendEntry {
  const line = svg('line', { x1: 0, x2: 26, y1: 0, y2: 0, ...partStyles[partOf(of)].line });
  return { name, sign: svg('g', {}, line, partMark(partOf(of), 13, 0)) };
}

function othersEntry(name: string): LegendEntry {
  return { name, sign: svg('line', { x1: 0, x2: 26, y1: 0, y2: 0, ...style.leader }) };
}

function othersMark([x, y]: CurvePoint): SvgNode {
  return svg('circle', { cx: x, cy: y, r: 2, ...style.leader });
}
