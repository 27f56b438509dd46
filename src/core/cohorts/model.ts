/** Cohorts: where a model errs more than elsewhere. Types, which pages and reports name too, and their limits. */
import type { Split } from '../dataset/model';
import type { Estimate } from '../evaluation/model';

/** A cohort with fewer patients has no figures: what they would say is chance. */
export const fewestPatients = 10;

/** A label and what the model called it instead. */
export interface ErrorType {
  /** Its finding; `class` in a multi-class project. */
  readonly finding: string;
  readonly label: string;
  readonly predicted: string;
}

/** How often something goes wrong inside a cohort and outside it, and whether that is more than chance. */
export interface RateTest {
  /** Items that can go wrong so, inside; and those that did. */
  readonly items: number;
  readonly errors: number;
  /** errors / items with the 95 % interval by patient; null without items. */
  readonly rate: Estimate;
  /** The same of the items outside. */
  readonly rest: number | null;
  /** rate / rest; null where nothing goes wrong outside. */
  readonly lift: number | null;
  /** Two-sided score test by patient; null where it cannot be made. */
  readonly p: number | null;
  /** p after Benjamini and Hochberg, over all tests of the report. */
  readonly q: number | null;
}

/** Figures of a cohort's images; intervals as everywhere. */
export interface CohortFigures {
  readonly accuracy: Estimate;
  readonly auroc_macro: Estimate;
  readonly outputs: readonly {
    readonly name: string;
    readonly positives: number;
    readonly auroc: Estimate;
    readonly sensitivity: Estimate;
    readonly specificity: Estimate;
  }[];
}

/** The images with one value, or one band of values, of a column. */
export interface Cohort {
  readonly name: string;
  /** The filter that selects them, in the part that was measured. */
  readonly where: string;
  readonly images: number;
  readonly patients: number;
  /** Below `fewestPatients`: counted, without figures or tests. */
  readonly too_small: boolean;
  /** Any error. */
  readonly errors: RateTest;
  /** The commonest kinds of error, each among the items with its label. */
  readonly types: readonly (ErrorType & { readonly where: string } & RateTest)[];
  readonly figures: CohortFigures | null;
}

/** A column of the table and the cohorts that it makes. */
export interface CohortColumn {
  readonly column: string;
  /** How values were put into bands where that was guessed; null where each value is a cohort. */
  readonly note: string | null;
  /** Images whose cell is empty: in no cohort. */
  readonly empty: number;
  readonly cohorts: readonly Cohort[];
}

/** A slice that was searched for out of fold and tested on the validation part. */
export interface FoundSlice {
  /** Conditions as a person reads them, or `images like SAMPLE`. */
  readonly name: string;
  readonly kind: 'metadata' | 'features';
  readonly where: string;
  readonly found: SliceRate;
  /** On images that took no part in the search. */
  readonly tested: SliceRate;
  readonly p: number | null;
  readonly q: number | null;
  /** q below 0.05, and more errors than elsewhere: the slice is there. null: too few patients to say. */
  readonly holds: boolean | null;
}

/** Errors of a slice in one part. */
export interface SliceRate {
  readonly items: number;
  readonly patients: number;
  readonly errors: number;
  readonly rate: number | null;
  /** Of the whole part. */
  readonly overall: number | null;
  /** rate / overall. */
  readonly lift: number | null;
}

/** What `overread cohorts --json` prints. */
export interface CohortReport {
  readonly run: string;
  readonly part: Split;
  readonly images: number;
  readonly patients: number;
  readonly items: number;
  readonly errors: number;
  readonly fewest_patients: number;
  readonly columns: readonly CohortColumn[];
  /** Columns that make no cohorts, and why. */
  readonly left_out: readonly { readonly column: string; readonly why: string }[];
  readonly types: readonly (ErrorType & { readonly errors: number; readonly where: string })[];
  readonly found: {
    readonly slices: readonly FoundSlice[];
    /** Why images were not grouped by how they look; null where they were. */
    readonly without_features: string | null;
  };
}
