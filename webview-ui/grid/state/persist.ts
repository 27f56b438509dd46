/**
 * What survives a reload of the page (vscode.setState): versioned, checked when read, keys and never
 * positions. A saved state that does not fit is dropped as a whole, except for its single fields.
 */
import type { ItemKey, ItemQuery, LabelChange } from '../../../src/protocol/engineApi';
import { parseItemQuery } from '../../../src/protocol/gridRequests';
import { parseChange } from './savedChange';
import { parseSitting, type Sitting } from './sitting';
import type { GridState, HeatmapChoice, ShownFrom } from './model';
import { detailWidths, opacities, tileSizes } from './model';

/** The list on show, and how much of it was seen: that much stays where it is. */
export interface SavedList {
  /** As the engine calls it; gone once the table is another, or the engine. */
  readonly list: string;
  readonly seen: number;
  /** What it goes by: of another run, or read blind, it is another list. */
  readonly run: string | null;
  readonly blind: boolean;
}

export interface SavedState {
  readonly v: 1;
  /** The project's folder: the host finds the project of a restored panel by it. */
  readonly root: string;
  readonly query: ItemQuery;
  readonly focus: ItemKey | null;
  readonly selected: readonly ItemKey[];
  readonly tileSize: number;
  readonly advance: boolean;
  readonly matrixOpen: boolean;
  readonly reading: boolean;
  readonly detailOpen: boolean;
  readonly readDetails: boolean;
  readonly detailWidth: number;
  readonly heatmaps: HeatmapChoice;
  readonly filterHistory: readonly string[];
  readonly reason: string;
  readonly lastChange: LabelChange | null;
  readonly shownFrom: ShownFrom | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly list: SavedList | null;
  readonly sitting: Sitting | null;
}

/** Larger selections are not kept: they are one "select all" away, and the state is written often. */
const mostSelected = 5_000;

const mostRemembered = 20;

/** The state as it is saved; undefined before the project is known. @param seen how much of the list on show was seen */
export function toSaved(state: GridState, seen: number): SavedState | undefined {
  if (state.project === null) return undefined;
  return {
    v: 1,
    root: state.project.root,
    query: state.query,
    focus: state.focus.key,
    selected: state.selected.size > mostSelected ? [] : [...state.selected],
    tileSize: state.settings.tileSize,
    advance: state.advance,
    matrixOpen: state.matrixOpen,
    reading: state.reading,
    detailOpen: state.detailOpen,
    readDetails: state.readDetails,
    detailWidth: state.detailWidth,
    heatmaps: state.heatmaps,
    filterHistory: state.filterHistory,
    reason: state.reason,
    lastChange: state.lastChange,
    shownFrom: state.shownFrom,
    canUndo: state.canUndo,
    canRedo: state.canRedo,
    list: state.list && {
      ...{ list: state.list.list, seen },
      ...{ run: state.project.latestRun, blind: state.project.blind },
    },
    sitting: state.sitting,
  };
}

/** A saved state of this version, with every field checked; undefined for anything else. */
export function parseSaved(value: unknown): SavedState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const saved = value as Readonly<Record<string, unknown>>;
  if (saved['v'] !== 1 || typeof saved['root'] !== 'string') return undefined;
  try {
    return {
      v: 1,
      root: saved['root'],
      query: parseItemQuery(saved['query']),
      focus: typeof saved['focus'] === 'string' ? saved['focus'] : null,
      selected: texts(saved['selected'], mostSelected),
      tileSize: number(saved['tileSize'], tileSizes),
      advance: saved['advance'] !== false,
      matrixOpen: saved['matrixOpen'] !== false,
      reading: saved['reading'] === true,
      detailOpen: saved['detailOpen'] === true,
      readDetails: saved['readDetails'] !== false,
      detailWidth: number(saved['detailWidth'], detailWidths),
      heatmaps: heatmaps(saved['heatmaps']),
      filterHistory: texts(saved['filterHistory'], mostRemembered),
      reason: typeof saved['reason'] === 'string' ? saved['reason'] : '',
      lastChange: parseChange(saved['lastChange']),
      shownFrom: shownFrom(saved['shownFrom']),
      canUndo: saved['canUndo'] !== false,
      canRedo: saved['canRedo'] !== false,
      list: savedList(saved['list']),
      sitting: parseSitting(saved['sitting']),
    };
  } catch {
    return undefined;
  }
}

function shownFrom(value: unknown): ShownFrom | null {
  if (typeof value !== 'object' || value === null) return null;
  const { query, focus, sitting } = value as Readonly<Record<string, unknown>>;
  return {
    query: parseItemQuery(query),
    focus: typeof focus === 'string' ? focus : null,
    sitting: parseSitting(sitting),
  };
}

function savedList(value: unknown): SavedList | null {
  if (typeof value !== 'object' || value === null) return null;
  const { list, seen, run, blind } = value as Readonly<Record<string, unknown>>;
  if (typeof list !== 'string' || !Number.isSafeInteger(seen) || Number(seen) < 0) return null;
  return { list, seen: Number(seen), run: typeof run === 'string' ? run : null, blind: blind === true };
}

/** States that were saved before there were heat maps have none on. */
function heatmaps(value: unknown): HeatmapChoice {
  const saved = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  return {
    inDetail: saved['inDetail'] === true,
    onTiles: saved['onTiles'] === true,
    opacity: number(saved['opacity'], opacities),
    output: typeof saved['output'] === 'string' ? saved['output'] : null,
  };
}

function texts(value: unknown, most: number): readonly string[] {
  return Array.isArray(value)
    ? value.filter((entry): entry is string => typeof entry === 'string').slice(0, most)
    : [];
}

function number(value: unknown, range: { least: number; most: number; usual: number }): number {
  return typeof value === 'number' && value >= range.least && value <= range.most ? value : range.usual;
}
