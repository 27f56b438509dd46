/** Tables of a training: its networks side by side, and the epochs of one of them. */
import type { EpochPoint, JobState, TrainedNetwork } from '../../src/protocol/trainingApi';
import { scrolledTable } from '../scrolledTable';
import { fill } from '../texts';
import type { TrainingTexts } from './strings';
import { figure, gigabytes, isUnderWay, networkName, rate } from './words';

/** A row for each network: how far it is, and its best epoch by the loss of what is held out. */
export function networksTable(
  networks: readonly TrainedNetwork[],
  job: JobState,
  texts: TrainingTexts,
): HTMLElement {
  const { columns } = texts;
  const head = [
    ...[columns.network, columns.state, columns.epochs, columns.best],
    ...[columns.loss, columns.heldLoss, columns.auroc],
  ];
  return scrolledTable(
    texts.networks,
    head,
    networks.map((network) => {
      const { name, epochs, points, state } = network;
      const best = bestEpoch(points);
      const { waits, trains, done, stopped } = texts.networkStates;
      const now = state === 'trains' ? (isUnderWay(job) ? trains : stopped) : state === 'done' ? done : waits;
      return [
        networkName(name, texts),
        now,
        fill(texts.epochsOf, { done: points.length, all: epochs }),
        best ? String(best.epoch) : '–',
        figure((best ?? points.at(-1))?.loss ?? null, 4),
        figure(best?.heldLoss ?? null, 4),
        figure(best?.heldAuroc ?? null, 3),
      ];
    }),
  );
}

/** A row for each epoch; columns of what was never told are left out. */
export function epochsTable({ name, points }: TrainedNetwork, texts: TrainingTexts): HTMLElement {
  const { columns } = texts;
  const all: readonly (readonly [string, keyof EpochPoint, (point: EpochPoint) => string])[] = [
    [columns.loss, 'loss', ({ loss }) => figure(loss, 4)],
    [columns.heldLoss, 'heldLoss', ({ heldLoss }) => figure(heldLoss, 4)],
    [columns.auroc, 'heldAuroc', ({ heldAuroc }) => figure(heldAuroc, 3)],
    [columns.rate, 'learningRate', ({ learningRate }) => rate(learningRate)],
    [columns.speed, 'imagesPerSecond', ({ imagesPerSecond }) => figure(imagesPerSecond, 1)],
    [columns.use, 'gpuUse', ({ gpuUse }) => figure(gpuUse, 0)],
    [columns.memory, 'memory', ({ memory }) => (memory === null ? '–' : gigabytes(memory))],
  ];
  const told = all.filter(([, key]) => points.some((point) => point[key] !== null));
  return scrolledTable(
    fill(texts.epochs, { network: networkName(name, texts) }),
    [texts.epoch, ...told.map(([title]) => title)],
    // The newest first: the one that is looked for is not below the others.
    points.toReversed().map((point) => [String(point.epoch), ...told.map(([, , write]) => write(point))]),
    true,
  );
}

/** The epoch with the least loss of what is held out; undefined where nothing is. */
function bestEpoch(points: readonly EpochPoint[]): EpochPoint | undefined {
  const held = points.filter(({ heldLoss }) => heldLoss !== null);
  return held.reduce<EpochPoint | undefined>(
    (best, point) => (best && (best.heldLoss ?? Infinity) <= (point.heldLoss ?? Infinity) ? best : point),
    undefined,
  );
}
