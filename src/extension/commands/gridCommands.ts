/** Commands that the active review grid carries out on its selection, or on the tile whose menu was used. */
import type { ItemKey } from '../../protocol/engineApi';
import type { GridCommand } from '../../protocol/gridApi';
import { gridCommands } from '../contributions';
import type { Command } from './command';

const labels = [
  gridCommands.label1,
  gridCommands.label2,
  gridCommands.label3,
  gridCommands.label4,
  gridCommands.label5,
  gridCommands.label6,
  gridCommands.label7,
  gridCommands.label8,
  gridCommands.label9,
] as const;

const named = [
  'accept',
  'keep',
  'uncertain',
  'exclude',
  'include',
  'pickLabel',
  'undo',
  'redo',
  'selectAll',
  'toggleBlind',
  'toggleDetail',
  'toggleHeatmap',
  'toggleTileHeatmaps',
  'focusFilter',
  'next',
  'previous',
  'reveal',
  'openImage',
  'copyPath',
] as const;

/** Those that write labels. */
const editing: ReadonlySet<string> = new Set([
  'accept',
  'keep',
  'uncertain',
  'exclude',
  'include',
  'pickLabel',
  'undo',
  'redo',
]);

export const gridCommandTable: readonly Command[] = [
  ...labels.map((id, index) => gridCommand(id, { name: 'label', index }, true)),
  ...named.map((name) => gridCommand(gridCommands[name], { name }, editing.has(name))),
];

function gridCommand(id: Command['id'], command: GridCommand, edits: boolean): Command {
  return {
    id,
    needs: edits ? ['trust', 'grid'] : ['grid'],
    run({ grids }, context) {
      grids.active?.command(command, tileOf(context));
    },
  };
}

/** The tile that `webview/context` menus hand over (its `data-vscode-context`). */
function tileOf(context: unknown): readonly ItemKey[] | undefined {
  if (typeof context !== 'object' || context === null || !('key' in context)) return undefined;
  return typeof context.key === 'string' ? [context.key] : undefined;
}
