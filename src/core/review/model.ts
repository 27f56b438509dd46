/** What reviewers see: items, queues, queries. Types, and the list of the queues. */
import type { Plural } from '../base/counted';
import type { ItemFinding } from '../checks/model';
import type { LabelValue, Split } from '../dataset/model';
import type { LabelSource } from '../labels/model';

/** A queue as views list it: a row of the table in `queues.ts`, without what only the catalog needs. */
export interface QueueInfo {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  /** A codicon. */
  readonly icon: string;
  /** How many there are, in words that name the unit: `{n} images with errors`. */
  readonly counted: Plural;
  /** The id of a score. */
  readonly sort: string;
  readonly descending: boolean;
  readonly needsRun: boolean;
  /** To be in it gives away that the model contradicts the label. */
  readonly contradicts: boolean;
  /** Everything: no work list. */
  readonly isAll: boolean;
}

/** How a person reads a score; `order` is a place, which is not shown. */
export type ScoreFormat = 'decimal' | 'percent' | 'order';

/** An order that a list may have: a row of the table in `scores.ts`. */
export interface SortInfo {
  readonly id: string;
  readonly title: string;
  /** Which end is looked at first. */
  readonly descending: boolean;
  /** It says nothing of the model and of labels. */
  readonly neutral: boolean;
}

/** A score of one item, for the details. */
export interface ItemScore {
  readonly id: string;
  readonly title: string;
  readonly format: ScoreFormat;
  readonly value: number;
}

/** One question to the catalog. Empty lists and absent fields do not filter. */
export interface ItemQuery {
  /** The id of a queue. */
  readonly queue: string;
  /** multi-label: the finding looked at; absent: all findings. */
  readonly finding?: string;
  readonly splits: readonly Split[];
  readonly given?: readonly string[];
  readonly predicted?: readonly string[];
  /** Samples to restrict to (a selection made in the explorer). */
  readonly samples?: readonly string[];
  /** The batch of edits whose items are looked at. */
  readonly batch?: string;
  /** The offer whose labels are looked at (`overread suspects --next`), blind until each is answered. */
  readonly offer?: string;
  /** One SQL expression over the columns listed in docs/data-formats.md. */
  readonly where?: string;
  /** The id of a score. */
  readonly sort: string;
  readonly descending: boolean;
  /** multi-label: a place of the list is an image with the findings that were found in it; else an item. */
  readonly by?: 'image';
}

/** A finding that too few patients have to tell right from wrong by it. */
export interface RareFinding {
  readonly finding: string;
  /** Patients of the training part who have it, by the labels as they are now. */
  readonly positivePatients: number;
}

/** The key of a review item: sample and finding, joined so that it can be a map key and a DOM id. */
export type ItemKey = string;

/** One tile. */
export interface ReviewItem {
  readonly key: ItemKey;
  readonly sample: string;
  readonly finding: string;
  /** Nothing of it may be known yet but its picture: the fields below say nothing. */
  readonly hidden: boolean;
  /** Empty where it is hidden. */
  readonly path: string;
  /** null where it is hidden. */
  readonly split: Split | null;
  readonly group: string;
  /** The table's own label. */
  readonly given: LabelValue;
  /** The effective label now; null: unlabelled, unmentioned or masked by dispute. */
  readonly value: LabelValue;
  /** With `uncertain`: the label that it stands in place of. Absent with any other value. */
  readonly previous?: LabelValue;
  readonly source: LabelSource;
  /** null without a run. */
  readonly predicted: string | null;
  /** What the label is suspected to be instead; absent where it is not suspected. */
  readonly suggested?: string;
  /** What the last check found of it and nobody has settled, the gravest first; absent where that is nothing. */
  readonly checks?: readonly ItemFinding[];
  /** Confidence in `predicted`, in [0, 1]. */
  readonly confidence: number | null;
  /** Probability of the finding (multi-label) or of the predicted class. */
  readonly p: number | null;
  readonly threshold: number | null;
  /** Cross entropy of the effective label now, nats. */
  readonly loss: number | null;
  readonly outOfFold: boolean;
  /** The model was trained on this image: what it gets wrong here is in no queue of errors. */
  readonly seen: boolean;
  /** The prediction contradicts the effective label now. */
  readonly wrong: boolean;
  readonly edited: boolean;
  readonly kept: boolean;
  readonly excluded: boolean;
  readonly disputed: boolean;
  /** Its finding has too few positive patients to tell right from wrong. */
  readonly tooRare: boolean;
  /**
   * Only where this stands for a whole image: the findings that its list is about, the worst first. Its own `finding` is
   * empty then, and what is said of one finding (label, prediction, marks) says nothing.
   */
  readonly findings?: readonly ReviewItem[];
}

/** Items that a change left in the same state. */
export interface ChangedTo {
  readonly value: LabelValue;
  /** Of a single item. */
  readonly previous?: LabelValue;
  readonly excluded: boolean;
  readonly kept: boolean;
  readonly count: number;
}

/** What an answer, undo or redo did to how many items: enough to say it, and to show them again. */
export interface LabelChange {
  readonly op: 'edit' | 'undo' | 'redo';
  /** Review items. */
  readonly count: number;
  /** The path of a single item. */
  readonly path: string | null;
  /** The most frequent first. */
  readonly to: readonly ChangedTo[];
  /** Lists exactly the items that were changed. */
  readonly query: ItemQuery;
}

/** How many review items each queue holds, by its id; null where the reading is blind and the number would tell. */
export type QueueCounts = Readonly<Record<string, number | null>>;

/** split → class (or finding) with counts, for the Dataset tree; `uncertain` in place of a class; name `''`: images without one. */
export interface DatasetGroup {
  readonly split: Split;
  readonly name: string;
  readonly samples: number;
  readonly errors: number;
  readonly edits: number;
}

/** [label][predicted] counts over the query's items, without its queue, given and predicted filters: the agreements too. */
export interface ConfusionCounts {
  readonly labels: readonly string[];
  readonly predicted: readonly string[];
  readonly counts: readonly (readonly number[])[];
}
