/** A filter that is kept as a queue of the project: nothing of it is run before it is opened, and then it is counted. */
import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/contributions';
import { savedQuery } from '../../src/extension/queries';
import { ProjectTree } from '../../src/extension/views/projectTree';
import { QueuesView } from '../../src/extension/views/queuesView';
import { sampleProject, until } from './support/extension';

const name = 'Of two patients';
const where = "\"group\" in ('P0001', 'P0002')";

suite('a queue of the project', () => {
  let before = '';

  suiteTeardown(async () => {
    const { project } = await sampleProject();
    writeFileSync(project.configFile.fsPath, before);
    await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs));
    await until('the project is as it was', async () => {
      await project.refresh('dataset');
      return project.summary?.savedQueues.length === 0 ? true : undefined;
    });
  });

  test('has no count before it is opened; opened, it lists and counts what its filter finds', async () => {
    const { services, project } = await sampleProject();
    before = readFileSync(project.configFile.fsPath, 'utf8');
    const queues = `review:\n  queues: { ${JSON.stringify(name)}: ${JSON.stringify(where)} }\n`;
    assert.match(before, /^review:\n/m);
    writeFileSync(
      project.configFile.fsPath,
      before.replace(/^review:\n/m, () => queues),
    );
    await project.refresh('dataset');
    const summary = project.summary;
    assert.ok(summary);
    const queue = summary.savedQueues.find((saved) => saved.name === name);
    assert.ok(queue, JSON.stringify(summary.savedQueues));

    const tree = new QueuesView().register(services);
    assert.ok(tree instanceof ProjectTree);
    const row = async (): Promise<vscode.TreeItem | undefined> =>
      (await tree.getChildren()).map((node) => tree.getTreeItem(node)).find(({ label }) => label === name);
    const closed = await row();
    assert.ok(closed);
    assert.equal(closed.description, '');
    assert.equal(closed.tooltip, where);
    assert.equal(closed.command?.command, commands.openSavedQueue);
    assert.equal(project.savedCount(name), undefined);

    const { list, total } = await services.engine.call('query', project.root, savedQuery(summary, queue));
    const items = await services.engine.call('items', list, 0, total);
    assert.ok(total > 1);
    assert.ok(items.every(({ sample }) => /P000[12]_/.test(sample)));
    assert.equal(project.savedCount(name), undefined, 'only what a person opens is counted');
    const opening = (closed.command.arguments ?? []) as readonly unknown[];
    await vscode.commands.executeCommand(closed.command.command, ...opening);
    await until('the page has opened it, and it is counted', () =>
      project.savedCount(name) === total ? true : undefined,
    );
    const opened = await row();
    assert.equal(opened?.description, total.toLocaleString());
    tree.dispose();
  });
});
