/** Every command that the review grid carries out on its own selection, one row each. Their keys: `protocol/gridKeys.ts`. */
import type { GridCommand } from '../../protocol/gridApi';

export interface GridCommandRow {
  /** The id without `overread.grid.`. */
  readonly name: string;
  readonly title: string;
  /** What the page is asked to do. */
  readonly command: GridCommand;
  /** Whether it writes labels: then the workspace must be trusted. */
  readonly edits?: true;
  /** Whether it gives one image an answer, which ends the walkthrough's step on correcting labels. */
  readonly answers?: true;
  /** Where it stands in the menu of a tile, when it does. */
  readonly tileMenu?: string;
  /** The submenu of the editor's title that it stands in, with its group. */
  readonly submenu?: readonly [keyof typeof titleMenus, string];
}

/** Submenus in the title of the review's tab. */
export const titleMenus = {
  sort: { title: 'Sort by', icon: '$(list-ordered)', group: 'navigation@1' },
  tileSize: { title: 'Tile size', icon: '$(symbol-ruler)', group: 'navigation@2' },
} as const;

/** By the scores of `core/review/scores.ts` that lists may be ordered by; a test holds them side by side. */
const orders = {
  Loss: 'loss',
  Confidence: 'confidence',
  Suspicion: 'suspicion',
  Check: 'check',
  Class: 'class',
  Path: 'path',
} as const;
/** px of a tile's picture. */
const sizes = { Small: 112, Medium: 160, Large: 224, Largest: 320 } as const;

export const gridCommandRows = [
  ...([1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((n) => ({
    name: `label${n}` as const,
    title: `Set Label ${String(n)}`,
    command: { name: 'label', index: n - 1 } as const,
    edits: true as const,
    answers: true as const,
  })),
  {
    name: 'accept',
    title: "Accept the Model's Label",
    command: { name: 'accept' },
    edits: true,
    answers: true,
    tileMenu: '1_answer@1',
  },
  {
    name: 'repeat',
    title: 'Repeat the Last Answer',
    command: { name: 'repeat' },
    edits: true,
    answers: true,
  },
  {
    name: 'gatherSimilar',
    title: 'Show Images That Look Like It',
    command: { name: 'gatherSimilar' },
    tileMenu: '2_gather@1',
  },
  {
    name: 'gatherPatient',
    title: 'Show All Images of Its Patient',
    command: { name: 'gatherPatient' },
    tileMenu: '2_gather@2',
  },
  {
    name: 'keep',
    title: 'Keep the Given Label',
    command: { name: 'keep' },
    edits: true,
    answers: true,
    tileMenu: '1_answer@2',
  },
  {
    name: 'uncertain',
    title: 'Mark Uncertain',
    command: { name: 'uncertain' },
    edits: true,
    answers: true,
    tileMenu: '1_answer@3',
  },
  {
    name: 'exclude',
    title: 'Exclude',
    command: { name: 'exclude' },
    edits: true,
    answers: true,
    tileMenu: '2_exclude@1',
  },
  {
    name: 'include',
    title: 'Include Again',
    command: { name: 'include' },
    edits: true,
    tileMenu: '2_exclude@2',
  },
  {
    name: 'pickLabel',
    title: 'Pick Label…',
    command: { name: 'pickLabel' },
    edits: true,
    tileMenu: '1_answer@4',
  },
  {
    name: 'undo',
    title: 'Undo Answer',
    command: { name: 'undo' },
    edits: true,
    tileMenu: '4_undo@1',
  },
  {
    name: 'redo',
    title: 'Redo Answer',
    command: { name: 'redo' },
    edits: true,
    tileMenu: '4_undo@2',
  },
  {
    name: 'selectAll',
    title: 'Select All',
    command: { name: 'selectAll' },
  },
  {
    name: 'toggleBlind',
    title: 'Toggle Blind Mode',
    command: { name: 'toggleBlind' },
  },
  {
    name: 'toggleDetail',
    title: 'Toggle Details',
    command: { name: 'toggleDetail' },
  },
  {
    name: 'toggleHeatmap',
    title: 'Toggle Heat Map',
    command: { name: 'toggleHeatmap' },
  },
  {
    name: 'toggleTileHeatmaps',
    title: 'Toggle Heat Maps on Tiles',
    command: { name: 'toggleTileHeatmaps' },
  },
  {
    name: 'hintLabels',
    title: 'Show Letters on All Labels',
    command: { name: 'hintLabels' },
    edits: true,
  },
  {
    name: 'toggleMatrix',
    title: 'Toggle Confusion Matrix',
    command: { name: 'toggleMatrix' },
  },
  ...(Object.keys(orders) as (keyof typeof orders)[]).map((name, place) => ({
    name: `sort${name}` as const,
    title: name,
    command: { name: 'sort', by: orders[name] } as const,
    submenu: ['sort', `1_score@${place}`] as const,
  })),
  {
    name: 'reverseOrder',
    title: 'Reverse Order',
    command: { name: 'reverseOrder' },
    submenu: ['sort', '2_direction'],
  },
  ...(Object.keys(sizes) as (keyof typeof sizes)[]).map((name, place) => ({
    name: `tiles${name}` as const,
    title: name,
    command: { name: 'tileSize', size: sizes[name] } as const,
    submenu: ['tileSize', `1_size@${place}`] as const,
  })),
  { name: 'maximise', title: 'Maximise Review', command: { name: 'maximise' } },
  { name: 'showKeys', title: 'Show Keys', command: { name: 'showKeys' } },
  { name: 'focusFilter', title: 'Go to Filter', command: { name: 'focusFilter' } },
  { name: 'next', title: 'Next Image', command: { name: 'next' } },
  { name: 'previous', title: 'Previous Image', command: { name: 'previous' } },
  {
    name: 'reveal',
    title: 'Reveal in Explorer',
    command: { name: 'reveal' },
    tileMenu: '3_file@2',
  },
  {
    name: 'openImage',
    title: 'Open Image',
    command: { name: 'openImage' },
    tileMenu: '3_file@1',
  },
  {
    name: 'copyPath',
    title: 'Copy Path',
    command: { name: 'copyPath' },
    tileMenu: '3_file@3',
  },
] as const satisfies readonly GridCommandRow[];

export type GridCommandName = (typeof gridCommandRows)[number]['name'];
