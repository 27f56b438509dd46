/** What the page of cohorts may ask of the extension host. Types and the checked parser of its messages. */
import type { Cohort, CohortColumn, CohortReport, FoundSlice } from '../core/cohorts/model';
import type { ShortcutReport } from '../core/cohorts/shortcuts/model';
import type { CorrectionReport, PartCorrections } from '../core/corrections/model';
import type { FigureDifference, PartDifference } from '../core/evaluation/runDifference';
import { RejectedRequest } from './gridRequests';

export type {
  Cohort,
  CohortColumn,
  CohortReport,
  CorrectionReport,
  FigureDifference,
  FoundSlice,
  PartCorrections,
  PartDifference,
  ShortcutReport,
};

export type CohortPart = 'train' | 'validation';

export interface CohortsStart {
  readonly root: string;
  /** What the project is called. */
  readonly name: string;
}

export interface CohortsMethods {
  ready(): Promise<CohortsStart>;
  cohorts(part: CohortPart): Promise<CohortReport>;
  /** Takes seconds to minutes: features that are not in the cache are computed. */
  shortcuts(): Promise<ShortcutReport>;
  corrections(): Promise<CorrectionReport>;
  /** Opens the images in the review grid. */
  show(where: string, part: CohortPart): Promise<void>;
  /** Saves the filter as a queue of the project, under a name that the person gives. @returns the name; null: they turned away */
  addToReview(where: string, part: CohortPart, name: string): Promise<string | null>;
  log(message: string): Promise<void>;
}

/** What the pages of a project save with the editor: enough to find it after a reload. */
export interface ProjectPageState {
  readonly v: 1;
  readonly root: string;
}

/** The saved state, or undefined where it is none of this version. */
export function parseProjectPageState(value: unknown): ProjectPageState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, root } = value as Readonly<Record<string, unknown>>;
  return v === 1 && typeof root === 'string' ? { v, root } : undefined;
}

/** The methods to serve to the page: every parameter is narrowed. */
export function checkedCohortsMethods(handlers: CohortsMethods): CohortsMethods {
  return {
    ready: async () => handlers.ready(),
    cohorts: async (part: unknown) => handlers.cohorts(asPart(part)),
    shortcuts: async () => handlers.shortcuts(),
    corrections: async () => handlers.corrections(),
    show: async (where: unknown, part: unknown) =>
      handlers.show(asText(where, 'filter', 10_000), asPart(part)),
    addToReview: async (where: unknown, part: unknown, name: unknown) =>
      handlers.addToReview(asText(where, 'filter', 10_000), asPart(part), asText(name, 'name', 200)),
    log: async (message: unknown) => handlers.log(asText(message, 'message', 2_000)),
  };
}

function asPart(value: unknown): CohortPart {
  if (value === 'train' || value === 'validation') return value;
  throw new RejectedRequest('no usable part', 'train or validation');
}

function asText(value: unknown, what: string, most: number): string {
  if (typeof value === 'string' && value !== '' && value.length <= most) return value;
  throw new RejectedRequest(`no usable ${what}`, `text of at most ${most} characters`);
}
