/** Every command that the review grid carries out on its own selection, one row each, with its key. */
import type { GridCommand } from '../../protocol/gridApi';
import type { KeyRow } from './rows';

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
  readonly keys: readonly KeyRow[];
  /** Where it stands in the menu of a tile, when it does. */
  readonly tileMenu?: string;
}

export const gridCommandRows = [
  ...([1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((n) => ({
    name: `label${n}` as const,
    title: `Set Label ${String(n)}`,
    command: { name: 'label', index: n - 1 } as const,
    edits: true as const,
    answers: true as const,
    keys: [{ key: String(n) }],
  })),
  {
    name: 'accept',
    title: "Accept the Model's Label",
    command: { name: 'accept' },
    edits: true,
    answers: true,
    keys: [{ key: 'a' }],
    tileMenu: '1_answer@1',
  },
  {
    name: 'keep',
    title: 'Keep the Given Label',
    command: { name: 'keep' },
    edits: true,
    answers: true,
    keys: [{ key: 'k' }],
    tileMenu: '1_answer@2',
  },
  {
    name: 'uncertain',
    title: 'Mark Uncertain',
    command: { name: 'uncertain' },
    edits: true,
    answers: true,
    keys: [{ key: 'u' }],
    tileMenu: '1_answer@3',
  },
  {
    name: 'exclude',
    title: 'Exclude',
    command: { name: 'exclude' },
    edits: true,
    answers: true,
    keys: [{ key: 'x' }],
    tileMenu: '2_exclude@1',
  },
  {
    name: 'include',
    title: 'Include Again',
    command: { name: 'include' },
    edits: true,
    keys: [{ key: 'shift+x' }],
    tileMenu: '2_exclude@2',
  },
  {
    name: 'pickLabel',
    title: 'Pick Label…',
    command: { name: 'pickLabel' },
    edits: true,
    keys: [{ key: 'l' }],
    tileMenu: '1_answer@4',
  },
  {
    name: 'undo',
    title: 'Undo Answer',
    command: { name: 'undo' },
    edits: true,
    keys: [{ key: 'ctrl+z', mac: 'cmd+z' }],
    tileMenu: '4_undo@1',
  },
  {
    name: 'redo',
    title: 'Redo Answer',
    command: { name: 'redo' },
    edits: true,
    keys: [
      { key: 'ctrl+shift+z', mac: 'cmd+shift+z' },
      { key: 'ctrl+y', mac: 'cmd+y' },
    ],
    tileMenu: '4_undo@2',
  },
  {
    name: 'selectAll',
    title: 'Select All',
    command: { name: 'selectAll' },
    keys: [{ key: 'ctrl+a', mac: 'cmd+a' }],
  },
  {
    name: 'toggleBlind',
    title: 'Toggle Blind Mode',
    command: { name: 'toggleBlind' },
    keys: [{ key: 'b' }],
  },
  {
    name: 'toggleDetail',
    title: 'Toggle Detail Pane',
    command: { name: 'toggleDetail' },
    keys: [{ key: 'd' }],
  },
  {
    name: 'toggleHeatmap',
    title: 'Toggle Heat Map',
    command: { name: 'toggleHeatmap' },
    keys: [{ key: 'h' }],
  },
  {
    name: 'toggleTileHeatmaps',
    title: 'Toggle Heat Maps on Tiles',
    command: { name: 'toggleTileHeatmaps' },
    keys: [{ key: 'shift+h' }],
  },
  { name: 'focusFilter', title: 'Go to Filter', command: { name: 'focusFilter' }, keys: [{ key: '/' }] },
  { name: 'next', title: 'Next Image', command: { name: 'next' }, keys: [{ key: 'n' }] },
  { name: 'previous', title: 'Previous Image', command: { name: 'previous' }, keys: [{ key: 'p' }] },
  {
    name: 'reveal',
    title: 'Reveal in Explorer',
    command: { name: 'reveal' },
    keys: [{ key: 'shift+alt+r' }],
    tileMenu: '3_file@2',
  },
  {
    name: 'openImage',
    title: 'Open Image',
    command: { name: 'openImage' },
    keys: [{ key: 'o' }],
    tileMenu: '3_file@1',
  },
  {
    name: 'copyPath',
    title: 'Copy Path',
    command: { name: 'copyPath' },
    keys: [{ key: 'shift+alt+c' }],
    tileMenu: '3_file@3',
  },
] as const satisfies readonly GridCommandRow[];

export type GridCommandName = (typeof gridCommandRows)[number]['name'];
