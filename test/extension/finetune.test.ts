/** Fine-tuning on cached features: the engine does it behind the task, without a job, and its run is shown. */
import * as assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/contributions';
import { projectWithRun, until } from './support/extension';

// That of the run.
const network = { architecture: 'tf_efficientnet_lite0', weights: 'random:1', device: 'cpu' } as const;

suite('fine-tuning', () => {
  test('on cached features is done by the engine behind the task, and makes no job', async () => {
    const { services, project } = await projectWithRun();
    const settings = vscode.workspace.getConfiguration('overread', project.uri);
    const ended: (number | undefined)[] = [];
    const listener = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => ended.push(exitCode));
    try {
      const before = project.runs.length;
      for (const [name, value] of Object.entries(network)) {
        await settings.update(name, value, vscode.ConfigurationTarget.Global);
      }
      await vscode.commands.executeCommand(commands.finetune, project.root);
      await until('its run is listed', () => (project.runs.length > before ? true : undefined), 150_000);
      await until('the task has ended', () => (ended.length > 0 ? true : undefined));
      assert.deepEqual(ended, [0]);
      assert.deepEqual(await services.engine.call('jobs', project.root), []);
      assert.equal(services.taskWatcher.finetuning(project.root), undefined);
      const [newest] = project.runs;
      assert.equal(newest?.record.network?.weights.name, 'tf_efficientnet_lite0.random-1');
      assert.equal(project.summary?.latestRun, newest.record.run);
    } finally {
      listener.dispose();
      for (const name of Object.keys(network)) {
        await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
      }
      await vscode.commands.executeCommand('notifications.clearAll');
      for (const { record } of project.runs) {
        await services.engine.call('deleteRun', project.root, record.run);
      }
      await rm(path.join(project.root, '.overread'), { recursive: true, force: true });
      await project.refresh('runs');
    }
  });
});
