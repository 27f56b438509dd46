/** A fine-tune outlives its window: everything of the window is killed, and the next window finds it and ends it. */
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobSummary } from '../../src/core/jobs/model';
import { runJson } from '../support/cli';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { killMatching, markedProcesses } from '../support/processes';
import { runNames } from '../support/project';
import { openVscode, type VscodeSession } from '../support/vscode';

const job = /dist\/job\.js/;
/** What ends with a window: the extension host with its engine, the terminals, and what runs in them. */
const windowProcesses = /--type=(extensionHost|ptyHost)|dist\/(engine|cli)\.js/;

/** So many that they are read for longer than a window takes to open. */
const images = 480;

let folder: string;
let project: string;
let session: VscodeSession;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'overread-jobs-'));
  project = path.join(folder, 'sample');
  await runJson(['sample', project, '--images', String(images)]);
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

async function jobs(): Promise<readonly JobSummary[]> {
  return (await runJson<{ jobs: readonly JobSummary[] }>(['jobs', project])).jobs;
}

const isAtImages = async (index: number): Promise<void> => {
  const found = await jobs();
  expect(found).toHaveLength(index);
  expect(found[0]).toMatchObject({ state: 'running', progress: { stage: 'features' } });
};

describe('a fine-tune', () => {
  it('goes on when its window is killed, and the next window finds it and takes up its run', async () => {
    const { workbench, server } = session;
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    await eventually('the job reads images', () => isAtImages(1), 60_000);
    await workbench.statusBarItem(/Fine-tuning: features/).waitFor();
    expect(killMatching(server.mark, windowProcesses)).toBeGreaterThan(2);
    // As long as an engine may outlive its window.
    await workbench.page.waitForTimeout(2000);
    expect(markedProcesses(server.mark).filter(({ command }) => job.test(command))).toHaveLength(1);
    expect((await jobs())[0]).toMatchObject({ state: 'running' });

    await workbench.open();
    await workbench.notification(/still under way/).waitFor({ timeout: 60_000 });
    await workbench.screenshot('jobs-found');
    await workbench.answerNotification(/still under way/, 'Show');
    await eventually('the terminal shows what it prints', async () => {
      expect(await workbench.terminalText()).toMatch(new RegExp(`features \\d+/${images}`));
    });
    await workbench.notification(/Fine-tuning of .* is done/).waitFor({ timeout: 150_000 });
    const [run] = runNames(project);
    expect((await jobs())[0]).toMatchObject({ state: 'ended', run });
  });

  it('is ended from the message that says that it is under way already', async () => {
    const { workbench, server } = session;
    rmSync(path.join(project, '.overread', 'features'), { recursive: true, force: true });
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    await eventually('the job reads images', () => isAtImages(2), 60_000);
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    await workbench.answerNotification(/being fine-tuned already/, 'Cancel It');
    await eventually('it is cancelled', async () =>
      expect((await jobs())[0]).toMatchObject({ state: 'cancelled' }),
    );
    await eventually('its processes are gone', () =>
      expect(markedProcesses(server.mark).filter(({ command }) => job.test(command))).toEqual([]),
    );
    expect(runNames(project)).toHaveLength(1);
    await workbench.statusBarItem(/Fine-tuning/).waitFor({ state: 'hidden' });
  });
});
