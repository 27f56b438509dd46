/** A run folder as data. Types only. */
import type { ShownMetrics } from '../evaluation/model';
import type { Problem } from '../base/report';
import type { Split } from '../dataset/model';
import type { Precision } from '../networks/model';
import type { RunCounts } from '../project/model';
import type { Abilities, ModelNetwork } from '../trainers/model';

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

/** Of one part of the split: samples with a prediction, and those among them that the model was trained on itself. */
export interface SeenCounts {
  readonly predicted: number;
  /** Their predictions are not out of fold: they count for no figure and no error. */
  readonly seen: number;
}

/** `run.json`, contract 2; what was written under contract 1 is read as this. */
export interface RunRecord {
  readonly contract: 2;
  /** The folder's name: `<UTC time without colons>-<name>`. */
  readonly run: string;
  readonly name: string;
  readonly created: string;
  /** Who made the model, with what only that trainer has: `C` of `last-layer`. */
  readonly trainer: { readonly name: string; readonly settings: Readonly<Record<string, unknown>> };
  /** The network behind the model; null where the project knows none. */
  readonly network: ModelNetwork | null;
  readonly can: Abilities;
  /** Files of the model in the run's folder, beside the run's own. */
  readonly files: readonly string[];
  readonly seen: Readonly<Record<Split, SeenCounts>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly config: unknown;
  /** SHA-256 over sample ids, content hashes, effective labels, splits and folds. */
  readonly data_fingerprint: string;
  readonly labels_as_of: string;
  readonly task: 'multi-class' | 'multi-label';
  readonly outputs: readonly string[];
  readonly thresholds: readonly number[];
  readonly counts: RunCounts;
  readonly timings: RunTimings;
  readonly test_looks: number;
  readonly problems: readonly Problem[];
}

/** What `overread finetune --json` and `overread runs import --json` print. */
export interface RunResult {
  readonly run: string;
  readonly dir: string;
  readonly trainer: string;
  /** null where the project knows no network of the model; so are `weights`, `device` and `precision`. */
  readonly architecture: string | null;
  readonly weights: string | null;
  /** The weights are random: they were trained on nothing. */
  readonly random_weights: boolean;
  readonly device: string | null;
  /** In which the features were computed. */
  readonly precision: Precision | null;
  readonly counts: RunCounts;
  readonly metrics: ShownMetrics;
  readonly timings: RunTimings;
  readonly problems: readonly Problem[];
}
