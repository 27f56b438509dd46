/** Everything that changes the state of the page, by what it is about. */
import type { GridSettings } from '../../../src/protocol/gridApi';
import type {
  EditOutcome,
  ItemKey,
  ItemList,
  ItemQuery,
  ProjectSummary,
} from '../../../src/protocol/engineApi';
import type { ItemChange } from './confusion';
import type { Sitting } from './sitting';
import type { Fault, GridState, HeatmapChoice, PendingEdit, ShownFrom } from './model';

/** The project, and what goes on with it. */
export type ProjectAction =
  | { readonly type: 'started'; readonly project: ProjectSummary; readonly settings: GridSettings }
  | { readonly type: 'restored'; readonly state: Partial<GridState> }
  | { readonly type: 'failed'; readonly fault: Fault }
  | { readonly type: 'projectChanged'; readonly project: ProjectSummary }
  | { readonly type: 'faulted'; readonly fault: Fault | null }
  | { readonly type: 'finetuningSet'; readonly running: boolean }
  | { readonly type: 'gatheringSet'; readonly running: boolean };

/** What is asked for, and the list that came. */
export type ListAction =
  | { readonly type: 'queryChanged'; readonly query: ItemQuery; readonly from?: ShownFrom }
  | { readonly type: 'querying' }
  | {
      readonly type: 'listed';
      readonly list: ItemList;
      readonly focus: GridState['focus'];
      readonly selected: ReadonlySet<ItemKey>;
      /** The sitting that goes on with this list; null: one begins. */
      readonly sitting: Sitting | null;
    }
  | { readonly type: 'recounted'; readonly changes: readonly ItemChange[]; readonly complete: boolean }
  | { readonly type: 'queryFailed'; readonly fault: Fault }
  /** The new list was not taken up. */
  | { readonly type: 'queryDropped' };

/** The item that the keys are for, and those that are selected. */
export type FocusAction =
  /** A plain move leaves the selection behind; with `keep` it stays, and so does the place a range starts at. */
  | {
      readonly type: 'focused';
      readonly index: number;
      readonly key: ItemKey | null;
      readonly keep?: boolean;
    }
  /** A finding of the focused image. */
  | { readonly type: 'findingSet'; readonly finding: string | null }
  | { readonly type: 'focusKnown'; readonly index: number; readonly key: ItemKey }
  | { readonly type: 'toggled'; readonly index: number; readonly key: ItemKey }
  | { readonly type: 'selected'; readonly keys: readonly ItemKey[]; readonly add: boolean }
  | { readonly type: 'selectionCleared' };

/** An answer on its way to the disk. */
export type EditAction =
  | { readonly type: 'editStarted'; readonly keys: readonly ItemKey[]; readonly edit: PendingEdit }
  | { readonly type: 'editDone'; readonly id: number | null; readonly outcome: EditOutcome }
  | { readonly type: 'editFailed'; readonly id: number; readonly fault: Fault };

/** How the page looks. */
export type ViewAction =
  | { readonly type: 'tileSizeSet'; readonly size: number }
  | { readonly type: 'advanceSet'; readonly advance: boolean }
  | { readonly type: 'matrixSet'; readonly open: boolean }
  | { readonly type: 'readingSet'; readonly reading: boolean }
  /** The details of the mode that is on. */
  | { readonly type: 'detailToggled' }
  | { readonly type: 'detailWidthSet'; readonly width: number }
  | { readonly type: 'heatmapsSet'; readonly change: Partial<HeatmapChoice> }
  | { readonly type: 'filterUsed'; readonly where: string }
  | { readonly type: 'reasonSet'; readonly reason: string };

export type Action = ProjectAction | ListAction | FocusAction | EditAction | ViewAction;
