/** Tasks of type overread: offered, resolved from tasks.json, and their command lines. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands, taskType } from '../../src/extension/contributions';
import { commandLine, parseDefinition } from '../../src/extension/tasks/definition';
import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { giveFeatures, sampleProject, until } from './support/extension';

suite('tasks', () => {
  test('each project offers its fine-tuning', async () => {
    await sampleProject();
    const tasks = await vscode.tasks.fetchTasks({ type: taskType });
    const task = tasks.find(({ definition }) => definition['project'] === 'project');
    assert.ok(task, 'no task for the sample');
    assert.equal(task.definition['command'], 'finetune');
    assert.match(task.name, /project/);
  });

  test('a resolved task keeps the identical definition and runs the CLI without a shell', async () => {
    const { services, project } = await sampleProject();
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const definition = { type: taskType, command: 'finetune', project: 'project', name: 'x', folds: 3 };
    const task = services.tasks.resolveTask(new vscode.Task(definition, folder, 'mine', taskType));
    assert.ok(task);
    assert.equal(task.definition, definition);
    assert.ok(task.execution instanceof vscode.ProcessExecution);
    assert.equal(task.execution.process, process.execPath);
    assert.deepEqual(task.execution.args.slice(1), [
      ...['finetune', project.root, '--job'],
      ...['--folds', '3', '--name', 'x'],
    ]);
    assert.equal(task.execution.options?.env?.['ELECTRON_RUN_AS_NODE'], '1');
    assert.equal(task.execution.options.env['NODE_OPTIONS'], '');
  });

  test('a definition that does not fit is not resolved', () => {
    assert.equal(parseDefinition({ type: taskType, command: 'rm' }), undefined);
    assert.equal(parseDefinition({ type: taskType, command: 'finetune', weights: 3 }), undefined);
    assert.equal(parseDefinition({ type: 'shell', command: 'finetune' }), undefined);
    assert.ok(parseDefinition({ type: taskType, command: 'export', run: 'r' }));
  });

  test('a comparison is a task of its own, named after its project', async () => {
    const { services, project } = await sampleProject();
    const task = services.tasks.compareTask(project, { architectures: 'a,b:random' });
    assert.deepEqual(task.definition, {
      type: taskType,
      command: 'compare',
      architectures: 'a,b:random',
      project: 'project',
    });
    assert.match(task.name, /^Compare networks \(.+\)$/);
    assert.ok(task.execution instanceof vscode.ProcessExecution);
    assert.deepEqual(task.execution.args.slice(1), [
      'compare',
      project.root,
      '--architectures',
      'a,b:random',
    ]);
    assert.equal(parseDefinition({ type: taskType, command: 'compare', truncations: 3 }), undefined);
  });

  test('setting up CUDA is a task that belongs to no project, and a command that starts it', async () => {
    const { services } = await sampleProject();
    const task = services.tasks.setUpCudaTask();
    assert.deepEqual(task.definition, { type: taskType, command: 'setup-cuda' });
    assert.ok(task.execution instanceof vscode.ProcessExecution);
    assert.equal(task.execution.process, process.execPath);
    assert.deepEqual(task.execution.args.slice(1), ['setup-cuda']);
    assert.ok((await vscode.commands.getCommands(true)).includes(commands.setUpCuda));
  });

  test('a sweep is a task of its own: a space is declared in overread.yaml, and the device is the setting’s', async () => {
    const { services, project } = await sampleProject();
    const task = services.tasks.sweepTask(project);
    assert.equal(task.definition['command'], 'sweep');
    assert.match(task.name, /^Sweep settings \(.+\)$/);
    assert.ok(task.execution instanceof vscode.ProcessExecution);
    assert.deepEqual(task.execution.args.slice(1, 3), ['sweep', project.root]);
    assert.deepEqual(commandLine({ type: taskType, command: 'sweep', device: 'cpu' }, '/p'), [
      ...['sweep', '/p', '--device', 'cpu'],
    ]);
  });

  test('empty fields give no options', () => {
    assert.deepEqual(commandLine({ type: taskType, command: 'finetune', weights: '', device: 'cpu' }, '/p'), [
      'finetune',
      '/p',
      '--job',
      '--device',
      'cpu',
    ]);
    assert.deepEqual(commandLine({ type: taskType, command: 'doctor' }, ''), ['doctor']);
    assert.deepEqual(commandLine({ type: taskType, command: 'check' }, '/p'), ['check', '/p']);
    assert.deepEqual(commandLine({ type: taskType, command: 'relink' }, '/p'), ['relink', '/p']);
    assert.deepEqual(commandLine({ type: taskType, command: 'relink', in: '/old' }, '/p'), [
      ...['relink', '/p', '--in', '/old'],
    ]);
    assert.deepEqual(commandLine({ type: taskType, command: 'compare', truncations: 'all' }, '/p'), [
      'compare',
      '/p',
      '--truncations',
      'all',
    ]);
  });

  // 8.12: what only a task finds stays, whatever is read afterwards, and what the table says stays beside it.
  test('a fine-tuning leaves the faults of images in the Problems panel', async () => {
    const { services, project } = await sampleProject();
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const image = path.join(project.root, 'images', 'P0001_1.png');
    const table = path.join(project.root, 'samples.csv');
    const [sound, rows] = await Promise.all([readFile(image), readFile(table)]);
    const codes = (): unknown[] =>
      [image, table].flatMap((file) =>
        vscode.languages.getDiagnostics(vscode.Uri.file(file)).map(({ code }) => code),
      );
    const occurs = (code: string): number => codes().filter((one) => one === code).length;
    try {
      await giveFeatures(project);
      await writeFile(image, sound.subarray(0, 40));
      await writeFile(table, `${rows.toString('utf8')}images/P0001_2.png,Normal,P0001,AP,22,M\n`);
      await project.refresh('dataset');
      await until('the table is checked', () => (occurs('OVR203') === 1 ? true : undefined));

      const definition = {
        ...{ type: taskType, command: 'finetune', project: 'project', device: 'cpu' },
        ...{ architecture: 'tf_efficientnet_lite0', weights: 'random:1' },
      };
      const task = services.tasks.resolveTask(new vscode.Task(definition, folder, 'mine', taskType));
      assert.ok(task);
      const ended = new Promise((resolve) => {
        const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
          if (execution.task.definition['weights'] !== 'random:1') return;
          listener.dispose();
          resolve(exitCode);
        });
      });
      await vscode.tasks.executeTask(task);
      assert.equal(await ended, 0);
      await until('the image is reported', () => (occurs('OVR301') === 1 ? true : undefined));
      await until('the run is listed', () => (project.hasRun ? true : undefined));
      for (const what of ['dataset', 'labels', 'runs'] as const) {
        await project.refresh(what);
        assert.equal(occurs('OVR301'), 1, `after ${what} are read`);
        assert.equal(occurs('OVR203'), 1, `after ${what} are read`);
      }
    } finally {
      await Promise.all([writeFile(image, sound), writeFile(table, rows)]);
      for (const { record } of project.runs) {
        await services.engine.call('deleteRun', project.root, record.run);
      }
      await project.refresh('dataset', 'runs');
    }
    // The table is another now: rows of before are not to be shown. What a check has found of it still holds.
    await until('stale rows are gone', () => (occurs('OVR301') + occurs('OVR203') === 0 ? true : undefined));
  });
});
