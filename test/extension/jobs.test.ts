/** Jobs of the window's projects: found, whoever started them, followed, ended; the run of one that ends is picked up. */
import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands, taskType } from '../../src/extension/contributions';
import { JobWatcher } from '../../src/extension/jobs/jobWatcher';
import { childEnvironment, programFile } from '../../src/extension/nodeProgram';
import type { Project } from '../../src/extension/projects/project';
import type { Services } from '../../src/extension/services';
import { sampleProject, until } from './support/extension';

const run = promisify(execFile);
const quick = ['--architecture', 'tf_efficientnet_lite0', '--device', 'cpu'];

/** Starts a job as somebody in another window or terminal does. */
async function startElsewhere(services: Services, project: Project, seed: number): Promise<string> {
  const cli = programFile(services.context.extensionPath, 'cli');
  const line = [
    'finetune',
    project.root,
    ...quick,
    '--weights',
    `random:${String(seed)}`,
    '--detach',
    '--json',
  ];
  const { stdout } = await run(process.execPath, [cli, ...line], { env: childEnvironment(process.env) });
  return (JSON.parse(stdout) as { job: string }).job;
}

async function stateOf(services: Services, project: Project, job: string): Promise<string | undefined> {
  const jobs = await services.engine.call('jobs', project.root);
  return jobs.find((one) => one.job === job)?.state;
}

/** Messages wait for a person. */
const closeMessages = (): Thenable<void> => vscode.commands.executeCommand('notifications.clearAll');

async function cleanUp(services: Services, project: Project): Promise<void> {
  await closeMessages();
  for (const { record } of project.runs) await services.engine.call('deleteRun', project.root, record.run);
  await rm(path.join(project.root, '.overread'), { recursive: true, force: true });
  await project.refresh('runs');
}

suite('jobs', () => {
  test('one that another window started is found, shown, and its run picked up', async () => {
    const { services, project } = await sampleProject();
    try {
      assert.equal(services.jobs.running(project.root), undefined);
      const job = await startElsewhere(services, project, 1);
      await services.jobs.look(project.root);
      assert.equal(services.jobs.running(project.root)?.job, job);
      await vscode.commands.executeCommand(commands.followJob, project.root);
      await until('a task shows what it prints', () => services.taskWatcher.running('follow', project.root));
      await until(
        'its run is listed',
        () => project.runs.find(({ record }) => record.trainer.name === 'last-layer'),
        150_000,
      );
      await until(
        'nothing is under way',
        () => services.jobs.running(project.root) === undefined || undefined,
      );
      assert.equal(await stateOf(services, project, job), 'ended');
    } finally {
      await cleanUp(services, project);
    }
  });

  test('a window that is loaded anew finds the job of the one before, and tells how it ended', async () => {
    const { services, project } = await sampleProject();
    const { projects, engine, outcomes, log } = services;
    const memory = services.context.workspaceState;
    const before = new JobWatcher({ projects, engine, outcomes, isShown: () => false, log, memory });
    let after: JobWatcher | undefined;
    try {
      const job = await startElsewhere(services, project, 2);
      await before.look(project.root);
      before.dispose();
      assert.deepEqual(memory.get(`jobs ${project.root}`), [job]);
      after = new JobWatcher({ projects, engine, outcomes, isShown: () => false, log, memory });
      await after.look(project.root);
      await until(
        'its run is listed',
        () => project.runs.find(({ record }) => record.network?.weights.name.includes('random-2')),
        150_000,
      );
      await until(
        'it is forgotten',
        () => memory.get<string[]>(`jobs ${project.root}`)?.length === 0 || undefined,
      );
    } finally {
      before.dispose();
      after?.dispose();
      await cleanUp(services, project);
    }
  });

  test('the end of its terminal is not its end; the command ends it', async () => {
    const { services, project } = await sampleProject();
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    try {
      const definition = {
        ...{ type: taskType, command: 'finetune', project: 'project', device: 'cpu' },
        ...{ architecture: 'vgg16', weights: 'random:1' },
      };
      const task = services.tasks.resolveTask(new vscode.Task(definition, folder, 'mine', taskType));
      assert.ok(task);
      const execution = await vscode.tasks.executeTask(task);
      const job = await until('the job is found', () => services.jobs.running(project.root));
      execution.terminate();
      await until(
        'its task is gone',
        () => services.taskWatcher.finetuning(project.root) === undefined || undefined,
      );
      await services.jobs.look(project.root);
      assert.equal(services.jobs.running(project.root)?.job, job.job);
      await until('it goes on', async () =>
        (await stateOf(services, project, job.job)) === 'running' ? true : undefined,
      );
      await vscode.commands.executeCommand(commands.cancelJob, project.root);
      await until('it is cancelled', async () =>
        (await stateOf(services, project, job.job)) === 'cancelled' ? true : undefined,
      );
      assert.equal(services.jobs.running(project.root), undefined);
      await project.refresh('runs');
      assert.deepEqual(project.runs, []);
    } finally {
      await cleanUp(services, project);
    }
  });

  test('fine-tuning a project whose job is under way starts no second one', async () => {
    const { services, project } = await sampleProject();
    try {
      const job = await startElsewhere(services, project, 3);
      await services.jobs.look(project.root);
      // It ends with a message that waits for a person.
      const asked = vscode.commands.executeCommand(commands.finetune, project.root);
      let ended = false;
      void asked.then(() => (ended = true));
      await until('the message is there, and closed', async () => {
        await closeMessages();
        return ended ? true : undefined;
      });
      assert.equal(services.taskWatcher.finetuning(project.root), undefined);
      assert.deepEqual(
        (await services.engine.call('jobs', project.root)).map((one) => one.job),
        [job],
      );
      await vscode.commands.executeCommand(commands.cancelJob, project.root);
      await until(
        'nothing is under way',
        () => services.jobs.running(project.root) === undefined || undefined,
      );
    } finally {
      await cleanUp(services, project);
    }
  });
});
