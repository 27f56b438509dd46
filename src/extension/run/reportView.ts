/** Reports in editor tabs: each file as it is, whose own policy and the tab's let no script run. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../disposables';
import { plain } from '../plain';

export class Reports implements Disposable {
  /** By file: a report that is written again comes back to its tab. */
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  get count(): number {
    return this.panels.size;
  }

  /** @param file the report, absolute */
  async show(file: string): Promise<void> {
    const html = await fs.readFile(file, 'utf8');
    const panel = this.panels.get(file) ?? this.open(file);
    panel.webview.html = html;
    panel.reveal();
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }

  private open(file: string): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      'overread.report',
      plain(vscode.l10n.t('Report: {0}', path.basename(path.dirname(file)))),
      vscode.ViewColumn.Active,
      { enableScripts: false, localResourceRoots: [] },
    );
    this.panels.set(file, panel);
    panel.onDidDispose(() => this.panels.delete(file));
    return panel;
  }
}
