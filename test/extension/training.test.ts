/** The curves of a training in the editor: opened by command, status bar and row; follows the job's files; found again; stopped. */
import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands, viewTypes } from '../../src/extension/contributions';
import { childEnvironment, programFile } from '../../src/extension/nodeProgram';
import type { Project } from '../../src/extension/projects/project';
import type { Services } from '../../src/extension/services';
import { showEdits } from '../../src/extension/statusBar';
import { jobNodes } from '../../src/extension/views/jobNodes';
import { madeUpLines, madeUpPlan } from '../support/madeUpTraining';
import { sampleProject, until } from './support/extension';

const run = promisify(execFile);
const made = { epochs: 4, folds: 0 };

/** Starts a job that works for minutes, as somebody in a terminal does. */
async function startElsewhere({ context }: Services, { root }: Project): Promise<string> {
  const cli = programFile(context.extensionPath, 'cli');
  const asked = ['finetune', root, '--architecture', 'vgg16', '--weights', 'random:1', '--device', 'cpu'];
  const { stdout } = await run(process.execPath, [cli, ...asked, '--detach', '--json'], {
    env: childEnvironment(process.env),
  });
  return (JSON.parse(stdout) as { job: string }).job;
}

/** What PyTorch writes, beside the files of a job that is under way. */
class Told {
  private lines = 0;

  constructor(private readonly folder: string) {}

  async begin(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(path.join(this.folder, 'job.json'), JSON.stringify(madeUpPlan(made)));
    await this.upTo(3);
  }

  /** The first lines of the training, appended. */
  async upTo(lines: number): Promise<void> {
    const more = madeUpLines({ ...made, lines }).slice(this.lines);
    this.lines = lines;
    const text = more.map((line) => `${JSON.stringify(line)}\n`).join('');
    await appendFile(path.join(this.folder, 'progress.jsonl'), text);
  }
}

const tabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewTypes.training),
    );

async function cleanUp(services: Services, project: Project): Promise<void> {
  // The editor lists a tab a little after it was opened: the pages themselves know.
  for (const page of services.trainings.pages.all) page.dispose();
  await until('no page', () => (services.trainings.pages.all.length === 0 ? true : undefined));
  await vscode.commands.executeCommand('notifications.clearAll');
  const running = services.jobs.running(project.root);
  if (running) await services.jobs.end(project.root, running.job);
  await rm(path.join(project.root, '.overread'), { recursive: true, force: true });
  await project.refresh('runs');
}

suite('the page of a training', () => {
  test('is opened from everywhere, follows the job, is found again, and stops it', async function () {
    this.timeout(240_000);
    const { services, project } = await sampleProject();
    const { root } = project;
    const { pages } = services.trainings;
    const countIs = (count: number): Promise<true> =>
      until(`${String(count)} page(s)`, () => (pages.all.length === count ? true : undefined));
    try {
      const job = await startElsewhere(services, project);
      const told = new Told(path.join(root, '.overread/jobs', job, 'train'));
      await services.jobs.look(root);
      const running = services.jobs.running(root);
      assert.equal(running?.trains, false);
      // Of a job that has not begun to train there is a terminal alone.
      assert.equal(jobNodes(project, running)[0]?.item().command?.command, commands.followJob);
      await told.begin();
      const training = await until('the job trains', async () => {
        await services.jobs.look(root);
        const found = services.jobs.running(root);
        return found?.trains === true ? found : undefined;
      });
      const [row] = jobNodes(project, training);
      assert.ok(row);
      assert.equal(row.item().contextValue, 'overread.jobNode');
      const { command } = row.item();
      assert.equal(command?.command, commands.showTraining);
      const item = { show: () => undefined, hide: () => undefined } as unknown as vscode.StatusBarItem;
      showEdits(item, services);
      assert.equal(item.command, commands.showTraining);

      await vscode.commands.executeCommand(commands.showTraining, root);
      await vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[]));
      await vscode.commands.executeCommand(commands.showTraining, row);
      await countIs(1);
      const tab = await until('one tab', () => (tabs().length === 1 ? tabs()[0] : undefined));
      assert.match(tab.label, /^Training: /);

      // The engine reads on what is appended, which is what the page asks and is sent every second.
      const look = () => services.engine.call('training', root, job);
      assert.deepEqual(
        (await look()).training.networks.map(({ points }) => points.length),
        [0, 0],
      );
      await told.upTo(3 + 3 * 2);
      const { training: after } = await look();
      assert.deepEqual(
        after.networks.map(({ name, points }) => [name, points.length]),
        [
          ['inner', 2],
          ['final', 0],
        ],
      );
      assert.equal(after.now?.epoch, 2);

      await vscode.window.tabGroups.close(tabs());
      await countIs(0);
      const restore = (state: unknown): vscode.WebviewPanel => {
        const panel = vscode.window.createWebviewPanel(viewTypes.training, 'x', vscode.ViewColumn.Active);
        void pages.deserializeWebviewPanel(panel, state);
        return panel;
      };
      const state = { v: 1, root, job };
      restore(state);
      await countIs(1);
      for (const other of [undefined, { ...state, v: 2 }, { ...state, root: '/' }, state]) {
        const panel = restore(other);
        let ended = false;
        panel.onDidDispose(() => (ended = true));
        await until('a second page, or one of nothing, is closed', () => (ended ? true : undefined));
      }
      await countIs(1);

      await services.jobs.end(root, job);
      assert.equal((await look()).job.state, 'cancelled');
      assert.equal(services.jobs.running(root), undefined);
      // Its curves stay, and are opened without being asked which: no other job has trained.
      await vscode.window.tabGroups.close(tabs());
      await countIs(0);
      await vscode.commands.executeCommand(commands.showTraining, root);
      await countIs(1);
      assert.equal((await look()).training.networks[0]?.points.length, 2);
    } finally {
      await cleanUp(services, project);
    }
  });

  test('says that there is nothing to show where no job has trained', async () => {
    const { services, project } = await sampleProject();
    // It ends with a message that waits for nobody.
    await vscode.commands.executeCommand(commands.showTraining, project.root);
    assert.equal(services.trainings.pages.all.length, 0);
    await assert.rejects(services.engine.call('training', project.root, 'no-such-job'), { code: 'OVR807' });
    await cleanUp(services, project);
  });
});
