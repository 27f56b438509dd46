/** What the engine asks of the process that holds features. Types only. */
import type { FinetuneEnd, FinetuneRequest } from '../../protocol/engineApi';
import type { RunPlace } from '../runPlace';

/** Whose labels are followed, and from which run: its network's features and its C are taken. */
export type LivePlace = RunPlace;

/** What came of a fit. */
export interface LiveFitted {
  readonly thresholds: readonly number[];
  /** Of the fit alone. */
  readonly ms: number;
}

/** Predictions of some samples, in their order. */
export interface LivePart {
  /** Row-major samples × outputs, NaN where there are no features. */
  readonly probabilities: Float64Array;
  readonly outOfFold: Uint8Array;
}

export interface LiveEvents {
  /** A fine-tuning goes on: `line` is for whoever reads along; from `ranked` on the run is on disk. */
  finetuning: { readonly line: string; readonly ranked: boolean };
}

export interface LiveMethods {
  /**
   * Reads the features; no item has a label then, and what was fitted is forgotten.
   * @throws OVR804 the run cannot be refitted, or its features are not in the cache; OVR803 the table is another
   */
  openProject(place: LivePlace): Promise<void>;
  /**
   * Labels some items, for the next fit. In parts: a message of millions would keep whoever sends it.
   * @param from the first of them
   * @param y class of each sample, or 1 and 0 of each item; -1 for none
   */
  label(from: number, y: Int32Array): Promise<void>;
  /**
   * Fits by the labels as they are now: from nothing the first time, else on from the last solution.
   * @throws OVR700, OVR207, OVR701 nothing can be fitted; the fit before still stands then
   */
  fit(): Promise<LiveFitted>;
  /** What the last fit predicts of the samples from one to another, the end left out. */
  predicted(from: number, to: number): Promise<LivePart>;
  /**
   * Makes the run that `overread finetune` makes. @param mostMissing images whose features may be absent from the cache
   * @returns `left` where there are more of them; rejects with what kept the run from being made
   */
  finetune(
    place: Pick<LivePlace, 'root' | 'policy'>,
    request: FinetuneRequest,
    mostMissing: number,
  ): Promise<FinetuneEnd>;
  cancelFinetune(): Promise<void>;
  /** Fits by the labels as they are on disk, ahead of a fine-tuning, which then makes a run of it. */
  warm(place: LivePlace, device: FinetuneRequest['device']): Promise<void>;
}
