/** A training's progress added up, line by line, to what is drawn of it. */
import { Type } from '@sinclair/typebox';
import { jsonReader } from '../../base/checkedJson';
import { numberOf, textOf, type TrainingLine } from './progressLines';
import type {
  EpochPoint,
  TrainedNetwork,
  TrainingDevice,
  TrainingNow,
  TrainingReport,
  TrainingStage,
} from './trainingReport';

const count = Type.Integer({ minimum: 0, maximum: 1_000_000 });

/** The members of `job.json` that say which networks are to be trained. */
export const parseTrainingPlan = jsonReader(
  Type.Object({
    folds: Type.Integer({ minimum: 0, maximum: 1000 }),
    only_inner: Type.Boolean(),
    settings: Type.Object({ epochs: count, patience: count }),
    network: Type.Object({ only_last: Type.Boolean() }),
  }),
);
export type TrainingPlan = ReturnType<typeof parseTrainingPlan>;

/** Networks of a training that are more than anybody has. */
const mostNetworks = 1002;
/** Seconds between two lines that are no pace: the machine slept, or the training stood still. */
const longestPause = 3600;

interface Network {
  readonly name: string;
  epochs: number;
  points: EpochPoint[];
}

/** The names of the networks, in the order in which Python trains them (`train.py`). */
export function plannedNetworks({ folds, only_inner, settings }: TrainingPlan): readonly string[] {
  const inner = folds === 0 || settings.patience > 0 || only_inner ? ['inner'] : [];
  if (only_inner) return inner;
  return [...inner, ...Array.from({ length: folds }, (_, fold) => `fold-${fold}`), 'final'];
}

export class TrainingCurves {
  private readonly networks: Network[] = [];
  private plan: TrainingPlan | undefined;
  private stage: TrainingStage = 'images';
  private device: TrainingDevice | null = null;
  private now: TrainingNow | null = null;
  private starts = 0;
  private fault: string | null = null;
  private readonly pace = new Pace();

  /** Says which networks there will be. What is known of them already stays. */
  expect(plan: TrainingPlan): void {
    if (this.plan) return;
    this.plan = plan;
    const told = this.networks.splice(0);
    for (const name of plannedNetworks(plan)) {
      const known = told.find((network) => network.name === name);
      this.networks.push(known ?? { name, epochs: plan.settings.epochs, points: [] });
    }
    this.networks.push(...told.filter(({ name }) => !this.networks.some((one) => one.name === name)));
  }

  /** Adds a line. */
  take(line: TrainingLine): void {
    switch (line.stage) {
      case 'device':
        this.begin(line);
        break;
      case 'probe':
      case 'estimate':
        this.stage = 'starts';
        break;
      case 'step':
      case 'epoch':
        this.moveOn(line);
        break;
      case 'predict':
        this.stage = 'predicts';
        break;
      case 'done':
        this.stage = 'done';
        break;
      case 'cancelled':
        this.stage = 'cancelled';
        break;
      case 'fault':
        this.stage = 'fault';
        this.fault = textOf(line, 'message');
        break;
      default:
        break;
    }
  }

  /** Where it stands now. */
  report(): TrainingReport {
    const { stage, device, now, fault } = this;
    const at = now
      ? this.networks.findIndex(({ name }) => name === now.network)
      : this.networks.findLastIndex(({ points }) => points.length > 0);
    const isOver = stage === 'done' || stage === 'predicts';
    return {
      stage,
      device,
      networks: this.networks.map(({ name, epochs, points }, n): TrainedNetwork => {
        const state = isOver || n < at ? 'done' : n === at && now ? 'trains' : 'waits';
        return { name, epochs, points: [...points], state };
      }),
      now: stage === 'trains' ? now : null,
      resumed: Math.max(0, this.starts - 1),
      secondsLeft: stage === 'trains' && now ? this.pace.secondsFor(this.epochsLeft(now, at)) : null,
      fault,
    };
  }

  private begin(line: TrainingLine): void {
    this.stage = 'starts';
    this.starts += 1;
    this.fault = null;
    this.now = null;
    this.device = {
      name: textOf(line, 'name'),
      processes: numberOf(line, 'processes') ?? 1,
      memory: numberOf(line, 'memory') ?? null,
    };
    this.pace.pause();
  }

  private moveOn(line: TrainingLine): void {
    const name = textOf(line, 'phase');
    const epoch = numberOf(line, 'epoch') ?? 0;
    const network = this.networkOf(name);
    if (network === undefined || epoch < 1) return;
    this.stage = 'trains';
    const epochs = numberOf(line, 'epochs') ?? network.epochs;
    network.epochs = epochs;
    // The inner one finds how long the others train.
    const later = name === 'inner' ? [] : this.networks.slice(this.networks.indexOf(network) + 1);
    for (const one of later) one.epochs = epochs;
    // A training that is gone on with repeats what it has told since its checkpoint.
    network.points = network.points.filter((point) => point.epoch < epoch);
    const point = pointOf(line, epoch);
    const isWhole = line.stage === 'epoch';
    if (isWhole) network.points.push(point);
    const share = isWhole ? 1 : shareOf(line);
    const isNew = this.now?.network !== name;
    const before = isNew || this.now === null ? 0 : this.now.epoch - 1 + this.now.share;
    this.pace.add(numberOf(line, 'time'), epoch - 1 + share - before);
    this.now = { ...point, network: name, epochs, share };
  }

  private networkOf(name: string): Network | undefined {
    const found = this.networks.find((network) => network.name === name);
    if (found || this.networks.length >= mostNetworks) return found;
    const network = { name, epochs: 0, points: [] };
    this.networks.push(network);
    return network;
  }

  /** Epochs of all networks that are still to come; those after the inner one run as long as it did at most. */
  private epochsLeft(now: TrainingNow, at: number): number {
    const later = this.networks.length - at - 1;
    return now.epochs - (now.epoch - 1 + now.share) + later * now.epochs;
  }
}

/** Seconds an epoch, over what this process has done. */
class Pace {
  private last: number | undefined;
  private seconds = 0;
  private epochs = 0;

  /** A new process: what it does first is no epoch. */
  pause(): void {
    this.last = undefined;
  }

  add(time: number | undefined, epochs: number): void {
    if (time === undefined) return;
    const passed = this.last === undefined ? 0 : time - this.last;
    // What has brought nothing yet is part of what comes.
    if (this.last !== undefined && passed >= 0 && epochs === 0) return;
    // The first line of a process says when it began, and a step back is what is done again.
    if (this.last !== undefined && passed >= 0 && passed < longestPause && epochs > 0) {
      this.seconds += passed;
      this.epochs += epochs;
    }
    this.last = time;
  }

  secondsFor(epochs: number): number | null {
    return this.epochs === 0 ? null : (this.seconds / this.epochs) * epochs;
  }
}

/** How much of its epoch is done: `step` of `steps` (`loop.py`). */
function shareOf(line: TrainingLine): number {
  const [step, steps] = [numberOf(line, 'step') ?? 0, numberOf(line, 'steps') ?? 1];
  return Math.min(1, Math.max(0, step / Math.max(1, steps)));
}

function pointOf(line: TrainingLine, epoch: number): EpochPoint {
  const number = (name: string): number | null => numberOf(line, name) ?? null;
  return {
    epoch,
    loss: number('loss'),
    heldLoss: number('held_loss'),
    heldAuroc: number('held_auroc'),
    learningRate: number('learning_rate'),
    imagesPerSecond: number('images_per_s'),
    memory: number('memory'),
    gpuUse: number('gpu_use'),
  };
}
