/** Review grids come and go without leaving listeners behind. */
import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands, viewTypes } from '../../src/extension/contributions';
import type { Project } from '../../src/extension/projects/project';
import { renderPage } from '../../src/extension/pages/renderPage';
import { sampleProject, until } from './support/extension';

suite('review grid', () => {
  test('opens once per project and closes without a listener left', async () => {
    const { services, project } = await sampleProject();
    const listeners = countListeners(project);
    for (let round = 0; round < 20; round++) {
      await vscode.commands.executeCommand(commands.reviewAll);
      await vscode.commands.executeCommand(commands.reviewAll);
      await until('the panel is there', () => (services.grids.count === 1 ? true : undefined));
      assert.equal(listeners.count, 1);
      const tab = await until('its tab', () => gridTabs()[0]);
      await vscode.window.tabGroups.close(tab);
      await until('the panel is gone', () => (services.grids.count === 0 ? true : undefined));
      assert.equal(listeners.count, 0);
    }
    listeners.restore();
  });

  test('goes with its project, and leaves the others usable', async () => {
    const { services, project } = await sampleProject();
    const folder = vscode.Uri.joinPath(vscode.Uri.file(project.root), '..', 'short-lived');
    const config = vscode.Uri.joinPath(folder, 'overread.yaml');
    await vscode.workspace.fs.copy(vscode.Uri.file(path.join(project.root, 'overread.yaml')), config);
    const added = await until('the project is found', () => services.projects.get(folder.fsPath));
    services.grids.open(added);
    await until('its tab', () => gridTabs()[0]);
    assert.equal(services.grids.count, 1);
    await vscode.workspace.fs.delete(folder, { recursive: true });
    await until('the grid is closed', () => (services.grids.count === 0 ? true : undefined));
    await until('its tab is gone', () => (gridTabs().length === 0 ? true : undefined));
    assert.equal(services.grids.active, undefined);
  });

  test('its page has a strict policy, one nonce and no data', () => {
    const source = 'https://webview';
    const fake = {
      cspSource: source,
      asWebviewUri: (uri: vscode.Uri) => uri.with({ scheme: 'https', authority: 'webview' }),
    } as unknown as vscode.Webview;
    const page = (translations?: Record<string, string>): string => {
      const row = { name: 'grid', closed: '', allows: { 'img-src': ['blob:'], 'worker-src': ['blob:'] } };
      return renderPage(fake, vscode.Uri.file('/e'), row, { language: 'de"<x>', translations });
    };
    const html = page();
    const nonce = /property="csp-nonce" content="([\w-]{20,})"/.exec(html)?.[1];
    assert.ok(nonce);
    assert.match(html, /default-src 'none'/);
    assert.ok(html.includes(`script-src 'nonce-${nonce}'`));
    assert.ok(!html.includes('unsafe-'));
    assert.ok(html.includes(`img-src ${source} blob:;`), 'what the page states is added');
    assert.ok(html.includes('worker-src blob:;'));
    assert.ok(html.includes('lang="de&quot;&lt;x>"'));
    assert.ok(!html.includes('overread-texts'), 'English needs no translation');
    const german = page({ Errors: 'Fehler "<b>"' });
    assert.ok(german.includes('content="{&quot;Errors&quot;:&quot;Fehler \\&quot;&lt;b>\\&quot;&quot;}"'));
    assert.ok(!page().includes(nonce), 'the nonce is made anew for each page');
  });

  test('a command that works on tiles says so without a grid', async () => {
    const { services } = await sampleProject();
    assert.equal(services.grids.active, undefined);
    // The answer is a message with a button, which nobody presses here: it must not hold up the command for ever.
    let ended = false;
    void vscode.commands.executeCommand('overread.grid.accept').then(() => (ended = true));
    await until('the message is there, and closed', async () => {
      await vscode.commands.executeCommand('notifications.clearAll');
      return ended ? true : undefined;
    });
  });
});

function gridTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewTypes.grid),
    );
}

/** Counts who listens to a project from now on. */
function countListeners(project: Project): { readonly count: number; restore(): void } {
  const mutable = project as { onDidChange: Project['onDidChange'] };
  const original = mutable.onDidChange;
  let count = 0;
  mutable.onDidChange = (...args) => {
    const listener = original(...args);
    count++;
    let ended = false;
    return new vscode.Disposable(() => {
      if (!ended) count--;
      ended = true;
      listener.dispose();
    });
  };
  return {
    get count() {
      return count;
    },
    restore: () => {
      mutable.onDidChange = original;
    },
  };
}
