/** Cohorts and the map in the editor: opened once for a project, found again after a reload, served by the engine. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands, viewTypes } from '../../src/extension/contributions';
import { queueQuery, samplesQuery, wholeQueue } from '../../src/extension/queries';
import { projectWithRun, until } from './support/extension';

function tabs(viewType: string): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType));
}

suite('looking at a project as a whole', () => {
  for (const [command, viewType, pagesOf] of [
    [commands.openCohorts, viewTypes.cohorts, 'cohorts'],
    [commands.openMap, viewTypes.map, 'maps'],
  ] as const) {
    test(`${command} opens one page, which is found again by its state`, async function () {
      this.timeout(180_000);
      const { services, project } = await projectWithRun();
      const { pages } = services[pagesOf];
      const countIs = (count: number): Promise<true> =>
        until(`${String(count)} page(s)`, () => (pages.all.length === count ? true : undefined));
      await vscode.commands.executeCommand(command, project.root);
      await vscode.commands.executeCommand(command, project.root);
      await countIs(1);
      await until('one tab', () => (tabs(viewType).length === 1 ? true : undefined));
      await vscode.window.tabGroups.close(tabs(viewType));
      await countIs(0);
      const restore = (state: unknown): vscode.WebviewPanel => {
        const panel = vscode.window.createWebviewPanel(viewType, 'x', vscode.ViewColumn.Active);
        void pages.deserializeWebviewPanel(panel, state);
        return panel;
      };
      restore({ v: 1, root: project.root });
      await countIs(1);
      for (const state of [
        undefined,
        { v: 2, root: project.root },
        { v: 1, root: '/' },
        { v: 1, root: project.root },
      ]) {
        const panel = restore(state);
        let ended = false;
        panel.onDidDispose(() => (ended = true));
        await until('a second page, or one of nothing, is closed', () => (ended ? true : undefined));
        assert.equal(pages.all.length, 1);
      }
      await vscode.window.tabGroups.close(tabs(viewType));
      await countIs(0);
    });
  }

  test('the images of a cohort and of a lasso are those of the grid', async function () {
    this.timeout(180_000);
    const { services, project } = await projectWithRun();
    const { engine } = services;
    assert.ok(project.summary);
    const { summary } = project;
    const report = await engine.call('cohorts', project.root, 'train');
    const cohort = report.columns[0]?.cohorts[0];
    assert.ok(cohort);
    const query = { ...queueQuery(wholeQueue(summary), summary), splits: ['train' as const] };
    const wrong = await engine.call('query', project.root, {
      ...query,
      where: `(${cohort.where}) AND wrong`,
    });
    assert.equal(wrong.total, cohort.errors.errors);
    const map = await engine.call('map', project.root);
    const some = (JSON.parse(map.samples) as string[]).slice(0, 5);
    const list = await engine.call('query', project.root, samplesQuery(summary, some));
    assert.equal(list.total, 5);
  });
});
