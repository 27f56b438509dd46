/** The training that 1,000 images are enough for: offered where a Python with PyTorch is there, started at a click, its run shown. */
import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { LayersAdvice } from '../../src/extension/architectures/layersAdvice';
import { commands } from '../../src/extension/contributions';
import { lenses } from '../../src/extension/language/configCodeLens';
import { parseDefinition } from '../../src/extension/tasks/definition';
import { chestProject } from './support/configEditor';
import { sampleProject, until } from './support/extension';

const run = promisify(execFile);
/** What a training imports (`src/core/trainers/torch/python.ts`). */
const packages = ['torch', 'timm', 'torchvision', 'safetensors', 'numpy'];

suite('training of the last block', () => {
  test('is offered from 1,000 images on, where a Python has PyTorch', async () => {
    const { services, project, catalog, restore } = await chestProject();
    const folder = await mkdtemp(path.join(os.tmpdir(), 'overread-pythons-'));
    try {
      const suggestion = { ...catalog.suggestion!, train: 'last block' as const, trainingSamples: 4200 };
      const adviceOf = (offered: readonly string[], many = true): LayersAdvice =>
        new LayersAdvice({
          engine: services.engine,
          catalogs: { of: () => Promise.resolve(many ? { ...catalog, suggestion } : catalog) },
          pythons: { ask: () => Promise.resolve(), offered: () => offered },
        });
      // A real Python; of the packages it is looked up whether they are there.
      const environment = path.join(folder, 'environment');
      await run('python3', ['-m', 'venv', '--without-pip', environment]);
      const python = path.join(environment, 'bin', 'python');
      const { stdout } = await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
      for (const name of packages) {
        await mkdir(path.join(stdout.trim(), name));
        await writeFile(path.join(stdout.trim(), name, '__init__.py'), '');
      }
      assert.equal(await adviceOf([path.join(folder, 'none'), python]).of(project.root), 'last block');
      assert.equal(await adviceOf([python], false).of(project.root), 'last layer');
      // The first on PATH trains as well, where it can.
      await rm(path.join(stdout.trim(), 'torch'), { recursive: true });
      assert.equal(
        await adviceOf([python]).of(project.root),
        (await services.engine.call('isTorchHere', [])) ? 'last block' : null,
      );

      const document = await vscode.workspace.openTextDocument(project.configFile);
      const shown = async (offered: 'last block' | 'last layer' | null) =>
        (await lenses(services.projects, { of: () => Promise.resolve(offered) }, document)).map(
          ({ command }) => command,
        );
      const [, second] = await shown('last block');
      assert.deepEqual(
        [second?.title, second?.command, second?.arguments],
        ['Fine-tune last block', commands.finetuneLastBlock, [project.root]],
      );
      for (const offered of ['last layer', null] as const)
        assert.ok((await shown(offered)).every((one) => one?.command !== commands.finetuneLastBlock));
    } finally {
      await restore();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('trains by PyTorch as a task and a job, and its run is shown', async function () {
    const python = process.env['OVERREAD_TEST_PYTHON'];
    // NOT TESTED: `npm run test:torch` makes the Python that this needs.
    if (python === undefined) return this.skip();
    const { services, project } = await sampleProject();
    const settings = vscode.workspace.getConfiguration('overread', project.uri);
    const chosen = {
      ...{ python, device: 'cpu' },
      ...{ architecture: 'mobilenetv3_small_100', weights: 'random:1' },
    };
    const file = project.configFile.fsPath;
    const before = await readFile(file, 'utf8');
    const started: (string | undefined)[] = [];
    const ended: (number | undefined)[] = [];
    const listeners = [
      vscode.tasks.onDidStartTask(({ execution }) =>
        started.push(parseDefinition(execution.task.definition)?.layers),
      ),
      vscode.tasks.onDidEndTaskProcess(({ exitCode }) => ended.push(exitCode)),
    ];
    try {
      const short = 'C: 0.01\n  deep:\n    epochs: 1\n    patience: 0';
      await writeFile(file, before.replace(/C: auto.*/, short).replace('folds: 5', 'folds: 2'));
      for (const [name, value] of Object.entries(chosen))
        await settings.update(name, value, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand(commands.finetuneLastBlock, project.root);
      await until('the task is there', () => (started.length > 0 ? true : undefined));
      assert.deepEqual(started, ['last-block']);
      await until('the job is there', async () => {
        await services.jobs.look(project.root);
        return services.jobs.running(project.root);
      });
      await until('its run is listed', () => (project.runs.length === 1 ? true : undefined), 200_000);
      await until('the task has ended', () => (ended.length > 0 ? true : undefined));
      assert.deepEqual(ended, [0]);
      const { record } = project.runs[0]!;
      assert.equal(record.trainer.name, 'torch');
      assert.equal(project.summary?.latestRun, record.run);
      const [job] = await services.engine.call('jobs', project.root);
      assert.deepEqual([job?.state, job?.trains], ['ended', true]);
      const { training } = await services.engine.call('training', project.root, job!.job);
      assert.ok(training.networks.every(({ points }) => points.length === 1));
    } finally {
      for (const listener of listeners) listener.dispose();
      await writeFile(file, before);
      for (const name of Object.keys(chosen))
        await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('notifications.clearAll');
      for (const { record } of project.runs)
        await services.engine.call('deleteRun', project.root, record.run);
      await rm(path.join(project.root, '.overread'), { recursive: true, force: true });
      await project.refresh('dataset');
      await project.refresh('runs');
    }
  });
});
