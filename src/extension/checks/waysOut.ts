/** What may be done about a finding of the check: one list for its quick fixes and for the palette. */
import * as vscode from 'vscode';
import type { StandingCheck } from '../../protocol/engineApi';
import { commands, type CommandId } from '../contributions';

export interface WayOut {
  readonly title: string;
  /** A codicon. */
  readonly icon: string;
  /** Takes the folder of the project and the id of the finding. */
  readonly command: CommandId;
}

/** In the order in which they are offered. */
export function waysOut({ samples, mayJoin }: StandingCheck): readonly WayOut[] {
  const { t } = vscode.l10n;
  const isAny = samples.length > 0;
  return [
    ...(mayJoin ? [{ title: t('Keep together…'), icon: 'link', command: commands.keepFindingTogether }] : []),
    ...(isAny ? [{ title: t('Exclude…'), icon: 'circle-slash', command: commands.excludeOfFinding }] : []),
    ...(isAny ? [{ title: t('Open in grid'), icon: 'eye', command: commands.openFinding }] : []),
    { title: t('Let be, with a reason…'), icon: 'pass', command: commands.letFindingBe },
  ];
}
