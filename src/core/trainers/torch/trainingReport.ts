/** Where a training by PyTorch stands, as a page draws it. Types alone. */

/** One epoch of one network; null for what was not told. */
export interface EpochPoint {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the training images. */
  readonly loss: number | null;
  /** Log loss of the images that are held out. */
  readonly heldLoss: number | null;
  /** Macro average, of the images that are held out. */
  readonly heldAuroc: number | null;
  /** That of the last layer, at the epoch's end. */
  readonly learningRate: number | null;
  readonly imagesPerSecond: number | null;
  /** The most memory of the GPU so far, bytes. */
  readonly memory: number | null;
  /** Per cent, of the first process's GPU. */
  readonly gpuUse: number | null;
}

/** `inner`: without the inner fold; `fold-3`: without fold 3; `final`: on all training images. */
export interface TrainedNetwork {
  readonly name: string;
  /** How many are planned; one that stops early has fewer. */
  readonly epochs: number;
  /** Whole epochs, rising. */
  readonly points: readonly EpochPoint[];
  readonly state: 'waits' | 'trains' | 'done';
}

/** What was told last of the network that trains. */
export interface TrainingNow extends EpochPoint {
  readonly network: string;
  readonly epochs: number;
  /** The share of the epoch that is done, 0 to 1. */
  readonly share: number;
}

export interface TrainingDevice {
  readonly name: string;
  readonly processes: number;
  /** Of the GPU, bytes; null on a processor. */
  readonly memory: number | null;
}

/**
 * `images`: nothing of Python's is there yet; `starts`: the network as it is gives its features, the last layer is
 * fitted, one batch is tried; `done`, `fault`, `cancelled`: how it ended.
 */
export type TrainingStage = 'images' | 'starts' | 'trains' | 'predicts' | 'done' | 'fault' | 'cancelled';

export interface TrainingReport {
  readonly stage: TrainingStage;
  readonly device: TrainingDevice | null;
  /** In the order in which they are trained. */
  readonly networks: readonly TrainedNetwork[];
  readonly now: TrainingNow | null;
  /** How often it was gone on with. */
  readonly resumed: number;
  /** At the pace so far, at most; null before that is known, and where nothing trains. */
  readonly secondsLeft: number | null;
  /** What ended it, as Python says it. */
  readonly fault: string | null;
}
