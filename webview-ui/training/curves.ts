/** The charts of one network of a training. */
import { curveChart, type Curve, type CurveChart, type CurvePoint } from '../../src/charts/trainingCharts';
import type { EpochPoint, TrainedNetwork, TrainingNow, TrainingReport } from '../../src/protocol/trainingApi';
import { drawSvg } from '../drawing';
import { element } from '../dom';
import { fill } from '../texts';
import type { TrainingTexts } from './strings';
import { figure, rate } from './words';

type Key = Exclude<keyof EpochPoint, 'epoch'>;

export class Curves {
  readonly root = element('div', { class: 'charts' });
  /** What is drawn, by the chart's id. */
  private readonly drawn = new Map<string, { readonly of: string; readonly node: SVGElement }>();

  constructor(private readonly texts: TrainingTexts) {}

  /** Draws what has changed: a chart that is being looked at stays the same element. */
  show(report: TrainingReport, network: TrainedNetwork): void {
    const charts = this.chartsOf(report, network);
    for (const chart of charts) {
      const of = JSON.stringify(chart);
      const before = this.drawn.get(chart.id);
      if (before?.of === of) continue;
      const made = drawSvg(curveChart(chart));
      const node = before?.node ?? made;
      if (before) {
        for (const { name, value } of made.attributes) node.setAttribute(name, value);
        node.replaceChildren(...made.childNodes);
      }
      this.drawn.set(chart.id, { of, node });
    }
    const nodes = charts.flatMap(({ id }) => this.drawn.get(id)?.node ?? []);
    if (nodes.some((node, n) => this.root.children[n] !== node) || nodes.length < this.root.children.length)
      this.root.replaceChildren(...nodes);
  }

  private chartsOf(report: TrainingReport, network: TrainedNetwork): CurveChart[] {
    const { texts } = this;
    const now = report.now?.network === network.name ? report.now : null;
    const others = report.networks.filter((one) => one !== network);
    const chart = (
      id: string,
      given: Pick<CurveChart, 'title' | 'valueLabel' | 'range'> & { readonly format?: string },
      keys: readonly (readonly [Key, Curve['of'], string])[],
      write: (value: number) => string,
    ): CurveChart => {
      const curves = keys.map(([key, of, name]) => ({ of, name, points: pointsOf(key, network, now) }));
      return {
        ...{ id: `training-${id}`, ...given, curves },
        description: this.describe(curves, write),
        epochs: network.epochs,
        epochLabel: texts.epoch,
        others: others.map((one) => pointsOf(keys[0]?.[0] ?? 'loss', one, null)),
        othersName: texts.others,
      };
    };
    const { charts, training, heldOut } = texts;
    const all = [
      chart(
        'loss',
        { title: charts.loss, valueLabel: charts.lossAxis, range: 'from-zero' },
        [
          ['loss', 'training', training],
          ['heldLoss', 'held-out', heldOut],
        ],
        (value) => figure(value, 3),
      ),
      chart(
        'auroc',
        { title: charts.auroc, valueLabel: charts.aurocAxis, range: 'auroc' },
        [['heldAuroc', 'held-out', heldOut]],
        (value) => figure(value, 3),
      ),
      chart(
        'rate',
        { title: charts.rateTitle, valueLabel: '', range: 'from-zero', format: '.1~e' },
        [['learningRate', 'training', charts.rate]],
        rate,
      ),
      chart(
        'speed',
        { title: charts.speed, valueLabel: charts.speedAxis, range: 'from-zero' },
        [['imagesPerSecond', 'training', charts.speed]],
        (value) => figure(value, 0),
      ),
      chart(
        'use',
        { title: charts.use, valueLabel: charts.useAxis, range: 'percent' },
        [['gpuUse', 'training', charts.use]],
        (value) => figure(value, 0),
      ),
    ];
    // What nobody measures has no empty chart: the use of a GPU that is none, the AUROC of a network that holds nothing out.
    return all.filter(
      ({ id, curves, others: rest }) =>
        id === 'training-loss' || [...curves.map(({ points }) => points), ...rest].some((p) => p.length > 0),
    );
  }

  private describe(curves: readonly Curve[], write: (value: number) => string): string {
    const told = curves.flatMap(({ name, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      if (!first || !last) return [];
      const [epoch, start] = [Math.ceil(last[0]), Math.ceil(first[0])];
      return [
        fill(this.texts.described, { name, value: write(last[1]), epoch, first: write(first[1]), start }),
      ];
    });
    return told.length === 0 ? this.texts.notTold : told.join(' ');
  }
}

/** Whole epochs, and how far the one under way has got. */
function pointsOf(key: Key, { points }: TrainedNetwork, now: TrainingNow | null): CurvePoint[] {
  const isUnderWay = now !== null && now.share < 1;
  const all = [
    ...points.map((point) => ({ x: point.epoch, y: point[key] })),
    ...(isUnderWay ? [{ x: now.epoch - 1 + now.share, y: now[key] }] : []),
  ];
  return all.flatMap(({ x, y }): CurvePoint[] => (y === null ? [] : [[x, y]]));
}
