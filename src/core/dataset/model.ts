/** The dataset as every other part sees it: types, which pages and the extension host name too, and their words. */

export type Split = 'train' | 'validation' | 'test';
export const splits = ['train', 'validation', 'test'] as const satisfies readonly Split[];

/** multi-class: one finding named `class`, one of its values per image. multi-label: several findings. */
export type Task = 'multi-class' | 'multi-label';

/** The one finding of a multi-class dataset. */
export const classFinding = 'class';

/** What a value of a multi-label finding means to training, label quality and metrics. */
export type Meaning = 'positive' | 'negative' | 'masked';

/**
 * One finding and the values that it can take.
 * multi-class: `name` is `class` and `values` are the class names, in the order of the model's outputs; a label
 * may be `uncertain` beside them.
 * multi-label: `values` is `['0', '1', 'uncertain']` and `uncertain`, `unmentioned` say how these two are
 * treated (CheXpert: unmentioned → negative, uncertain → masked).
 */
export interface Finding {
  readonly name: string;
  readonly values: readonly string[];
  readonly uncertain: Meaning;
  readonly unmentioned: Meaning;
}

/** A label value: a class name, or `1`, `0`; `uncertain`; null is unmentioned (multi-label) or unlabelled. */
export type LabelValue = string | null;

/** What one reader says of an image, in a table that has rows for each reader (`labels.rows: readings`). */
export interface TableReading {
  readonly reader: string;
  /** One per finding, in the order of `Dataset.findings`; null: the reader says nothing of it. */
  readonly labels: readonly LabelValue[];
}

/** One image of the table. */
export interface Sample {
  /** The identity: the configured id column, else the path as written, POSIX separators, NFC. */
  readonly id: string;
  /** The path as written in the table, POSIX separators, NFC; relative to the image root unless absolute. */
  readonly path: string;
  /** 1-based line in the table, for messages. */
  readonly row: number;
  /** The patient. Where no group column is configured, the sample is its own group. */
  readonly group: string;
  readonly study: string | null;
  /**
   * The given labels, one per finding, in the order of `Dataset.findings`. Where the table holds readings: what more
   * readers say than anything else.
   */
  readonly given: readonly LabelValue[];
  /** Only where the table holds readings; in the order of its rows. */
  readonly readings?: readonly TableReading[];
  /** From the table's own split column, else null. */
  readonly givenSplit: Split | null;
  /** Every other column of the table as text; empty cells are absent. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A table that was read and found sound, sample by sample in the order of its rows. */
export interface Dataset {
  readonly task: Task;
  readonly findings: readonly Finding[];
  readonly samples: readonly Sample[];
  readonly metadataColumns: readonly string[];
}

/** Frozen split and folds, aligned with `Dataset.samples`. */
export interface SplitAssignment {
  readonly split: readonly Split[];
  /** Cross-validation fold 0 … K-1 of each sample, by patient; -1 outside the training part. */
  readonly fold: Int32Array;
  readonly folds: number;
}
