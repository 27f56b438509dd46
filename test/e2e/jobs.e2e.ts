/** A fine-tune outlives its window: everything of the window is killed, and the next window finds it and ends it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listJobs } from '../../src/core/jobs/jobs';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { killMatching, markedProcesses, signalMatching } from '../support/processes';
import { runNames } from '../support/project';
import { openVscode, type VscodeSession } from '../support/vscode';
import { drawnSample } from '../support/windowProjects';

/** A job: the process that writes down how it goes, and the one that does its work. */
const job = /dist\/job\.js|dist\/cliWork\.js .* --progress none/;
/** What ends with a window: the extension host with its engine, the terminals, and what runs in them. */
const windowProcesses = /--type=(extensionHost|ptyHost)|dist\/(engine|cli)\.js/;

const images = 96;

let folder: string;
let project: string;
let session: VscodeSession;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'overread-jobs-'));
  project = path.join(folder, 'sample');
  await drawnSample(project, 240);
  // As many as are read for longer than it takes to look at a job twice.
  const table = path.join(project, 'samples.csv');
  const rows = readFileSync(table, 'utf8')
    .split('\n')
    .slice(0, 1 + images);
  writeFileSync(table, `${rows.join('\n')}\n`);
  session = await openVscode({
    workspace: project,
    settings: {
      'overread.architecture': 'densenet121',
      'overread.weights': 'random:1',
      'overread.device': 'cpu',
    },
  });
});

afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

keepPicturesOfFailures(() => session);

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

describe('a fine-tune', () => {
  it('goes on when its window is killed, and the next window finds it and takes up its run', async () => {
    const { workbench, server } = session;
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    const read = await imagesRead(1);
    // It is halted while a window takes its time, and goes on in between: without a window.
    expect(signalMatching(server.mark, job, 'SIGSTOP')).toBe(2);
    await workbench.statusBarItem(/Fine-tuning: features/).waitFor();
    expect(killMatching(server.mark, windowProcesses)).toBeGreaterThan(2);
    expect(signalMatching(server.mark, job, 'SIGCONT')).toBe(2);
    await imagesRead(1, read);
    expect(signalMatching(server.mark, job, 'SIGSTOP')).toBe(2);

    await workbench.open();
    await workbench.notification(/still under way/).waitFor();
    await workbench.screenshot('jobs-found');
    await workbench.answerNotification(/still under way/, 'Show');
    await eventually('the terminal shows what it prints', async () => {
      expect(await workbench.terminalText()).toMatch(/features \d+\/\d+/);
    });
    signalMatching(server.mark, job, 'SIGCONT');
    await workbench.notification(/Fine-tuning of .* is done/).waitFor({ timeout: 240_000 });
    const [run] = runNames(project);
    expect((await listJobs(project))[0]).toMatchObject({ state: 'ended', run });
  });

  it('is ended from the message that says that it is under way already', async () => {
    const { workbench, server } = session;
    rmSync(path.join(project, '.overread', 'features'), { recursive: true, force: true });
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    await imagesRead(2);
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
    expect(runNames(project)).toHaveLength(1);
    await workbench.statusBarItem(/Fine-tuning/).waitFor({ state: 'hidden' });
  });
});
