/** The extension under test: activated, with its services and the sample project of the workspace. */
import * as assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { extensionId } from '../../../src/extension/contributions';
import { runCli } from '../../../src/extension/nodeProgram';
import type { Project } from '../../../src/extension/projects/project';
import type { Services } from '../../../src/extension/services';
import { quickModel } from '../../support/cli';

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(extensionId);
  assert.ok(found, `${extensionId} is not installed`);
  return found;
}

/** Activates it where that has not happened and gives its services. */
export async function services(): Promise<Services> {
  const started = (await extension().activate()) as Services | undefined;
  assert.ok(started, 'the extension did not start; see its log');
  return started;
}

/** The sample project, read. */
export async function sampleProject(): Promise<{ services: Services; project: Project }> {
  const started = await services();
  await started.projects.ready();
  const project = started.projects.current;
  assert.ok(project, 'the workspace has no project');
  await project.load();
  assert.equal(project.failure, undefined);
  return { services: started, project };
}

/** Puts the features of `quickModel` into the sample project: a fine-tune by it reads no pixel. */
export async function giveFeatures(project: Project): Promise<void> {
  const features = process.env['OVERREAD_HOST_FEATURES'];
  assert.ok(features, 'the runner of the suites names no features');
  await cp(features, path.join(project.root, '.overread', 'features'), { recursive: true });
}

/** The sample project with a run, which another suite may have made. */
export async function projectWithRun(): ReturnType<typeof sampleProject> {
  const found = await sampleProject();
  const { services: started, project } = found;
  if (project.runs.length === 0) {
    await giveFeatures(project);
    await runCli(started.context.extensionPath, ['finetune', project.root, ...quickModel]);
    await project.refresh('runs');
  }
  return found;
}

/** Waits until `check` gives something. */
export async function until<T>(
  what: string,
  check: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`Never came true: ${what}`);
    await sleep(50);
  }
}

/** The exit code with which the next task of a command ends. */
export function taskEnds(command: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.definition['command'] !== command) return;
      listener.dispose();
      resolve(exitCode);
    });
  });
}

/** The queue of everything, as far as counts in words read it. */
export const countedInImages = [{ isAll: true, counted: { one: '{n} image', other: '{n} images' } }];
