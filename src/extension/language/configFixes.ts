/** Quick fixes in overread.yaml: what a fault's message suggests, put in its place. */
import * as vscode from 'vscode';
import type { ConfigFix } from '../../protocol/engineApi';
import type { Disposable } from '../disposables';
import { plain } from '../plain';
import type { Contribution, Services } from '../services';
import { configSelector } from './configCodeLens';
import { toDiagnostic } from './configDiagnostics';
import { toRange } from './configPlaces';

export class ConfigFixes implements Contribution {
  register({ places, log }: Services): Disposable {
    return vscode.languages.registerCodeActionsProvider(
      configSelector,
      {
        provideCodeActions: async (document, range) => {
          // The text as it is now: marks of an earlier one may still stand.
          const faults = await places.faultsOf(document).catch((error: unknown) => {
            log.debug(`No quick fixes in overread.yaml: ${String(error)}`);
            return [];
          });
          return faults
            .filter((fault) => toRange(fault).intersection(range) !== undefined)
            .flatMap((fault) =>
              fault.fixes.map((fix, order) => {
                const action = toAction(document, fix);
                action.diagnostics = [toDiagnostic(fault)];
                action.isPreferred = order === 0 && fault.fixes.length === 1;
                return action;
              }),
            );
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    );
  }
}

function toAction(document: vscode.TextDocument, fix: ConfigFix): vscode.CodeAction {
  const { t } = vscode.l10n;
  const range = toRange(fix);
  const what = plain(fix.text.trim());
  const action = new vscode.CodeAction(
    range.isEmpty ? t('Add "{0}"', what) : t('Change to "{0}"', what),
    vscode.CodeActionKind.QuickFix,
  );
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, range, fix.text);
  return action;
}
