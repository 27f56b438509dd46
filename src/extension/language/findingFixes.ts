/** Quick fixes of what the check found, at its row of the table or line of overread.yaml. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { waysOut } from '../checks/waysOut';
import type { Disposable } from '../disposables';
import { plain } from '../plain';
import type { Contribution } from '../services';
import type { ShownFinding, TableDiagnostics } from './tableDiagnostics';

export class FindingFixes implements Contribution {
  constructor(private readonly diagnostics: TableDiagnostics) {}

  register(): Disposable {
    return vscode.languages.registerCodeActionsProvider(
      { scheme: 'file' },
      {
        provideCodeActions: ({ uri }, range) => {
          const here = this.diagnostics.at(uri, range);
          return here.flatMap((shown) => actionsOf(shown, here.length > 1));
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    );
  }
}

/** @param isOneOfSeveral of the line: each says what it is about */
function actionsOf(
  { project, finding, diagnostic }: ShownFinding,
  isOneOfSeveral: boolean,
): vscode.CodeAction[] {
  const about = isOneOfSeveral ? ` (${vscode.l10n.t(finding.title)}, ${namesOf(finding.samples)})` : '';
  return waysOut(finding).map(({ title, command }) => {
    const action = new vscode.CodeAction(plain(title + about), vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.command = { command, title, arguments: [{ root: project.root, finding: finding.id }] };
    return action;
  });
}

function namesOf(samples: readonly string[]): string {
  const named = samples.slice(0, 2).map((sample) => path.posix.basename(sample));
  return named.join(', ') + (samples.length > 2 ? ', …' : '');
}
