/** What is wrong, or doubtful, with the data of a project. Types only. */
import type { ErrorPlace, Problem } from '../base/report';

/** What kind of fault it is; a kind never gets a second meaning. */
export type CheckKind =
  | 'settings'
  | 'table'
  | 'labels'
  | 'patients'
  | 'split'
  | 'leak'
  | 'class-absent'
  | 'column'
  | 'image-missing'
  | 'image-ambiguous'
  | 'image-unreadable'
  | 'exact-duplicate'
  | 'near-duplicate'
  | 'outlier'
  | 'off-topic'
  | 'blank'
  | 'low-contrast'
  | 'inverted'
  | 'cropped'
  | 'tiny'
  | 'backbone'
  | 'contradiction'
  | 'format'
  | 'metadata'
  | 'other';

/**
 * A way out. `command` is a command line, where one does it: DIR stands for the project, SAMPLES for all that the finding is
 * about, FIRST for the first of them; SAMPLE, VALUE and WHY are a person's to say.
 */
export interface CheckFix {
  readonly title: string;
  readonly command?: string;
}

/** One finding of a check. */
export interface Check {
  readonly code: string;
  readonly kind: CheckKind;
  /** An error makes `overread check` end with 1. */
  readonly severity: Problem['severity'];
  /** The ids of the samples that it is about, all of them; none where it is about the whole. */
  readonly samples: readonly string[];
  /** The project's finding (multi-class: `class`) whose labels it is about; absent: the whole image, or all of them. */
  readonly finding?: string;
  /** How sure it is, 0 to 1; null where that is no question. */
  readonly score: number | null;
  readonly message: string;
  readonly fixes: readonly CheckFix[];
  readonly place?: ErrorPlace;
}

/** A finding as a tile tells of it. */
export interface ItemFinding extends Pick<Check, 'code' | 'kind' | 'severity' | 'message'> {
  /** Its kind for people. */
  readonly title: string;
}
