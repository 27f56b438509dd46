/** What the page knows. Plain data; positions live only here, what is saved holds keys. */
import type { Fault } from '../../connection';
import type { GridEdit, GridSettings } from '../../../src/protocol/gridApi';
import type {
  ItemKey,
  ItemList,
  ItemQuery,
  LabelChange,
  LabelValue,
  ProjectSummary,
} from '../../../src/protocol/engineApi';
import type { Sitting } from './sitting';

export type { Fault };

/** An edit that is on its way: shown on its tiles, not yet acknowledged. */
export interface PendingEdit {
  readonly id: number;
  readonly op: GridEdit['op'];
  readonly value?: LabelValue;
  /** Sent along; comes back into the field when the edit fails. */
  readonly reason?: string;
}

/** Which heat maps are on, and how they look. */
export interface HeatmapChoice {
  readonly inDetail: boolean;
  readonly onTiles: boolean;
  /** Whole percent. */
  readonly opacity: number;
  /** A class or finding for every image; null: each image's own (the predicted class, or the item's finding). */
  readonly output: string | null;
}

/** A list that can be gone back to. */
export interface ShownFrom {
  readonly query: ItemQuery;
  readonly focus: ItemKey | null;
  readonly sitting: Sitting | null;
}

export interface GridState {
  readonly phase: 'starting' | 'ready' | 'failed';
  readonly project: ProjectSummary | null;
  readonly settings: GridSettings;
  /** What the reviewer asked for; a blind reading asks a query without hints (shownQuery). */
  readonly query: ItemQuery;
  readonly querying: boolean;
  readonly list: ItemList | null;
  /** How far the list on show is done; null before there is one. */
  readonly sitting: Sitting | null;
  /** Labels changed of items that were not here: the matrix counts them as they were. */
  readonly matrixStale: boolean;
  /** Expressions that were used, the last first. */
  readonly filterHistory: readonly string[];
  /** Why the SQL filter was not applied; the last good list stays. */
  readonly filterFault: Fault | null;
  readonly fault: Fault | null;
  /** Position in the list, and the key once the item is known. */
  readonly focus: { readonly index: number; readonly key: ItemKey | null };
  /** In a list by image: the finding of the focused image that was gone to; null: the first. */
  readonly finding: string | null;
  /** Where a range selection starts. */
  readonly anchor: number;
  readonly selected: ReadonlySet<ItemKey>;
  readonly pending: ReadonlyMap<ItemKey, PendingEdit>;
  /** Items whose last answer could not be saved. */
  readonly failed: ReadonlySet<ItemKey>;
  /** What the last answer, undo or redo did. */
  readonly lastChange: LabelChange | null;
  /** Where the reviewer was before the items of a change were shown; null: nowhere else. */
  readonly shownFrom: ShownFrom | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly finetuning: boolean;
  /** Images that look alike are looked for, and that takes so long that it is told. */
  readonly gathering: boolean;
  /** After an answer on a single image the focus moves to the next. */
  readonly advance: boolean;
  readonly matrixOpen: boolean;
  /** One image as large as the editor; else the tiles. */
  readonly reading: boolean;
  /** The details beside the tiles, and beside the image in Read mode. */
  readonly detailOpen: boolean;
  readonly readDetails: boolean;
  /** CSS pixels. */
  readonly detailWidth: number;
  readonly heatmaps: HeatmapChoice;
  /** Draft of the reason that goes with the next edit. */
  readonly reason: string;
}

export const tileSizes = { least: 96, most: 320, usual: 160 } as const;
export const detailWidths = { least: 280, most: 1200, usual: 420 } as const;
export const opacities = { least: 0, most: 100, usual: 60 } as const;

/** Before the project is known there is no queue and no order to ask for. Test is not shown unless asked for. */
const noQuery: ItemQuery = { queue: '', splits: ['train', 'validation'], sort: '', descending: true };

export const initialState: GridState = {
  phase: 'starting',
  project: null,
  settings: { tileSize: tileSizes.usual, language: 'en', readOnly: true, role: 'reader' },
  query: noQuery,
  querying: false,
  list: null,
  sitting: null,
  matrixStale: false,
  filterHistory: [],
  filterFault: null,
  fault: null,
  focus: { index: 0, key: null },
  finding: null,
  anchor: 0,
  selected: new Set(),
  pending: new Map(),
  failed: new Set(),
  lastChange: null,
  shownFrom: null,
  canUndo: true,
  canRedo: true,
  finetuning: false,
  gathering: false,
  advance: true,
  matrixOpen: true,
  reading: false,
  detailOpen: false,
  readDetails: true,
  detailWidth: detailWidths.usual,
  heatmaps: { inDetail: false, onTiles: false, opacity: opacities.usual, output: null },
  reason: '',
};
