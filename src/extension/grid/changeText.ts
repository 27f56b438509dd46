/** What an undo or redo changed, in a few words. */
import * as vscode from 'vscode';
import type { EditOutcome, ProjectSummary } from '../../protocol/engineApi';
import { labelName } from './labelPicker';

/** `Undone: image.png → Pneumonia`, `Undone: 5 → Pneumonia`; only the number where the labels differ. */
export function changeText({ op, change }: EditOutcome, project: ProjectSummary | undefined): string {
  const { t } = vscode.l10n;
  const [first, ...others] = change?.to ?? [];
  const isSame = others.every(({ value, excluded }) => value === first?.value && excluded === first.excluded);
  const count = (change?.count ?? 0).toLocaleString();
  const path = change?.path ?? null;
  const what =
    !first || !project || !isSame
      ? t('{0} labels', count)
      : t(
          '{0} → {1}',
          path === null ? count : path.slice(path.lastIndexOf('/') + 1),
          first.excluded ? t('excluded') : labelName(first.value, project),
        );
  return op === 'undo' ? t('Undone: {0}', what) : t('Done again: {0}', what);
}
