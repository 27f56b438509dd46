/** A report in an editor tab: the file as it is, whose own policy and the tab's let no script run. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { plain } from '../plain';

/** @param file the report, absolute */
export async function showReport(file: string): Promise<void> {
  const html = await fs.readFile(file, 'utf8');
  const panel = vscode.window.createWebviewPanel(
    'overread.report',
    plain(vscode.l10n.t('Report: {0}', path.basename(path.dirname(file)))),
    vscode.ViewColumn.Active,
    { enableScripts: false, localResourceRoots: [] },
  );
  panel.webview.html = html;
}
