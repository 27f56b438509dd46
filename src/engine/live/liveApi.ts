/** What the engine asks of the process that holds features. Types only. */
import type { FinetuneEnd, FinetuneRequest } from '../../protocol/engineApi';
import type { RunPlace } from '../runPlace';

/** Whose labels are followed, and from which run: its network's features and its C are taken. */
export type LivePlace = RunPlace;

/** Predictions by the labels that were sent, in the order of the samples. */
export interface LiveAnswer {
  /** Row-major samples × outputs, NaN where there are no features. */
  readonly probabilities: Float64Array;
  readonly outOfFold: Uint8Array;
  readonly thresholds: readonly number[];
  /** Of the fit alone. */
  readonly ms: number;
}

export interface LiveEvents {
  /** A fine-tuning goes on: `line` is for whoever reads along; from `ranked` on the run is on disk. */
  finetuning: { readonly line: string; readonly ranked: boolean };
}

export interface LiveMethods {
  /**
   * Reads the features and fits from nothing.
   * @param y class of each sample, or 1 and 0 of each item; -1 for none
   * @throws OVR804 the run cannot be refitted, or its features are not in the cache; OVR700, OVR207, OVR701 nothing can be
   * fitted; OVR803 the table is another
   */
  openProject(place: LivePlace, y: Int32Array): Promise<LiveAnswer>;
  /** Goes on by these labels. @throws OVR700, OVR207, OVR701; the fit before still stands then */
  relabel(y: Int32Array): Promise<LiveAnswer>;
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
  /** Loads what a fine-tuning needs, ahead of it. */
  warm(): Promise<void>;
}
