/** AUROC against parameters, for one network cut after several of its blocks. */
import { scaleLinear, scaleLog } from 'd3-scale';
import type { ComparedModel, ComparedPart } from '../core/evaluation/comparison';
import type { Drawing } from './dotPlot';
import { formatCount } from './figures';
import { aurocScale, aurocTicks, comparedParts, intervalLine, mark, type Scale } from './parts';
import { spread } from './spread';
import { fitText, series, style, textWidth } from './style';
import { svg, type SvgNode } from './svg';

/** px. */
const leastWidth = 560;
const plotHeight = 300;
const axisWidth = 62;
/** Between the base lines of slanted labels: a line's height over sin 45°. */
const labelGap = 19;
const longestLabel = 190;
/** Where the leaders bend from the labels' places to the points'. */
const bend = 16;
const slant = Math.SQRT1_2;

interface Point {
  readonly model: ComparedModel;
  readonly x: number;
}

/** Points in the order of their parameters; the block's names stand slanted above the plot, each led to its point. */
export function drawSweep(models: readonly ComparedModel[]): Drawing {
  const known = models.filter((model) => (model.parameters ?? 0) > 0);
  const counts = known.map(({ parameters }) => parameters ?? 0);
  const width = Math.max(leastWidth, known.length * labelGap);
  const labels = known.map(({ label }) => fitText(label, longestLabel));
  const head = Math.max(0, ...labels.map((label) => textWidth(label))) * slant + bend + 14;
  const [left, right, bottom] = [axisWidth, axisWidth + width, head + plotHeight];
  const x = scaleLog()
    .domain(counts.length === 0 ? [1, 10] : [Math.min(...counts) / 1.25, Math.max(...counts) * 1.25])
    .range([left, right]);
  const y = aurocScale(known, [bottom, head]);
  const points = known.map((model) => ({ model, x: x(model.parameters ?? 0) })).sort((a, b) => a.x - b.x);
  const places = spread(
    points.map((point) => point.x),
    labelGap,
    left,
    right,
  );
  const named = points.map((point, i) => ({
    point,
    name: fitText(point.model.label, longestLabel),
    place: places[i] ?? point.x,
  }));
  const ends = named.map(({ name, place }) => place + textWidth(name) * slant + 12);
  const nodes = [
    ...yAxis(y, left, right),
    ...xAxis(ticksOf(x), x, head, bottom),
    ...named.flatMap(({ point, name, place }) => [
      leader(point, place, head, y),
      slantedLabel(point.model.label, name, place, head - bend - 4),
    ]),
    ...comparedParts.flatMap((part, p) => drawSeries(part, points, y, p === 0 ? -2.5 : 2.5)),
    svg(
      'text',
      { x: (left + right) / 2, y: bottom + 38, 'text-anchor': 'middle', ...style.ink },
      'Parameters of what is left of the network (log scale)',
    ),
    svg(
      'text',
      {
        x: 0,
        y: 0,
        transform: `translate(12 ${String(Math.round(head + plotHeight / 2))}) rotate(-90)`,
        'text-anchor': 'middle',
        ...style.ink,
      },
      'AUROC, macro average',
    ),
  ];
  return { width: Math.max(right + 16, ...ends), height: bottom + 44, nodes };
}

function yAxis(y: Scale, left: number, right: number): SvgNode[] {
  return aurocTicks(y).flatMap(({ value, text }) => [
    svg('line', { x1: left, x2: right, y1: y(value), y2: y(value), ...style.grid }),
    svg('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end', ...style.muted }, text),
  ]);
}

type LogScale = ReturnType<typeof scaleLog<number, number>>;

/** Powers of ten where there are enough of them, else 1, 2 and 5 of each, else round numbers. */
function ticksOf(x: LogScale): readonly number[] {
  const [low, high] = x.domain() as [number, number];
  const of = (digits: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      ticks.push(...digits.map((digit) => digit * 10 ** power));
    }
    return ticks.filter((tick) => tick >= low && tick <= high);
  };
  if (of([1]).length >= 3) return of([1]);
  return of([1, 2, 5]).length >= 2 ? of([1, 2, 5]) : scaleLinear().domain([low, high]).ticks(4);
}

function xAxis(ticks: readonly number[], x: LogScale, head: number, bottom: number): SvgNode[] {
  return ticks.flatMap((value) => [
    svg('line', { x1: x(value), x2: x(value), y1: head, y2: bottom, ...style.grid }),
    svg(
      'text',
      { x: x(value), y: bottom + 18, 'text-anchor': 'middle', ...style.muted },
      formatCount(value).replace(/\.0+(?= )/, ''),
    ),
  ]);
}

/** From the label down to the topmost mark or interval of its point. */
function leader({ model, x }: Point, place: number, head: number, y: Scale): SvgNode {
  const tops = comparedParts
    .flatMap((part) => [model[part].auroc_macro.value, model[part].auroc_macro.high])
    .filter((value) => value !== null);
  const end = tops.length === 0 ? head : y(Math.max(...tops)) - 5;
  const round = (value: number): string => String(Math.round(value * 10) / 10);
  const d = `M${round(place)} ${round(head - bend)}L${round(x)} ${round(head)}V${round(Math.max(head, end))}`;
  return svg('path', { d, 'stroke-dasharray': '2 3', ...style.leader });
}

function slantedLabel(full: string, shown: string, x: number, y: number): SvgNode {
  const transform = `translate(${String(Math.round(x * 10) / 10)} ${String(Math.round(y * 10) / 10)}) rotate(-45)`;
  return svg(
    'text',
    { x: 0, y: 4, transform, ...style.ink },
    ...(full === shown ? [shown] : [svg('title', {}, full), shown]),
  );
}

/** The line through the points, their intervals and marks; `shift` keeps the two parts' intervals apart. */
function drawSeries(part: ComparedPart, points: readonly Point[], y: Scale, shift: number): SvgNode[] {
  const measured = points.flatMap(({ model, x }) => {
    const estimate = model[part].auroc_macro;
    return estimate.value === null
      ? []
      : [{ x: Math.round((x + shift) * 10) / 10, y: y(estimate.value), estimate }];
  });
  const d = measured.map(
    (at, i) => `${i === 0 ? 'M' : 'L'}${String(at.x)} ${String(Math.round(at.y * 10) / 10)}`,
  );
  const dashes = part === 'validation' ? { 'stroke-dasharray': '5 4' } : {};
  return [
    ...(measured.length < 2 ? [] : [svg('path', { d: d.join(''), ...dashes, ...series[part].line })]),
    ...measured.flatMap((at) => [
      ...intervalLine(part, at.estimate, y, at.x, 'vertical'),
      mark(part, at.x, at.y),
    ]),
  ];
}
