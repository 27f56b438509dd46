/** All of the window for the review, and back: what the layout of the editors is then. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { FullWindow } from '../../src/extension/grid/fullWindow';
import { until } from './support/extension';

interface Layout {
  readonly groups: readonly { readonly size: number }[];
}

async function sizes(): Promise<readonly number[]> {
  const layout = await vscode.commands.executeCommand<Layout>('vscode.getEditorLayout');
  return layout.groups.map(({ size }) => Math.round(size * 100));
}

suite('all of the window', () => {
  test('is given back as it was, also where that is asked before it is taken', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const document = await vscode.workspace.openTextDocument({ content: 'one' });
    for (const viewColumn of [vscode.ViewColumn.One, vscode.ViewColumn.Two])
      await vscode.window.showTextDocument(document, { viewColumn, preview: false });
    await until('there are two groups', () => vscode.window.tabGroups.all.length === 2 || undefined);
    await vscode.commands.executeCommand('vscode.setEditorLayout', {
      orientation: 0,
      groups: [{ size: 0.4 }, { size: 0.6 }],
    });
    const before = await sizes();
    assert.equal(before.length, 2);
    const window = new FullWindow();
    assert.equal(await window.restore(), false, 'what was not taken gives nobody the keys');
    assert.equal(await window.toggle(['sideBar']), true);
    assert.notDeepEqual(await sizes(), before);
    await window.toggle([]);
    assert.deepEqual(await sizes(), before);
    // What the second press says is on show is on its way out.
    await Promise.all([window.toggle(['sideBar', 'panel']), window.toggle(['panel'])]);
    assert.deepEqual(await sizes(), before);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
