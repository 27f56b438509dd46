/** What a catalog and the process of its filters tell each other. One filter at a time; types only. */
import type { ErrorReport } from '../base/report';
import type { FilterNames, FilterSchema, ItemChanges, ItemNumbers, SampleColumn } from './filterSource';
import type { FilterLimits } from './filterLimits';
import type { Selection } from './filterTables';

/** A filter, the names behind codes, and what changed since the last one. */
export interface FilterRequest {
  readonly where: string;
  readonly names: FilterNames;
  readonly changes: ItemChanges | null;
}

export type ToFilters =
  | { readonly kind: 'open'; readonly schema: FilterSchema; readonly limits: FilterLimits }
  | { readonly kind: 'select'; readonly request: FilterRequest }
  | { readonly kind: 'samples'; readonly name: string; readonly column: SampleColumn }
  | { readonly kind: 'items'; readonly raw: string; readonly numbers: ItemNumbers };

export type FromFilters =
  /** Columns that the filter names and the process lacks. */
  | { readonly kind: 'wantSamples'; readonly name: string }
  | { readonly kind: 'wantItems'; readonly raw: string }
  /** The tables are ready; the filter itself runs. */
  | { readonly kind: 'running' }
  | { readonly kind: 'selected'; readonly selection: Selection }
  /** `report` is null for a defect. */
  | { readonly kind: 'failed'; readonly report: ErrorReport | null; readonly message: string };
