/** The seam for trainers: what one is asked, and what it gives. Types only. */
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import type { PredictionColumns } from '../evaluation/model';
import type { Device } from '../onnx/model';
import type { Project } from '../project/project';
import type { FitProblem } from '../training/fitHead';
import type { HeadFit } from '../training/model';
import type { Ability, ModelNetwork } from './model';

/** A file that belongs to the model: it is kept in the run's folder. */
export interface ModelFile {
  /** A plain name, none of the run's own. */
  readonly name: string;
  readonly content: Uint8Array | string;
}

/** What a trainer gives; everything else of a run (figures, errors, the folder) follows from it. */
export interface TrainedModel {
  /** Of every sample of the project, in the order of its table. */
  readonly predictions: PredictionColumns;
  /** Class names, or finding names: the project's own, in its order. */
  readonly outputs: readonly string[];
  /**
   * Heat maps: true where `network` is known and `files` hold the last layer (`head.safetensors`) that is explained.
   */
  readonly explainable?: Ability;
  /** `model.onnx`: the same. */
  readonly exportable?: Ability;
  readonly comparable?: Ability;
  readonly refittable?: Ability;
  /** Nothing of the project trained it: the figures of all parts as one are wanted too, and the look at test is counted. */
  readonly measuredWhole?: boolean;
  readonly files: readonly ModelFile[];
  /** Called when the run is on disk: what the trainer has kept until then, to be able to go on, may go. */
  readonly onWritten?: () => Promise<void>;
  /** null where the project knows none. */
  readonly network: ModelNetwork | null;
  /** What only this trainer has, as run.json keeps it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What a run is called that nobody named. */
  readonly usualName: string;
  /** Content hash of each sample's image; empty where it was not read. */
  readonly contentHashes: readonly string[];
  readonly problems: readonly Problem[];
  readonly timings: {
    readonly features_s: number;
    /** Images whose features came from the cache. */
    readonly cached: number;
    readonly train_s: number;
  };
}

/** What the process around a trainer has to offer. */
export interface TrainWork extends WorkOptions {
  readonly device: Device;
  /** The user's cache. */
  readonly cacheDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The built program of the inference thread. */
  readonly inferenceProgram?: string | undefined;
  /** Fits the last layer: `fitHead`, or what gives the same. */
  readonly fit?: ((problem: FitProblem) => Promise<HeadFit>) | undefined;
}

/** Something that makes a model of a project. It writes nothing into the project: whoever asked writes the run. */
export interface Trainer<Request> {
  /** As run.json names it; a plain word. */
  readonly name: string;
  /** The command that it is asked by: a look at the test part names it. */
  readonly command: string;
  /** Whether it learns from the labels; then a project with nothing to learn from is refused before. */
  readonly learns: boolean;
  /** @throws OverreadError when there is no model; OVR002 cancelled */
  train(project: Project, request: Request, work: TrainWork): Promise<TrainedModel>;
}
