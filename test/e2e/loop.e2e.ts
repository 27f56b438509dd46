/** The whole loop on the synthetic sample, as a person does it: fine-tune, review, correct, undo, fine-tune again. */
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseItemKey } from '../../src/core/review/itemKey';
import { runJson } from '../support/cli';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { Grid, type ShownTile } from '../support/grid';
import { jobNames, labelEvents, runNames } from '../support/project';
import { openWindow, type SharedSession } from '../support/vscode';
import { drawnSample } from '../support/windowProjects';

let project: string;
let session: SharedSession;

beforeAll(async () => {
  session = await openWindow((folder) => drawnSample(path.join(folder, 'sample'), 240));
  project = path.join(session.folder, 'sample');
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

describe('the loop in VS Code', () => {
  it('shows the project in the activity bar', async () => {
    const { workbench } = session;
    await workbench.showActivity('Overread');
    for (const split of ['Train', 'Validation', 'Test']) {
      await workbench
        .treeItem(new RegExp(`^${split}`, 'i'))
        .first()
        .waitFor();
    }
  });

  it('fine-tunes from the palette, as a task whose terminal opens for a failure alone', async () => {
    const { workbench } = session;
    await workbench.runCommand('Overread: Fine-tune Last Layer');
    // The first run fetches weights and reads every image.
    await workbench.notification(/Fine-tuning of .* is done/).waitFor({ timeout: 240_000 });
    expect(runNames(project)).toHaveLength(1);
    expect(await workbench.page.locator('.part.panel').isVisible()).toBe(false);
  });

  it('opens the errors from the notification', async () => {
    const { workbench } = session;
    await workbench.answerNotification(/is done/, /Review Errors/);
    const grid = await Grid.find(workbench);
    expect(await grid.picturesPainted()).toBeGreaterThan(3);
    expect(await grid.countsText()).toBe(String(await grid.total()));
    const { errors: ranked } = await runJson<{ errors: readonly { sample: string; loss: number }[] }>(
      ['errors', project],
      [1],
    );
    expect(await grid.total()).toBe(ranked.length);
    expectRanking(await grid.tiles(), ranked);
  });

  it('labels the focused tile with one key, on disk before it shows', async () => {
    const { workbench } = session;
    const grid = await Grid.find(workbench);
    const [first] = await grid.tiles();
    await grid.focus(first!.key);
    await grid.press('a');
    await grid.edited(first!.key);
    const events = labelEvents(project);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ op: 'set', annotator: 'Test Reader', value: first!.model });
    await workbench.statusBarItem(/1 image edited since run .* Fine-tune/).waitFor();
  });

  it('takes the answer back', async () => {
    const { workbench } = session;
    const grid = await Grid.find(workbench);
    await grid.press('Control+z');
    await eventually('the undo is on disk', () => {
      expect(labelEvents(project).map(({ op }) => op)).toEqual(['set', 'undo']);
    });
    await workbench.statusBarItem(/edited since run/).waitFor({ state: 'hidden' });
  });

  it('relabels twenty selected tiles as one batch', async () => {
    const { workbench } = session;
    const grid = await Grid.find(workbench);
    const count = Math.min(20, await grid.total());
    const before = labelEvents(project).length;
    await grid.selectFirst(count);
    await grid.press('a');
    await workbench
      .statusBarItem(new RegExp(`${String(count)} images edited since run .* Fine-tune`))
      .waitFor();
    const added = labelEvents(project).slice(before);
    expect(added).toHaveLength(count);
    expect(new Set(added.map(({ batch }) => batch)).size).toBe(1);
  });

  it('fine-tunes again from the status bar, in the engine, ranks the open grid anew and answers in its strip', async () => {
    const { workbench } = session;
    const jobs = jobNames(project);
    const before = (await (await Grid.find(workbench)).tiles()).map(({ key }) => key);
    await workbench.statusBarItem(/images edited since run/).click();
    await eventually('a second run is there', () => expect(runNames(project)).toHaveLength(2), 120_000);
    const { frame } = await Grid.find(workbench);
    await frame.locator('.refit-strip', { hasText: 'Run 2' }).waitFor();
    expect(await frame.locator('.refit-strip').innerText()).toMatch(/fixed/);
    const { errors: ranked } = await runJson<{ errors: readonly { sample: string }[] }>(
      ['errors', project],
      [0, 1],
    );
    await eventually('the grid shows the new ranking', async () => {
      const grid = await Grid.find(workbench);
      const tiles = await grid.tiles();
      expect(tiles.map(({ key }) => key)).not.toEqual(before);
      expectRanking(tiles, ranked);
    });
    await workbench.statusBarItem(/edited since run/).waitFor({ state: 'hidden' });
    // The strip is the answer: no toast lies over the page. Features were in the cache: no job was made.
    await workbench.statusBarItem(/^Fine-tuning/).waitFor({ state: 'hidden' });
    expect(await workbench.notification(/is done/).count()).toBe(0);
    expect(jobNames(project)).toEqual(jobs);
  });

  it('has strip, undo line and order again in a tab that was hidden', async () => {
    const { workbench } = session;
    let grid = await Grid.find(workbench);
    await grid.press('Control+Home');
    const second = await eventually('the list is at its head', async () => {
      const tiles = await grid.tiles();
      expect(tiles[0]?.position).toBe(1);
      return tiles[1]!;
    });
    await grid.focus(second.key);
    const before = labelEvents(project).length;
    await grid.press('a');
    await eventually('the answer is on disk', () => expect(labelEvents(project)).toHaveLength(before + 1));
    const shown = async (): Promise<Record<'line' | 'strip', string> & Record<string, unknown>> => ({
      keys: (await grid.tiles()).map(({ key }) => key).slice(0, 12),
      focused: await grid.frame.locator('.tile.focused').getAttribute('aria-posinset'),
      line: await grid.frame.locator('.answer-line.change .change-text').innerText(),
      // Its interval comes later than its figures.
      strip: (await grid.frame.locator('.refit-strip').innerText()).replaceAll(/\([^)]*\)/g, ''),
    });
    const seen = await eventually('line and strip tell of the answer', async () => {
      const page = await shown();
      expect(page.line).toMatch(/^[^,→]+ → [^,]+$/);
      expect(page.strip).toMatch(/\b21 labels changed since/);
      return page;
    });
    await workbench.runCommand('File: New Untitled Text File');
    await eventually('the page of the hidden tab is gone', () => expect(grid.frame.isDetached()).toBe(true));
    await workbench.tab(/^Review/).click();
    grid = await Grid.find(workbench);
    await eventually('the page is as it was', async () => expect(await shown()).toEqual(seen));
    await grid.frame.locator('.answer-line.change').getByText('Undo', { exact: true }).click();
    await eventually('it is taken back', () => expect(labelEvents(project).at(-1)?.op).toBe('undo'));
  });

  it('broke no content security policy and threw nothing', () => {
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});

/** The tiles stand where the command line ranks their samples; the grid may be scrolled to any part of the list. */
function expectRanking(tiles: readonly ShownTile[], ranked: readonly { readonly sample: string }[]): void {
  expect(tiles.map(({ key }) => parseItemKey(key)?.sample)).toEqual(
    tiles.map(({ position }) => ranked[position - 1]?.sample),
  );
}
