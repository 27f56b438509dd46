/**
 * The pages of error analysis in VS Code's window, each walked by keyboard alone and looked at in a dark and a light theme:
 * suspected labels, cohorts, the map, a run, its report.
 */
import { readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runJson } from '../support/cli';
import { ByKeys } from '../support/byKeys';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { inBothThemes } from '../support/inBothThemes';
import { labelEvents, runNames } from '../support/project';
import { ReviewPage } from '../support/reviewPage';
import { openWindow, type SharedSession } from '../support/vscode';
import { trainedSample } from '../support/windowProjects';
import { faultsOfMarkup } from '../webview-ui/support/accessibility';

let project: string;
let session: SharedSession;
let keys: ByKeys;

beforeAll(async () => {
  session = await openWindow((folder) => trainedSample(path.join(folder, 'sample')));
  project = path.join(session.folder, 'sample');
  keys = new ByKeys(session.workbench);
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

const settings = (): string => readFileSync(path.join(project, 'overread.yaml'), 'utf8');

/** The review grid, once a tile of it has the keys; every other page is behind it. */
async function reviewed(before?: Frame): Promise<ReviewPage> {
  const page = await eventually('a tile has the keys', async () => {
    const found = await ReviewPage.find(session.workbench);
    expect(await found.focusedPosition()).toBe(1);
    return found;
  });
  await page.keysApply();
  // A page that comes back is made anew: the one that was must not be taken for it.
  await eventually('the page before is gone', () => expect(before?.isDetached() ?? true).toBe(true));
  return page;
}

describe('suspected labels', () => {
  let page: ReviewPage;

  it('are opened from the queues, those that the command line lists', async () => {
    await keys.toRow('Overread: Focus on Review Queues View', /^Suspected labels/);
    await keys.press('Enter');
    const { suspects } = await runJson<{ suspects: readonly { sample: string }[] }>(
      ['suspects', project],
      [1],
    );
    expect(suspects.length).toBeGreaterThan(2);
    page = await reviewed();
    // What was on show before folds were compared stays where it is: all of them are listed, whatever their order.
    const names = await eventually('all are listed', async () => {
      const total = await page.total();
      expect(total).toBeGreaterThanOrEqual(suspects.length);
      return Promise.all([1, 2, 3].map((position) => page.nameOf(position)));
    });
    const listed = new Set(suspects.map(({ sample }) => path.basename(sample)));
    expect(names.filter((name) => listed.has(name.split('. ')[0] ?? ''))).not.toEqual([]);
    const row = session.workbench.page
      .locator('.part .monaco-list-row')
      .filter({ hasText: /^Suspected labels/ });
    await eventually('the side bar counts as the command line', async () =>
      expect(await row.first().innerText()).toMatch(
        new RegExp(`^Suspected labels\\s*${String(suspects.length)}\\b`),
      ),
    );
    await inBothThemes(session.workbench, session.workspace, 'suspects', page.frame as Frame);
  });

  it('are answered by A and K, each on disk, and go from the list', async () => {
    const { name } = await eventually('a tile has the keys', async () => {
      const tile = await page.focused();
      if (tile === null) throw new Error('none has');
      return tile;
    });
    await page.keysApply();
    await keys.press('a');
    const [taken] = await eventually('the suggestion is taken', () => {
      const events = labelEvents(project);
      expect(events).toHaveLength(1);
      return events;
    });
    expect(taken).toMatchObject({ op: 'set', finding: 'class' });
    expect(name).toContain(path.basename(taken!.sample));
    expect(name).toContain(String(taken!.value));
    await eventually('the next has the keys', async () => expect(await page.focusedPosition()).toBe(2));
    await page.keysApply();
    await keys.press('Enter');
    await page.frame.locator('.reader').waitFor();
    await page.keysApply();
    await keys.press('k');
    const kept = await eventually('the label is kept', () => {
      const [, event] = labelEvents(project);
      expect(event).toMatchObject({ op: 'keep' });
      return event;
    });
    await keys.press('Escape');
    await page.frame.locator('.reader').waitFor({ state: 'hidden' });
    await eventually('a tile has the keys', async () =>
      expect(await page.focusedPosition()).toBeGreaterThan(0),
    );
    await keys.command('Overread: Review Errors');
    // The grid takes the keys when its list is there: what is typed before would be for it.
    const errors = await (await reviewed()).total();
    await keys.toRow('Overread: Focus on Review Queues View', /^Suspected labels/);
    await keys.press('Enter');
    // How many others there are now depends on whether folds were compared anew yet.
    const answered = [taken, kept].map((event) => path.basename(event!.sample));
    await eventually('both are off the list', async () => {
      page = await ReviewPage.find(session.workbench);
      const names = await page.tiles
        .getByRole('option')
        .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label') ?? ''));
      expect(names.length).toBeLessThan(errors);
      expect(names).toHaveLength(await page.total());
      expect(names.filter((one) => answered.some((file) => one.startsWith(file)))).toEqual([]);
    });
  });
});

describe('cohorts', () => {
  /** The review grid has tables too. */
  const cohortsPage = 'text="Probe shortcuts"';
  let frame: Frame;

  it('show the images of a cohort, and have the keys where they were when somebody comes back', async () => {
    await keys.command('Overread: Show Cohorts');
    frame = await session.workbench.webview(cohortsPage);
    await keys.tabTo(frame, 'Part');
    await keys.press('ArrowDown');
    await eventually('validation is shown', async () =>
      expect(await frame.getByText(/^\d+ of \d+ wrong/).textContent()).toMatch(/ of (2|3|4)\d wrong/),
    );
    const errors = 'Show the images of view AP in the review grid';
    await keys.tabTo(frame, errors);
    await keys.press('Enter');
    await reviewed(frame);
    await keys.command('Overread: Show Cohorts');
    frame = await session.workbench.webview(cohortsPage);
    await keys.has(frame, errors);
    expect(await frame.getByRole('combobox', { name: 'Part' }).getAttribute('current-value')).toBe(
      'validation',
    );
  });

  it('probe shortcuts, compare corrections and keep a queue, and the keys stay', async () => {
    await keys.tabTo(frame, 'Keep the errors of view AP as a queue of the project');
    await keys.press('Enter');
    await session.workbench.page.locator('.quick-input-widget:visible input.input').waitFor();
    await keys.press('Control+a');
    await keys.type('Errors AP');
    await keys.press('Enter');
    await eventually('the queue is on disk', () => expect(settings()).toContain('Errors AP'));
    await keys.has(frame, 'Keep the errors of view AP as a queue of the project');
    await keys.tabTo(frame, 'Probe shortcuts');
    await keys.press('Enter');
    await frame.getByRole('table', { name: 'Shortcuts' }).waitFor();
    await keys.has(frame, 'Probe shortcuts');
    await keys.tabTo(frame, 'Compare');
    await keys.press('Enter');
    await frame.getByRole('table', { name: 'Did my corrections help?' }).waitFor();
    await keys.has(frame, 'Compare');
    await inBothThemes(session.workbench, session.workspace, 'cohorts-end', frame);
    await keys.tabTo(frame, 'Part', 'Shift+Tab');
    await inBothThemes(session.workbench, session.workspace, 'cohorts', frame);
  });
});

describe('the map', () => {
  it('lists the nearest images, opens them, and is as it was when somebody comes back', async () => {
    await keys.command('Overread: Show Map of Images');
    let frame = await session.workbench.webview('.legend li');
    await keys.tabTo(frame, 'Colour');
    await keys.press('ArrowDown');
    const first = await frame.locator('.legend .name').allTextContents();
    await keys.tabTo(frame, (await frame.locator('.points').getAttribute('aria-label'))!);
    await keys.press('+', '+', 'ArrowLeft', 'Enter');
    await keys.has(frame, 'Show these in the review grid');
    const near = frame.locator('.nearest li');
    const listed = await eventually('the nearest are listed', async () => {
      const texts = await near.allTextContents();
      expect(texts).toHaveLength(20);
      return texts;
    });
    await inBothThemes(session.workbench, session.workspace, 'map', frame);
    await keys.press('Enter');
    const grid = await reviewed(frame);
    await eventually('the nearest are on show', async () => expect(await grid.total()).toBe(20));
    await keys.command('Overread: Show Map of Images');
    frame = await session.workbench.webview('.legend li');
    await keys.has(frame, 'Show these in the review grid');
    expect(await frame.locator('.nearest li').allTextContents()).toEqual(listed);
    expect(await frame.locator('.legend .name').allTextContents()).toEqual(first);
  });
});

describe('the page of a run', () => {
  let frame: Frame;

  it('tries thresholds, opens what changes side, and has slider and keys when somebody comes back', async () => {
    await keys.command('Overread: Open Run…');
    frame = await session.workbench.webview('.charts svg');
    await keys.tabTo(frame, 'Threshold');
    const value = frame.locator('.value');
    const before = await eventually('a threshold is tried', async () => {
      const text = await value.textContent();
      expect(text).toMatch(/^0\.\d/);
      return text;
    });
    await keys.press('ArrowLeft', 'ArrowLeft', 'ArrowLeft');
    const show = frame.getByRole('button', { name: 'Show them in the grid' });
    const tried = await eventually('images change side', async () => {
      expect(await value.textContent()).not.toBe(before);
      expect(await show.isEnabled()).toBe(true);
      return value.textContent();
    });
    await keys.tabTo(frame, 'Show them in the grid');
    await keys.press('Enter');
    await reviewed(frame);
    await keys.command('Overread: Open Run…');
    frame = await session.workbench.webview('.charts svg');
    await keys.has(frame, 'Show them in the grid');
    expect(await frame.locator('.value').textContent()).toBe(tried);
  });

  it('writes a target into overread.yaml, takes it out again, and looks at the test part once', async () => {
    await keys.tabTo(frame, 'Target');
    await keys.press('ArrowDown');
    await frame.getByRole('table', { name: 'Threshold' }).waitFor();
    await keys.tabTo(frame, 'Write into overread.yaml');
    await keys.press('Enter');
    await eventually('the target is on disk', () =>
      expect(settings()).toMatch(/^operating_points:\n +\w+: youden$/m),
    );
    await frame.getByText('In overread.yaml: Youden').waitFor();
    await keys.tabTo(frame, 'Take out of overread.yaml');
    await keys.press('Enter');
    await eventually('it is out', () => expect(settings()).not.toContain('youden'));
    await keys.has(frame, 'Take out of overread.yaml');
    await inBothThemes(session.workbench, session.workspace, 'run-threshold', frame);
    const looks = frame.getByText(/^\d+ looks? at the test part so far$/);
    const before = Number.parseInt(await looks.innerText());
    await keys.tabTo(frame, 'Show the test part', 'Shift+Tab');
    await keys.press('Enter');
    await eventually('the look is counted', async () =>
      expect(Number.parseInt(await looks.innerText())).toBe(before + 1),
    );
    await keys.has(frame, 'Show the test part');
    await frame.locator('.chart-out-of-fold-band').first().waitFor();
    await inBothThemes(session.workbench, session.workspace, 'run', frame);
  });
});

describe('the report', () => {
  it('is written from the page of its run, opens as it is, and comes back to its tab', async () => {
    const frame = await session.workbench.webview('.charts svg');
    await keys.tabTo(frame, 'Write report', 'Shift+Tab');
    await keys.press('Enter');
    const report = await session.workbench.webview('section#data');
    const [run] = runNames(project);
    const file = path.join(project, 'runs', run!, 'report.html');
    const sections = [...readFileSync(file, 'utf8').matchAll(/<section id="(\w+)">/g)].map(([, id]) => id);
    expect(await report.locator('section').evaluateAll((all) => all.map(({ id }) => id))).toEqual(sections);
    await inBothThemes(session.workbench, session.workspace, 'report', report, faultsOfMarkup);
    await keys.command('Overread: Open Run…');
    await eventually('the report is behind the run', () => expect(report.isDetached()).toBe(true));
    const again = await session.workbench.webview('.charts svg');
    await keys.has(again, 'Write report');
    rmSync(file);
    await keys.press('Enter');
    await eventually('it is written again', () => expect(readFileSync(file, 'utf8')).toContain('</html>'));
    await session.workbench.webview('section#data');
    expect(await session.workbench.tab(/^Report: /).count()).toBe(1);
  });
});

describe('all of it', () => {
  it('broke no content security policy and threw nothing', () => {
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});
