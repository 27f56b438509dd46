/** The list of blocks that an architecture can be cut after (CheXtransfer), with what is left of it. */
import * as vscode from 'vscode';
import type { ArchitectureRow } from '../../protocol/engineApi';
import { blockFacts } from './describe';
import { pickOne, type PickItem } from '../ask';

export interface BlockItem extends PickItem {
  /** null: the whole network. */
  readonly truncate: string | null;
}

/** The whole network first, then the blocks from the last to the first. @param current what is chosen now */
export function blockItems(row: ArchitectureRow, current: string | null): readonly BlockItem[] {
  const { t } = vscode.l10n;
  const mark = (truncate: string | null): { icon?: string } =>
    truncate === current ? { icon: 'check' } : {};
  const whole = row.blocks.at(-1);
  return [
    {
      truncate: null,
      ...mark(null),
      label: t('Whole network'),
      description: whole ? blockFacts(whole) : '',
    },
    ...[...row.blocks].reverse().map((block): BlockItem => ({
      truncate: block.name,
      ...mark(block.name),
      label: block.name,
      description: blockFacts(block),
    })),
  ];
}

/** Shows the list; undefined when the person turned away. */
export async function pickBlock(
  row: ArchitectureRow,
  current: string | null,
): Promise<BlockItem | undefined> {
  return pickOne(blockItems(row, current), {
    title: vscode.l10n.t('Cut {0} after a block', row.title),
    placeholder: vscode.l10n.t('The features are the mean over the last map that is left'),
    matchOnDescription: true,
  });
}
