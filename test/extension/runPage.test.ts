/** The page of a run and its report in the editor. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands, viewTypes } from '../../src/extension/contributions';
import { projectWithRun, until } from './support/extension';

suite('the page of a run', () => {
  test('opens once, is found again by its state, and goes with its run', async function () {
    this.timeout(180_000);
    const { services, project } = await projectWithRun();
    const run = project.runs[0]?.record.run;
    assert.ok(run !== undefined, 'the sample project has a run');
    const countIs = async (count: number): Promise<void> => {
      await until(`${String(count)} page(s)`, () => (services.runPages.count === count ? true : undefined));
    };
    await vscode.commands.executeCommand(commands.openRun, { root: project.root, run });
    await countIs(1);
    await vscode.commands.executeCommand(commands.openRun, { root: project.root, run });
    assert.equal(services.runPages.count, 1);
    await closeTab(viewTypes.run);
    await countIs(0);
    const state = { v: 1, root: project.root, run };
    const restore = (saved: unknown): vscode.WebviewPanel => {
      const panel = vscode.window.createWebviewPanel(viewTypes.run, 'x', vscode.ViewColumn.Active);
      void services.runPages.pages.deserializeWebviewPanel(panel, saved);
      return panel;
    };
    const kept = restore(state);
    await countIs(1);
    assert.match(kept.title, /^Run: /);
    for (const other of [undefined, { ...state, v: 2 }, { ...state, root: '/' }, state]) {
      const panel = restore(other);
      let ended = false;
      panel.onDidDispose(() => (ended = true));
      await until('a second page, or one of nothing, is closed', () => (ended ? true : undefined));
      assert.equal(services.runPages.count, 1);
    }
    await closeTab(viewTypes.run);
    await countIs(0);
  });

  test('a report is written into the run and opened without scripts, again in its tab', async function () {
    this.timeout(180_000);
    const { services, project } = await projectWithRun();
    const { record, dir } = project.runs[0] ?? {};
    assert.ok(record && dir);
    const file = path.join(dir, 'report.html');
    for (const _ of ['written', 'written again']) {
      await fs.rm(file, { force: true });
      await vscode.commands.executeCommand(commands.report, { root: project.root, run: record.run });
      assert.match(await fs.readFile(file, 'utf8'), /<section id="curves">/);
      assert.equal(services.reports.count, 1);
    }
    await closeTab('overread.report');
    await until('its tab is forgotten', () => (services.reports.count === 0 ? true : undefined));
  });
});

/** Closes the one tab of a kind; the editor lists a tab a little after it was opened. */
async function closeTab(viewType: string): Promise<void> {
  const tabs = await until(`one tab of ${viewType}`, () => {
    const found = tabsOf(viewType);
    return found.length === 1 ? found : undefined;
  });
  await vscode.window.tabGroups.close(tabs);
}

function tabsOf(viewType: string): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType)),
  );
}
