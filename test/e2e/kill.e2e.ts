/**
 * kill -9 under the reviewer's hands, of the engine and of everything of a window: no acknowledged answer is lost, and a
 * fine-tune outlives its window, whose next one finds it and ends it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listJobs } from '../../src/core/jobs/jobs';
import { parseItemKey } from '../../src/core/review/itemKey';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { Grid } from '../support/grid';
import { killMatching, markedProcesses, signalMatching } from '../support/processes';
import { jobNames, labelEvents, runNames } from '../support/project';
import { openVscode, type VscodeSession } from '../support/vscode';
import { drawnSample, finetuneQuickly } from '../support/windowProjects';

const engine = /dist\/engine\.js/;
const extensionHost = /--type=extensionHost/;
/** A job: the process that writes down how it goes, and the one that does its work. */
const job = /dist\/job\.js|dist\/cliWork\.js .* --progress none/;
/** What else ends with a window: the engine, the terminals, and what runs in them. */
const windowProcesses = /--type=(extensionHost|ptyHost)|dist\/(engine|cli)\.js/;

let folder: string;
let project: string;
let session: VscodeSession;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'overread-kill-'));
  project = path.join(folder, 'sample');
  await drawnSample(project, 240);
  await finetuneQuickly(project, 240);
  session = await openVscode({
    workspace: project,
    settings: {
      'overread.annotator': 'Test Reader',
      // Not the network of the run: its features are read for longer than it takes to look at a job twice.
      'overread.architecture': 'mobilenetv2_100',
      'overread.weights': 'random:1',
      'overread.device': 'cpu',
    },
  });
  await session.workbench.runCommand('Overread: Review Errors');
});

afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

keepPicturesOfFailures(() => session);

/** Answers the tiles from the focused one on, as fast as keys go, and gives the keys of those acknowledged. */
async function answerUntilKilled(grid: Grid, count: number, kill: () => void): Promise<readonly string[]> {
  // After a restart the list is asked for anew: a tile that was there a moment ago may have left it.
  const tiles = await eventually('the first open tile has the keys', async () => {
    const open = (await grid.tiles()).filter(({ name }) => !name.includes('Edited')).slice(0, count);
    await grid.focus(open[0]!.key, 3000);
    return open;
  });
  for (const [at] of tiles.entries()) {
    await grid.press('a');
    if (at === Math.floor(count / 2)) kill();
  }
  return grid.acknowledged();
}

/** Kills a program while answers stream in: no acknowledged one is lost. */
async function losesNoAnswer(program: RegExp): Promise<void> {
  const grid = await Grid.find(session.workbench);
  let killed = 0;
  const acknowledged = await answerUntilKilled(grid, 8, () => {
    killed = killMatching(session.server.mark, program);
  });
  expect(killed).toBeGreaterThan(0);
  const onDisk = new Set(labelEvents(project).map(({ sample }) => sample));
  for (const key of acknowledged) expect(onDisk).toContain(parseItemKey(key)?.sample);
}

/** Every line of the log is whole, and another answer is taken. */
async function takesAnswers(): Promise<void> {
  const before = labelEvents(project).length;
  const grid = await Grid.find(session.workbench);
  await eventually(
    'another answer is taken',
    async () => {
      const open = (await grid.tiles()).find(({ name }) => !name.includes('Edited'));
      // It may have left the list meanwhile.
      await grid.focus(open!.key, 3000);
      await grid.press('a');
      await grid.edited(open!.key, 5000);
    },
    120_000,
  );
  expect(labelEvents(project).length).toBeGreaterThan(before);
}

/** The newest job reads images, more than `done`; gives how many. @param count of the project's jobs */
const imagesRead = (count: number, done = 0): Promise<number> =>
  eventually(
    `job ${String(count)} has read more than ${String(done)} images`,
    async () => {
      const found = await listJobs(project);
      expect(found).toHaveLength(count);
      expect(found[0]).toMatchObject({ state: 'running', progress: { stage: 'features' } });
      const read = found[0]?.progress?.done ?? 0;
      expect(read).toBeGreaterThan(done);
      return read;
    },
    120_000,
  );

describe('kill -9 of the engine while answers stream in', () => {
  it('loses no acknowledged answer', () => losesNoAnswer(engine));

  it('starts again, with every line of the log whole, and takes answers', takesAnswers);
});

describe('a fine-tune', () => {
  it('goes on when its window is killed while answers stream in, none is lost, and the next window takes more, finds it and takes up its run', async () => {
    const { workbench, server } = session;
    const [jobsBefore, runsBefore] = [jobNames(project).length, runNames(project)];
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    const read = await imagesRead(jobsBefore + 1);
    // It is halted while a window takes its time, and goes on in between: without a window.
    expect(signalMatching(server.mark, job, 'SIGSTOP')).toBe(2);
    await workbench.statusBarItem(/Fine-tuning: features/).waitFor();
    await losesNoAnswer(extensionHost);
    expect(killMatching(server.mark, windowProcesses)).toBeGreaterThan(1);
    expect(signalMatching(server.mark, job, 'SIGCONT')).toBe(2);
    await imagesRead(jobsBefore + 1, read);
    expect(signalMatching(server.mark, job, 'SIGSTOP')).toBe(2);
    await eventually(
      'there is an extension host again',
      () => {
        expect(markedProcesses(server.mark).some(({ command }) => extensionHost.test(command))).toBe(true);
      },
      120_000,
    );

    await workbench.open();
    await workbench.notification(/still under way/).waitFor();
    await workbench.screenshot('jobs-found');
    await workbench.answerNotification(/still under way/, 'Show');
    await eventually('the terminal shows what it prints', async () => {
      expect(await workbench.terminalText()).toMatch(/features \d+\/\d+/);
    });
    await workbench.runCommand('Overread: Review Errors');
    await takesAnswers();
    // A page that is on show would have the answer itself, and no message would come.
    await workbench.runCommand('View: Close All Editors');
    signalMatching(server.mark, job, 'SIGCONT');
    await workbench.notification(/Fine-tuning of .* is done/).waitFor({ timeout: 240_000 });
    const [run, ...others] = runNames(project).filter((name) => !runsBefore.includes(name));
    expect(others).toEqual([]);
    expect((await listJobs(project))[0]).toMatchObject({ state: 'ended', run });
  });

  it('is ended from the message that says that it is under way already', async () => {
    const { workbench, server } = session;
    const [jobsBefore, runsBefore] = [jobNames(project).length, runNames(project)];
    rmSync(path.join(project, '.overread', 'features'), { recursive: true, force: true });
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    await imagesRead(jobsBefore + 1);
    expect(signalMatching(server.mark, job, 'SIGSTOP')).toBe(2);
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    await workbench.answerNotification(/being fine-tuned already/, 'Cancel It');
    expect(signalMatching(server.mark, job, 'SIGCONT')).toBe(2);
    await eventually('it is cancelled', async () =>
      expect((await listJobs(project))[0]).toMatchObject({ state: 'cancelled' }),
    );
    await eventually('its processes are gone', () =>
      expect(markedProcesses(server.mark).filter(({ command }) => job.test(command))).toEqual([]),
    );
    expect(runNames(project)).toEqual(runsBefore);
    await workbench.statusBarItem(/Fine-tuning/).waitFor({ state: 'hidden' });
  });
});
