/**
 * Steps of the tasks that a reviewer does all day, counted while they are done on the packaged extension by clicks and keys, and
 * a table of them in bench/results/ten-tasks.json. The tenth, one finding of 14, is in findings.e2e.ts, whose project has them.
 * The heat maps of the same project follow: to open it takes longer than to look at them.
 */
import * as path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeResult } from '../../bench/result';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { Grid } from '../support/grid';
import { Person, type TaskRow } from '../support/person';
import { labelEvents } from '../support/project';
import { openWindow, type SharedSession } from '../support/vscode';
import { trainedSample } from '../support/windowProjects';
import { describeHeatMaps } from './heatMaps';

let project: string;
let session: SharedSession;
let grid: Grid;

const table: TaskRow[] = [];

beforeAll(async () => {
  session = await openWindow((folder) => trainedSample(path.join(folder, 'sample')));
  project = path.join(session.folder, 'sample');
});

afterAll(async () => {
  await session.close();
  console.table(table);
});

keepPicturesOfFailures(() => session);

const person = (): Person => new Person((key) => grid.press(key));

const added = async (before: number, count: number): Promise<ReturnType<typeof labelEvents>> =>
  eventually(`${count} answers are on disk`, () => {
    const found = labelEvents(project).slice(before);
    expect(found).toHaveLength(count);
    return found;
  });
const frameOf = (position: number): Locator =>
  grid.frame.locator(`.tile[data-key][aria-posinset="${position}"] .frame`);
/** Takes back what a task did: the next begins as this one did. */
const restore = async (): Promise<void> => {
  const before = labelEvents(project).length;
  await grid.press('Control+z');
  await eventually('it is taken back', () => expect(labelEvents(project).length).toBeGreaterThan(before));
};
const isFirst = (key: string): Promise<void> =>
  eventually('the list begins with it', async () => {
    expect((await grid.tiles())[0]?.key).toBe(key);
  });

describe('the steps of', () => {
  it('the first error fixed, and twenty one by one', async () => {
    const { workbench } = session;
    const one = person();
    await one.click(workbench.treeItem(/^Errors/).first());
    grid = await Grid.find(workbench);
    await eventually('the errors are there', async () => expect(await grid.total()).toBeGreaterThan(20));
    const total = Math.min(20, await grid.total());
    await grid.frame.locator('.tile.focused').waitFor();
    await one.press('a');
    await added(0, 1);
    table.push({ task: 'first error fixed', clicks: 1, keys: 1 });
    for (let k = 1; k < total; k++) await one.press('a');
    const events = await added(0, total);
    expect(new Set(events.map(({ sample }) => sample)).size).toBe(total);
    table.push(one.done('20 fixed one by one', { clicks: 2, keys: 20 }));
    for (let k = 0; k < total; k++) await restore();
  });

  it('twenty at once, and a wrong answer taken back', async () => {
    await session.workbench
      .treeItem(/^Errors/)
      .first()
      .click();
    await eventually('the errors are there', async () => expect(await grid.total()).toBeGreaterThan(20));
    await grid.press('Control+Home');
    const before = labelEvents(project).length;
    const one = person();
    await one.click(frameOf(1));
    await one.click(frameOf(20), ['Shift']);
    await one.press('a');
    const events = await added(before, 20);
    expect(new Set(events.map(({ batch }) => batch)).size).toBe(1);
    table.push(one.done('20 at once', { clicks: 2, keys: 1 }));
    const back = person();
    await back.press('Control+z');
    await added(before, 40);
    table.push(back.done('one wrong answer taken back', { clicks: 0, keys: 1 }));
  });

  it('all errors of one confusion', async () => {
    const one = person();
    const cell = grid.frame.locator('[data-cell="0-1"]');
    await one.click(cell);
    // The matrix may still take in what was taken back before.
    await eventually('the list holds its errors alone', async () => {
      await grid.frame.locator('.chips .chip').first().waitFor({ timeout: 1000 });
      expect(await grid.total()).toBe(Number(await cell.innerText()));
    });
    table.push(one.done('all errors of one confusion', { clicks: 1, keys: 0 }));
    await one.click(cell);
  });

  it('the same patient, and the same look', async () => {
    for (const [task, key] of [
      ['the same patient', 'p'],
      ['the same look', 'g'],
    ] as const) {
      await grid.press('Control+Home');
      const [first] = await grid.tiles();
      await frameOf(1).click();
      const total = await grid.total();
      const one = person();
      await one.press(key);
      await eventually('another list is there', async () => expect(await grid.total()).not.toBe(total));
      if (key === 'g') await isFirst(first!.key);
      else {
        const patient = /P\d+_/.exec(first!.key)?.[0] ?? '';
        expect((await grid.tiles()).every((tile) => tile.key.includes(patient))).toBe(true);
      }
      table.push(one.done(task, { clicks: 0, keys: 1 }));
      await grid.press(key);
      await eventually('the list is back', async () => expect(await grid.total()).toBe(total));
    }
  });

  it('a film at 1:1', async () => {
    const one = person();
    await one.press('Enter');
    await grid.frame.locator('.reader').waitFor();
    await one.press('z');
    table.push(one.done('a film at 1:1', { clicks: 0, keys: 2 }));
    await grid.press('Escape');
  });

  it('what the refit changed', async () => {
    const { workbench } = session;
    await frameOf(1).click();
    const before = labelEvents(project).length;
    await grid.press('a');
    await added(before, 1);
    await workbench.statusBarItem(/edited since run/).waitFor();
    const one = person();
    await one.click(workbench.statusBarItem(/edited since run/));
    const strip = grid.frame.locator('.refit-strip');
    await strip.waitFor();
    expect(await strip.innerText()).toMatch(/fixed/);
    table.push(one.done('what the refit changed', { clicks: 1, keys: 0 }));
    writeResult('ten-tasks', { checks: [], figures: { steps: table } });
  });
});

describeHeatMaps(() => session);
