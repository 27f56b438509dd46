/** All that answers questions about a project, built anew when its table, its split, its run or what a check found changes. */
import type { Pieces } from '../core/base/pieces';
import { ItemChecks } from '../core/checks/itemChecks';
import type { KeptChecks } from '../core/checks/keptChecks';
import { projectChecks } from '../core/checks/projectProblems';
import type { Project } from '../core/project/project';
import { labelRules } from '../core/project/project';
import type { Dataset } from '../core/dataset/model';
import { EffectiveLabels } from '../core/labels/effectiveLabels';
import type { EventTable } from '../core/labels/eventTable';
import type { Catalog } from '../core/review/catalog';
import { buildingReview, type FilterOptions } from '../core/review/openReview';
import type { FoundRun, WholeRun } from '../core/runs/wholeRun';
import { findSuspects, ItemSuspects, type FoundSuspects } from '../core/suspects/itemSuspects';

/** What was read from the table and the split. */
export type ReadTable = Pick<Project, 'config' | 'dataset' | 'assignment' | 'problems'>;

/** What the last check found, and the table that it would be of now. */
export interface ReadChecks {
  readonly kept: KeptChecks | null;
  /** `tableHash`; empty: it is not known. */
  readonly table: string;
}

/** What was found of the labels, and how. */
export interface Judgement {
  /** The run's whole name. */
  readonly run: string;
  readonly found: FoundSuspects;
  /** By the run's own predictions; else by cross-validation that was repeated for it. */
  readonly byRun: boolean;
}

/** Items up to which labels are judged where the project is read: some milliseconds. Of more that is done beside. */
const judgedAtOnce = 20_000;

/** Everything that answers questions; replaced when the table or the run changes. */
export interface View {
  readonly labels: EffectiveLabels;
  readonly catalog: Catalog;
  /** Labels that are suspected by the run; null without one. */
  readonly suspects: ItemSuspects | null;
  /** What the last check found, as far as it holds. */
  readonly checks: ItemChecks;
  /** The newest run that is whole, and what is wrong with those before it. */
  readonly found: FoundRun;
  /** The run that it is compared with: the one that was shown before it, or one that was chosen. */
  readonly earlier: WholeRun | undefined;
  /** The catalog goes by predictions of a live refit instead of the run's. */
  readonly isLive: boolean;
}

export interface BuiltView {
  readonly view: View;
  /** By which its labels are suspected; undefined: that is still to be found. */
  readonly judged: (Judgement & { readonly dataset: Dataset }) | undefined;
}

export interface ViewSources {
  readonly table: ReadTable;
  readonly checks: ReadChecks;
  /** The label log. */
  readonly events: EventTable;
  readonly found: FoundRun;
  readonly earlier: WholeRun | undefined;
  /** What is known of suspected labels. */
  readonly judged: BuiltView['judged'];
  readonly filters: FilterOptions;
}

/**
 * Builds a view in pieces. Its labels are its own: edits meanwhile stand in the log, and the first `applyEvents` of its catalog
 * takes in those that came after it was begun.
 */
export function* buildView(sources: ViewSources): Pieces<BuiltView> {
  const { table, found, earlier, events, filters } = sources;
  const { config, dataset, problems } = table;
  const labels = yield* EffectiveLabels.of(dataset, events, labelRules(config));
  const told = projectChecks({ config, dataset, problems });
  yield;
  const place = { ...table, labels, table: sources.checks.table };
  const checks = yield* ItemChecks.placing(place, sources.checks.kept, told);
  const judged = found.run && judgementOf(sources, found.run, labels);
  const suspects = !found.run
    ? null
    : judged
      ? yield* ItemSuspects.taking(labels, judged.found, checks)
      : new ItemSuspects(labels, checks);
  const options = { ...filters, suspects, checks };
  const catalog = yield* buildingReview({ ...table, labels }, found.run, options, earlier);
  // What came meanwhile: the turn in which it comes to stand has little left.
  yield* catalog.applyingEvents();
  return { view: { labels, catalog, suspects, checks, found, earlier, isLive: false }, judged };
}

/** What is known of this run and table, or is found in a moment. */
function judgementOf(
  { judged, table: { dataset, assignment } }: ViewSources,
  { record, predictions }: WholeRun,
  labels: EffectiveLabels,
): BuiltView['judged'] {
  if (judged?.run === record.run && judged.dataset === dataset) return judged;
  if (labels.items > judgedAtOnce) return undefined;
  const found = findSuspects(labels, assignment, predictions);
  return { run: record.run, dataset, found, byRun: true };
}
