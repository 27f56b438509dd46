/**
 * Which Python a training is offered: asked of extensions that have the ids and the APIs of Microsoft's, installed in the host's own
 * extensions folder (test/extension/pythonExtensions).
 */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands, taskType } from '../../src/extension/contributions';
import type { Project } from '../../src/extension/projects/project';
import { EditorPythons, pythonVariables } from '../../src/extension/python/editorPythons';
import type { Services } from '../../src/extension/services';
import { sampleProject } from './support/extension';

interface Choosing<Chosen> {
  choose(folder: vscode.Uri, chosen: Chosen): void;
}

async function apiOf<Chosen>(id: string): Promise<Choosing<Chosen>> {
  const extension = vscode.extensions.getExtension<Choosing<Chosen>>(id);
  assert.ok(extension, `${id} is not in the host's extensions folder`);
  return extension.activate();
}

/** What a fine-tuning of the project would be started with. */
function offered(
  { tasks }: Services,
  project: Project,
): Readonly<Record<'chosen' | 'setting', string | undefined>> {
  const { execution } = tasks.finetuneTask(project);
  assert.ok(execution instanceof vscode.ProcessExecution);
  const env = execution.options?.env ?? {};
  return { chosen: env[pythonVariables.chosen], setting: env[pythonVariables.setting] };
}

suite('the Python of a training', () => {
  test('is the environment chosen in VS Code, asked before the task is made', async () => {
    const { services, project } = await sampleProject();
    const environments = await apiOf<string | Error | undefined>('ms-python.vscode-python-envs');
    const python = await apiOf<vscode.Uri | undefined>('ms-python.python');
    const settings = vscode.workspace.getConfiguration('overread');
    try {
      // Listing the tasks asks what is active already.
      environments.choose(project.uri, '/envs/torch/bin/python');
      await services.tasks.provideTasks();
      assert.deepEqual(offered(services, project), { chosen: '/envs/torch/bin/python', setting: undefined });

      // The environments of the older extension are the second to be asked.
      environments.choose(project.uri, undefined);
      python.choose(project.uri, vscode.Uri.file('/older/bin/python'));
      await services.tasks.provideTasks();
      assert.equal(offered(services, project).chosen, '/older/bin/python');
      environments.choose(project.uri, new Error('no environments here'));
      await services.tasks.provideTasks();
      assert.equal(offered(services, project).chosen, '/older/bin/python');

      // A name alone would be looked up anew by whoever starts it.
      python.choose(project.uri, undefined);
      environments.choose(project.uri, 'python');
      await settings.update('python', '/opt/torch/bin/python', vscode.ConfigurationTarget.Global);
      await services.tasks.provideTasks();
      assert.deepEqual(offered(services, project), { chosen: undefined, setting: '/opt/torch/bin/python' });
    } finally {
      environments.choose(project.uri, undefined);
      python.choose(project.uri, undefined);
      await settings.update('python', undefined, vscode.ConfigurationTarget.Global);
      await services.tasks.provideTasks();
    }
    assert.deepEqual(offered(services, project), { chosen: undefined, setting: undefined });
  });

  test('is of each folder, and a project without one has none', async () => {
    const { services, project } = await sampleProject();
    const environments = await apiOf<string | undefined>('ms-python.vscode-python-envs');
    const pythons = new EditorPythons(services.log);
    environments.choose(project.uri, '/envs/one/bin/python');
    try {
      await pythons.ask(project.uri, true);
      assert.deepEqual(pythons.variables(project.uri), { [pythonVariables.chosen]: '/envs/one/bin/python' });
      assert.deepEqual(pythons.variables(vscode.Uri.file('/elsewhere')), {});
    } finally {
      environments.choose(project.uri, undefined);
    }
  });

  test('is set up by a task of its own, which asks in its terminal', async () => {
    const { services } = await sampleProject();
    const task = services.tasks.setUpPythonTask();
    assert.deepEqual(task.definition, { type: taskType, command: 'setup-python' });
    assert.ok(task.execution instanceof vscode.ProcessExecution);
    assert.deepEqual(task.execution.args.slice(1), ['setup-python']);
    assert.equal(task.presentationOptions.focus, true);
    assert.ok((await vscode.commands.getCommands(true)).includes(commands.setUpPython));
  });
});
