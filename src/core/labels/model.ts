/** Label events and what they add up to. Types only. */
import type { LabelValue } from '../dataset/model';

export type LabelOp = 'set' | 'keep' | 'exclude' | 'include' | 'undo' | 'redo';
export type Role = 'reader' | 'adjudicator';

/** What the reviewer was shown when the event was made: for bias analysis. */
export interface Shown {
  readonly queue?: string;
  readonly rank?: number;
  readonly score?: number;
  readonly suggestion?: string;
  readonly blind?: boolean;
  /** The order, and what the model said, came of a live refit: earlier answers of the session shaped it. */
  readonly live?: boolean;
  /** The probability with which the item came into what was offered. */
  readonly propensity?: number;
  /** The batch of items that were offered together (`overread suspects --next`). */
  readonly offer?: string;
}

/** One line of `labels/<annotator-slug>.jsonl` (docs/data-formats.md, "Label events"). */
export interface LabelEvent {
  readonly v: 1;
  /** ULID; ids of one annotator rise. */
  readonly id: string;
  /** ULID shared by the events of one edit: one write, one fsync, one undo. */
  readonly batch: string;
  /** UTC, ISO 8601 with milliseconds. */
  readonly time: string;
  readonly annotator: string;
  readonly role: Role;
  readonly op: LabelOp;
  readonly sample: string;
  /** Absent for an exclude or include of the whole sample. */
  readonly finding?: string;
  readonly value?: LabelValue;
  readonly previous?: LabelValue;
  /** undo and redo: the batch that is taken back or brought back. */
  readonly target?: string;
  readonly reason?: string;
  readonly run?: string;
  readonly shown?: Shown;
  /** Milliseconds from showing to answer. */
  readonly ms?: number;
}

/** What one edit asks for; the log adds ids, time and the previous value. */
export interface LabelEdit {
  readonly op: 'set' | 'keep' | 'exclude' | 'include';
  readonly sample: string;
  readonly finding?: string;
  readonly value?: LabelValue;
  readonly reason?: string;
  readonly run?: string;
  readonly shown?: Shown;
  readonly ms?: number;
}

/** One answer of a reader; what it means for an item is defined in `answers.ts`, for the page and the command line. */
export interface Answer {
  readonly op: 'set' | 'accept' | 'keep' | 'uncertain' | 'exclude' | 'include';
  /** `set` only. */
  readonly value?: LabelValue;
  readonly reason?: string;
  /** Milliseconds from showing to answer. */
  readonly ms?: number;
}

/** What an answer is about: a review item, or without a finding the whole sample. */
export interface AnswerTarget {
  readonly sample: string;
  readonly finding?: string;
  /** What the model says of it; null or absent: nothing. */
  readonly predicted?: string | null;
  readonly shown?: Shown;
}

/** Who edits. */
export interface Annotator {
  readonly name: string;
  readonly role: Role;
}

/** Where an effective label comes from. */
export type LabelSource = 'given' | 'reading' | 'adjudication' | 'disputed';

/** One annotator's standing answer on one review item. */
export interface Reading {
  readonly annotator: string;
  readonly role: Role;
  readonly op: 'set' | 'keep';
  readonly value: LabelValue;
  /** What stood before the answer; for one that was confirmed, before it was first given. */
  readonly previous?: LabelValue;
  /** Absent, as `event`, for a reading in the table. */
  readonly time?: string;
  readonly event?: string;
  readonly reason?: string;
}

/**
 * The effective label of one review item (sample, finding): the latest adjudication, else the readings if
 * they agree, else disputed (policy `labels.disputed`), else the given label.
 */
export interface EffectiveLabel {
  /** What training and metrics use. null: unlabelled or unmentioned; a disputed item under `exclude` is null and masked. */
  readonly value: LabelValue;
  readonly given: LabelValue;
  readonly source: LabelSource;
  /** True when a reader or adjudicator kept the value that now stands. */
  readonly kept: boolean;
  /** The item, or its whole sample, is excluded. */
  readonly excluded: boolean;
  /** Not to be trained or measured on: excluded, or disputed under the policy `exclude`. */
  readonly masked: boolean;
  readonly readings: readonly Reading[];
  /**
   * Who, when and why of the value that stands; absent for the given label. Where only readings in the table decide:
   * all who say so, with `; ` between them, and no time.
   */
  readonly last?: {
    readonly annotator: string;
    readonly time?: string;
    readonly reason?: string;
    readonly event?: string;
  };
}

/** What to do with an item on which readers disagree. */
export type DisputedPolicy = 'exclude' | 'majority' | 'given';

/**
 * Targets for training and metrics, aligned with `Dataset.samples`.
 * multi-class: `y[i]` is the class index, -1 masked or unlabelled. multi-label: row-major N × findings of
 * 1, 0, -1 (masked).
 */
export interface Targets {
  readonly task: 'multi-class' | 'multi-label';
  /** Class names, or finding names: the model's outputs in order. */
  readonly outputs: readonly string[];
  readonly y: Int32Array;
}

/** A moment in the log: everything up to and including this (time, id). */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly id: string;
}

/** How the events of a project are taken. */
export interface LabelRules {
  readonly disputed: DisputedPolicy;
  /** `labels.unit` of overread.yaml: what one edit applies to. Default: the image. */
  readonly unit?: 'image' | 'study';
  /** The value that an event's text stands for where the finding does not list it (`labels.values`); undefined: none. */
  readonly renamed?: (finding: string, text: string) => LabelValue | undefined;
  /** Only what had happened until then, by the events' own times. Default: everything. */
  readonly asOf?: Moment;
}

/** Data while they are put together, field by field. */
export type Written<T> = { -readonly [K in keyof T]: T[K] };
