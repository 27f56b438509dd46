/** Where a job stands, in a word or two. */
import * as vscode from 'vscode';
import type { JobSummary } from '../../protocol/engineApi';

export function jobStateName(state: JobSummary['state']): string {
  const { t } = vscode.l10n;
  const names = {
    queued: t('waits to begin'),
    running: t('under way'),
    ended: t('done'),
    failed: t('failed'),
    cancelled: t('stopped'),
    lost: t('gone without a result'),
  };
  return names[state];
}
