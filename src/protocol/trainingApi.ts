/** What the page of a training may ask of the extension host, and what it is sent. Types and the checked parser of its messages. */
import type { JobState } from '../core/jobs/model';
import type {
  EpochPoint,
  TrainedNetwork,
  TrainingNow,
  TrainingReport,
} from '../core/trainers/torch/trainingReport';
import type { WatchedTraining } from './engineApi';
import { RejectedRequest } from './gridRequests';

export type { EpochPoint, JobState, TrainedNetwork, TrainingNow, TrainingReport, WatchedTraining };

export interface TrainingStart {
  /** The project's folder: with the job, what a restored panel is found again by. */
  readonly root: string;
  /** What the project is called. */
  readonly name: string;
  readonly watched: WatchedTraining;
  /** Whether the training may be stopped from here. */
  readonly trusted: boolean;
  /** BCP 47, for numbers and dates. */
  readonly language: string;
}

export interface TrainingMethods {
  ready(): Promise<TrainingStart>;
  /** Ends the job, in order or after a grace by force. */
  stop(): Promise<WatchedTraining>;
  /** Opens the run that the training made. */
  showRun(): Promise<void>;
  log(message: string): Promise<void>;
}

export interface TrainingEvents {
  /** It has told more, or has ended. */
  moved: WatchedTraining;
}

/** What the page saves with the editor: enough to find the job after a reload. */
export interface TrainingPageState {
  readonly v: 1;
  readonly root: string;
  readonly job: string;
}

/** The saved state, or undefined where it is none of this version. */
export function parseTrainingState(value: unknown): TrainingPageState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, root, job } = value as Readonly<Record<string, unknown>>;
  if (v !== 1 || typeof root !== 'string' || typeof job !== 'string') return undefined;
  return { v, root, job };
}

/** The methods to serve to the page, which names nothing but its own training. */
export function checkedTrainingMethods(handlers: TrainingMethods): TrainingMethods {
  return {
    ready: async () => handlers.ready(),
    stop: async () => handlers.stop(),
    showRun: async () => handlers.showRun(),
    log: async (message: unknown) => {
      if (typeof message !== 'string') throw new RejectedRequest('no usable message', 'text');
      return handlers.log(message.slice(0, 2_000));
    },
  };
}
