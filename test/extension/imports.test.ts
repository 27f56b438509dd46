/** Predictions of somebody's own model, brought in from the editor. */
import * as assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/contributions';
import { sampleProject, until } from './support/extension';

suite('imports', () => {
  test('become a run that is listed, and is shown when it is chosen', async () => {
    const { services, project } = await sampleProject();
    const folder = await mkdtemp(path.join(os.tmpdir(), 'overread-import-'));
    const imported = (name: string): string | undefined =>
      project.runs.find(({ record }) => record.name === name)?.record.run;
    /** Has the predictions of a file imported, and gives the run that they become. */
    const bring = async (name: string, probabilities: string): Promise<string> => {
      const [, ...rows] = (await readFile(path.join(project.root, 'samples.csv'), 'utf8')).trim().split('\n');
      const lines = rows.map((row) => `${row.split(',')[0] ?? ''},${probabilities}`);
      const file = path.join(folder, `${name}.csv`);
      await writeFile(file, `path,Normal,Opacity,Nodule\n${lines.join('\n')}\n`);
      const said = { root: project.root, file, values: 'probabilities', seen: 'none' };
      // It ends with a message that waits for a person.
      const done = vscode.commands.executeCommand(commands.importPredictions, said);
      const run = await until('the run is listed', () => imported(name));
      let ended = false;
      void done.then(() => (ended = true));
      await until('the message is there, and closed', async () => {
        await vscode.commands.executeCommand('notifications.clearAll');
        return ended ? true : undefined;
      });
      return run;
    };
    try {
      const other = await bring('other', '0.7,0.2,0.1');
      await vscode.commands.executeCommand(commands.useRun, { root: project.root, run: other });
      await until('the other run is shown', () => (project.summary?.latestRun === other ? true : undefined));
      const run = await bring('theirs', '0.2,0.7,0.1');
      assert.match(run, /-theirs$/);
      assert.equal(project.summary?.latestRun, other, 'it is not shown by itself');

      await vscode.commands.executeCommand(commands.useRun, { root: project.root, run });
      await until('the run is shown', () => (project.summary?.latestRun === run ? true : undefined));
      const errors = project.summary.queues['errors'] ?? 0;
      // Of an image that is no Opacity the model is wrong, always.
      assert.ok(errors > 0);

      // What changed against the run that was shown before opens as lists of their own.
      await services.engine.call('compareRun', project.root, null);
      await project.refresh('runs');
      assert.equal(project.summary.comparedRun, null);
      await vscode.commands.executeCommand(commands.compareWithRun, { root: project.root, run: other });
      assert.equal(project.summary.comparedRun, other);
      const { queueInfos, queues } = project.summary;
      assert.ok(queueInfos.some(({ id }) => id === 'newly-wrong'));
      assert.equal((queues['newly-wrong'] ?? 0) + (queues['still-wrong'] ?? 0), errors);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await until('the grid is closed', () => (services.grids.count === 0 ? true : undefined));
      for (const run of [imported('theirs'), imported('other')]) {
        if (run !== undefined) await services.engine.call('deleteRun', project.root, run);
      }
      await project.refresh('runs');
      await rm(folder, { recursive: true, force: true });
    }
  });
});
