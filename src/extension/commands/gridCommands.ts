/** Commands that the active review grid carries out on its selection, or on the tile whose menu was used. */
import type { ItemKey } from '../../protocol/engineApi';
import { gridCommands } from '../contributions';
import { gridCommandRows } from '../manifest/gridCommandRows';
import { partsIn } from '../manifest/windowParts';
import type { Command } from './command';

export const gridCommandTable: readonly Command[] = gridCommandRows.map((row) => ({
  id: gridCommands[row.name],
  needs: 'edits' in row ? ['trust', 'grid'] : ['grid'],
  run({ grids }, context) {
    if (row.name === 'maximise') grids.active?.maximise(partsIn(context));
    else grids.active?.command(row.command, tileOf(context));
  },
}));

/** The tile that `webview/context` menus hand over (its `data-vscode-context`). */
function tileOf(context: unknown): readonly ItemKey[] | undefined {
  if (typeof context !== 'object' || context === null || !('key' in context)) return undefined;
  return typeof context.key === 'string' ? [context.key] : undefined;
}
