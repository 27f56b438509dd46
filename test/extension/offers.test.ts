/** Labels that are offered from the editor: drawn, shown blind, answered, and what is left when the reader leaves. */
import * as assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/contributions';
import { offerQuery } from '../../src/extension/queries';
import { sampleProject, taskEnds, until } from './support/extension';

suite('offered labels', () => {
  test('are shown blind in the grid, and their events say how they came in', async () => {
    const { services, project } = await sampleProject();
    const offers = path.join(project.root, '.overread', 'offers');
    const labels = path.join(project.root, 'labels');
    const { blind } = project.summary ?? {};
    try {
      await vscode.commands.executeCommand(commands.offerLabels, project.root);
      assert.equal(project.summary?.blind, true);
      assert.equal(services.grids.count, 1);
      const [file] = await readdir(offers);
      const { offer } = JSON.parse(await readFile(path.join(offers, file ?? ''), 'utf8')) as {
        offer: string;
      };
      const list = await services.engine.call('query', project.root, offerQuery(project.summary, offer));
      assert.equal(list.total, 10);
      const items = await services.engine.call('items', list.list, 0, 10);
      assert.ok(items.every(({ hidden }) => hidden));
      let open = 10;
      for (const { key } of items) {
        const outcome = await services.engine.call('answer', project.root, {
          ...{ op: 'set', value: 'Normal', items: [key], list: list.list },
        });
        services.grids.tellEdited(project, outcome);
        assert.equal(outcome.offer?.open, --open);
      }
      const [log] = await readdir(labels);
      const lines = (await readFile(path.join(labels, log ?? ''), 'utf8')).trim().split('\n');
      const shown = lines.map((line) => (JSON.parse(line) as { shown: object }).shown);
      assert.ok(shown.every((one) => 'offer' in one && one.offer === offer && 'propensity' in one));

      // What was found is told in a terminal of its own.
      const ended = taskEnds('yield');
      await vscode.commands.executeCommand(commands.showYield, project.root);
      assert.equal(await ended, 0);
    } finally {
      await vscode.commands.executeCommand('notifications.clearAll');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await rm(labels, { recursive: true, force: true });
      await rm(offers, { recursive: true, force: true });
      await project.setBlind(blind === true);
      await until('the labels are gone', () => (project.summary?.queues['edited'] === 0 ? true : undefined));
    }
  });
});
