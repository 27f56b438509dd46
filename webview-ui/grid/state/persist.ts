/**
 * What survives a reload of the page (vscode.setState): versioned, checked when read, keys and never
 * positions. A saved state that does not fit is dropped as a whole, except for its single fields.
 */
import type { ItemKey, ItemQuery } from '../../../src/protocol/engineApi';
import { parseItemQuery } from '../../../src/protocol/gridRequests';
import type { GridState, HeatmapChoice } from './model';
import { detailWidths, opacities, tileSizes } from './model';

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
}

/** Larger selections are not kept: they are one "select all" away, and the state is written often. */
const mostSelected = 5_000;

const mostRemembered = 20;

/** The state as it is saved; undefined before the project is known. */
export function toSaved(state: GridState): SavedState | undefined {
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
    };
  } catch {
    return undefined;
  }
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
