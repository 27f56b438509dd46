/** A run folder as data. Types only. */
import type { ShownMetrics } from '../evaluation/model';
import type { Problem } from '../base/report';
import type { Preprocessing } from '../images/model';
import type { RunCounts } from '../project/model';

export interface RunTimings {
  readonly features_s: number;
  /** Images whose features came from the cache. */
  readonly cached: number;
  readonly train_s: number;
  /** Up to the ranked errors, without the intervals. */
  readonly total_s: number;
  /** null until the intervals are computed. */
  readonly intervals_s: number | null;
}

/** `run.json`, contract 1. */
export interface RunRecord {
  readonly contract: 1;
  /** The folder's name: `<UTC time without colons>-<name>`. */
  readonly run: string;
  readonly name: string;
  readonly created: string;
  readonly architecture: string;
  readonly weights: {
    readonly name: string;
    readonly sha256: string;
    readonly source: string;
    readonly trained_on: string | null;
    /** Block after which the network was cut; null or absent: whole. */
    readonly truncate?: string | null;
    /** How images became its input; absent in runs made before it was recorded. */
    readonly preprocessing?: Preprocessing;
  };
  readonly device: { readonly name: string; readonly reason: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly config: unknown;
  /** SHA-256 over sample ids, content hashes, effective labels, splits and folds. */
  readonly data_fingerprint: string;
  readonly labels_as_of: string;
  readonly task: 'multi-class' | 'multi-label';
  readonly outputs: readonly string[];
  readonly C: readonly number[];
  readonly thresholds: readonly number[];
  readonly counts: RunCounts;
  readonly timings: RunTimings;
  readonly test_looks: number;
  readonly problems: readonly Problem[];
}

/** What `overread finetune --json` prints. */
export interface FinetuneResult {
  readonly run: string;
  readonly dir: string;
  readonly architecture: string;
  readonly weights: string;
  /** The weights are random: they were trained on nothing. */
  readonly random_weights: boolean;
  readonly device: string;
  readonly counts: RunCounts;
  readonly metrics: ShownMetrics;
  readonly timings: RunTimings;
  readonly problems: readonly Problem[];
}
