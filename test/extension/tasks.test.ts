/** Tasks of type overread: offered, resolved from tasks.json, and their command lines. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { taskType } from '../../src/extension/contributions';
import { commandLine, parseDefinition } from '../../src/extension/tasks/definition';
import { sampleProject } from './support/extension';

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
    assert.deepEqual(task.execution.args.slice(1), ['finetune', project.root, '--folds', '3', '--name', 'x']);
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

  test('empty fields give no options', () => {
    assert.deepEqual(commandLine({ type: taskType, command: 'finetune', weights: '', device: 'cpu' }, '/p'), [
      'finetune',
      '/p',
      '--device',
      'cpu',
    ]);
    assert.deepEqual(commandLine({ type: taskType, command: 'doctor' }, ''), ['doctor']);
    assert.deepEqual(commandLine({ type: taskType, command: 'compare', truncations: 'all' }, '/p'), [
      'compare',
      '/p',
      '--truncations',
      'all',
    ]);
  });
});
