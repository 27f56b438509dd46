/** A project of 14 findings in VS Code's window: keys through the editor, what they hit, room at the sizes of an editor. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeResult } from '../../bench/result';
import type { LabelEvent } from '../../src/core/labels/model';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { makeFourteenFindings } from '../support/fourteenFindings';
import { Grid } from '../support/grid';
import { Person } from '../support/person';
import { labelEvents } from '../support/project';
import { ReviewPage } from '../support/reviewPage';
import { openWindow, type SharedSession } from '../support/vscode';
import { drawnSample, finetuneQuickly } from '../support/windowProjects';
import { showsWholeTile } from '../support/wholeTile';

let project: string;
let session: SharedSession;
let page: ReviewPage;
let grid: Grid;

beforeAll(async () => {
  session = await openWindow(async (folder) => {
    const made = path.join(folder, 'findings');
    await makeFourteenFindings(made, (source) => drawnSample(source, 240));
    inTwoFolds(path.join(made, 'overread.yaml'));
    await finetuneQuickly(made, 240);
    // The pictures beside it are no project of the window's.
    rmSync(path.join(`${made}-pictures`, 'overread.yaml'));
  });
  project = path.join(session.folder, 'findings');
  await session.workbench.runCommand('Overread: Review Errors');
  page = await ReviewPage.find(session.workbench);
  grid = await Grid.find(session.workbench);
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

/** Two folds instead of five take half as long to fit: here it matters what the page shows, not how good the figures are. */
function inTwoFolds(config: string): void {
  const text = readFileSync(config, 'utf8');
  expect(text).toContain('folds: 5');
  writeFileSync(config, text.replace('folds: 5', 'folds: 2'));
}

/** The finding in the outline. */
const acting = (): Promise<string | null> =>
  grid.frame.locator('.tile.focused .acting').getAttribute('data-finding');

describe('a project of 14 findings in VS Code', () => {
  it('has one tile for each image, with probability and threshold, and a figure of its own for what it counts', async () => {
    await grid.picturesPainted();
    const names = await Promise.all([1, 2, 3].map((position) => page.nameOf(position)));
    for (const name of names)
      expect(name).toMatch(/: (present|absent), model [<>]?0\.\d\d \/ 0\.\d\d\. 1 of \d+$/);
    expect(new Set(names.map((name) => name.split('. ')[0])).size).toBe(3);
    expect(await grid.frame.locator('.counts').textContent()).toMatch(/^\d+ findings?$/);
    await session.workbench.screenshot('findings');
  });

  it('answers the finding in the outline by the keys of the editor, and takes the answer back to it', async () => {
    await grid.focus((await grid.tiles())[0]!.key);
    const name = (await acting())!;
    await page.press('2');
    const [event] = await eventually('the answer is on disk', () => {
      const found = labelEvents(project);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(event).toMatchObject({ finding: name });
    expect(['set', 'keep']).toContain(event!.op);
    await page.press('Control+z');
    await eventually('the finding has the keys again', async () => {
      expect([await acting(), await page.focusedPosition()]).toEqual([name, 1]);
      expect(labelEvents(project).map(({ op }) => op)).toContain('undo');
    });
  });

  it('reads all findings by Enter, goes to one by J and its letter, and keeps the rest by Shift+Enter', async () => {
    const before = labelEvents(project).length;
    await page.press('Enter');
    const rows = grid.frame.locator('.finding-list .finding');
    await eventually('all findings are listed', async () => expect(await rows.count()).toBe(14));
    expect(
      await grid.frame.getByRole('button', { name: /^. Too rare to judge: \d findings?$/ }).count(),
    ).toBe(1);
    await session.workbench.screenshot('findings-read');
    const last = (await rows.nth(3).getAttribute('data-finding'))!;
    // Once: the next one would be a letter of its own.
    await page.keysApply();
    await page.press('j');
    await grid.frame.locator('.label-hints[open]').waitFor();
    const choice = grid.frame.locator('.label-hints[open] button', { hasText: last });
    for (const letter of (await choice.getAttribute('data-hint'))!) await page.press(letter);
    await eventually('the finding has the keys', async () =>
      expect(await grid.frame.locator('.finding-list .acting').getAttribute('data-finding')).toBe(last),
    );
    expect(labelEvents(project)).toHaveLength(before);
    // The editor hears a moment later that the dialog is closed: until then its keybindings do not apply.
    await page.keysApply();
    await page.press('u');
    await eventually('the answer is on disk', () =>
      expect(labelEvents(project).slice(before)).toContainEqual(
        expect.objectContaining({ finding: last, value: 'uncertain' }),
      ),
    );
    const answered = labelEvents(project).length;
    await page.press('Shift+Enter');
    const kept = await eventually('the rest is kept', () => {
      const found = labelEvents(project).slice(answered);
      expect(found.length).toBeGreaterThan(0);
      return found;
    });
    expect(kept.every(({ op, batch }) => op === 'keep' && batch === kept[0]!.batch)).toBe(true);
    await page.press('Escape');
    await grid.frame.locator('.reader').waitFor({ state: 'hidden' });
  });

  it('takes one key for a finding in doubt, and two for any other of the 14', async () => {
    await grid.focus((await grid.tiles())[2]!.key);
    await page.keysApply();
    const answers = async (before: number): Promise<LabelEvent> =>
      eventually('one answer is on disk', () => {
        const found = labelEvents(project).slice(before);
        expect(found).toHaveLength(1);
        return found[0]!;
      });
    const name = (await acting())!;
    let before = labelEvents(project).length;
    const doubtful = new Person((key) => page.press(key));
    await doubtful.press('a');
    expect(await answers(before)).toMatchObject({ op: 'set', finding: name });
    const steps = [doubtful.done('one finding of 14, in doubt', { clicks: 0, keys: 1 })];

    // Any other: on the tile itself, by its letter.
    await grid.focus((await grid.tiles())[3]!.key);
    await page.keysApply();
    before = labelEvents(project).length;
    const any = new Person((key) => page.press(key));
    await any.press('j');
    const dialog = grid.frame.locator('.label-hints[open]');
    await dialog.waitFor();
    const inDoubt = await grid.frame
      .locator('.tile.focused .finding-chip:not([hidden])')
      .evaluateAll((chips) => chips.map((chip) => chip.getAttribute('data-finding')));
    const choices = dialog.locator('button');
    await eventually('all labels are here', async () =>
      expect(await dialog.locator('.label-sign').count()).toBe(await choices.count()),
    );
    expect(await choices.count()).toBe(14);
    const names = await dialog
      .locator('button:has(.with-shift)')
      .evaluateAll((all) => all.map((choice) => choice.getAttribute('title') ?? ''));
    const last = names.findLast((one) => !inDoubt.includes(one))!;
    const choice = dialog.locator(`button[title="${last}"]`);
    const other = (await choice.locator('.with-shift').textContent())!.replace('⇧ ', '');
    await session.workbench.screenshot('findings-letters');
    await any.press(`Shift+${(await choice.getAttribute('data-hint'))!}`);
    expect(await answers(before)).toMatchObject({
      op: 'set',
      finding: last,
      value: other === 'present' ? '1' : '0',
    });
    steps.push(any.done('one finding of 14, any', { clicks: 0, keys: 2 }));
    await eventually('it is said', async () =>
      expect(await grid.frame.locator('.change-text').textContent()).toMatch(`→ ${other}`),
    );
    await page.keysApply();
    await page.press('Control+z');
    await eventually('one undo takes it back', () =>
      expect(labelEvents(project).at(-1)).toMatchObject({ op: 'undo' }),
    );
    writeResult('ten-tasks-finding', { checks: [], figures: { steps } });
  });

  it.each([
    ['320 × 480', 320, 480],
    ['700 × 900', 700, 900],
  ])('shows a whole tile with its finding where the window is %s', async (_, width, height) => {
    const { workbench } = session;
    await grid.focus((await grid.tiles())[0]!.key);
    if (await workbench.page.locator('.part.sidebar').isVisible()) await page.press('Control+b');
    await workbench.page.setViewportSize({ width, height });
    await showsWholeFinding();
    await workbench.screenshot(`findings-${String(width)}`);
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('shows a whole tile with its finding in a half of a split editor', async () => {
    const { workbench } = session;
    await workbench.runCommand('View: Split Editor Right');
    await workbench.runCommand('View: Focus First Editor Group');
    await page.press('Control+End');
    await eventually('the page is in a half', async () =>
      expect(await page.frame.evaluate(() => innerWidth)).toBeLessThan(760),
    );
    // The tiles are laid out anew for the half.
    await eventually('the last tile has the keys', async () => {
      await grid.focus((await grid.tiles()).at(-1)!.key, 3000);
    });
    await showsWholeFinding();
    await workbench.screenshot('findings-split');
  });

  it('broke no content security policy and threw nothing', () => {
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});

/** The whole of the focused tile, and the finding that the keys are for, are between the edges of the list. */
async function showsWholeFinding(): Promise<void> {
  await eventually('the tile has the finding inside', async () => {
    const shown = page.tile(await showsWholeTile(page));
    const [tile, chip] = [await shown.boundingBox(), await shown.locator('.acting').boundingBox()];
    expect(chip!.y + chip!.height).toBeLessThanOrEqual(tile!.y + tile!.height);
  });
}
