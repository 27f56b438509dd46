/** Projects of 30 and of 40 classes with long names and disputed labels in VS Code's window. */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { Grid } from '../support/grid';
import { disputedImages, longClass, makeManyClasses } from '../support/manyClasses';
import { labelEvents } from '../support/project';
import { ReviewPage } from '../support/reviewPage';
import { openWindow, type SharedSession } from '../support/vscode';
import { showsWholeTile } from '../support/wholeTile';
import { finetuneQuickly } from '../support/windowProjects';

const sizes = [30, 40] as const;
const nameOf = (count: number): string => `${String(count)} classes`;
let session: SharedSession;
let page: ReviewPage;
let grid: Grid;
const rootOf = (count: number): string => path.join(session.folder, nameOf(count));

/** A setting of the folder: the window's server is other tests' as well. */
function readAsAdjudicator(): void {
  const folder = session.workspace;
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  const settings = { 'overread.review.role': 'adjudicator' };
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
}

beforeAll(async () => {
  session = await openWindow(async (folder) => {
    for (const count of sizes) {
      await makeManyClasses(path.join(folder, nameOf(count)), count);
      await finetuneQuickly(path.join(folder, nameOf(count)), 240);
    }
  });
  readAsAdjudicator();
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

describe.each(sizes)('a project of %i classes with long names', (count) => {
  it('has a numbered matrix, the top confusions first, and names that are told apart', async () => {
    const { workbench } = session;
    await workbench
      .treeItem(/^Disputed/)
      .first()
      .waitFor();
    await workbench.runCommand('Overread: Select Project…');
    // It is called by its folder until it is open.
    await workbench.pick(nameOf(count));
    await workbench.runCommand('Overread: Review All Images');
    await workbench.tab(new RegExp(`Review: ${String(count)} classes`)).waitFor();
    await eventually('its page is on show', async () => {
      page = await ReviewPage.find(workbench);
      grid = await Grid.find(workbench);
      expect(await page.frame.locator('.matrix thead th[scope="col"]').count()).toBe(count + 1);
      // With another role, as the editor takes up the folder's settings, it is loaded anew.
      expect(await page.frame.getByText('adjudicator').count()).toBe(1);
    });
    const heads = page.frame.locator('.matrix thead th[scope="col"]');
    expect(await heads.nth(count - 1).textContent()).toBe(String(count));
    expect(await heads.nth(count - 1).getAttribute('title')).toBe(longClass(count));
    const confusions = page.frame.locator('.confusions .count');
    const counts = (await confusions.allTextContents()).map(Number);
    expect(counts.length).toBeGreaterThan(0);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    const names = page.frame.locator('.confusions .names').first();
    const [list, last] = [await names.boundingBox(), await names.locator('.tail').last().boundingBox()];
    expect(last!.x + last!.width).toBeLessThanOrEqual(list!.x + list!.width);
    await grid.picturesPainted();
    const value = page.frame.locator('.tile[data-key] .value').first();
    const whole = (await value.textContent())!;
    expect(await value.getAttribute('title')).toBe(whole);
    const [tail, tile] = [await value.locator('.tail').boundingBox(), await page.tile(1).boundingBox()];
    expect(tail!.x + tail!.width).toBeLessThanOrEqual(tile!.x + tile!.width);
    await workbench.screenshot(`classes-${String(count)}`);
  });

  it('answers with a label by its letters, and takes that back', async () => {
    await grid.focus((await grid.tiles())[0]!.key);
    await page.keysApply();
    await page.press('j');
    const choices = page.frame.locator('.label-hints[open] button');
    await eventually('all labels have letters', async () => expect(await choices.count()).toBe(count));
    const [tail, choice] = [
      await choices.last().locator('.tail').boundingBox(),
      await choices.last().boundingBox(),
    ];
    expect(tail!.x + tail!.width).toBeLessThanOrEqual(choice!.x + choice!.width);
    await session.workbench.screenshot(`classes-${String(count)}-letters`);
    for (const letter of (await choices.last().getAttribute('data-hint'))!) await page.press(letter);
    await eventually('the answer is on disk', () =>
      expect(labelEvents(rootOf(count)).at(-1)).toMatchObject({ value: longClass(count) }),
    );
    await page.keysApply();
    await page.press('Control+z');
    await eventually('it is taken back', () => expect(labelEvents(rootOf(count)).at(-1)?.op).toBe('undo'));
  });

  it.each([
    [320, 480],
    [700, 900],
  ])('shows a whole tile where the window is %i × %i', async (width, height) => {
    const { workbench } = session;
    await grid.focus((await grid.tiles())[0]!.key);
    await page.keysApply();
    if (await workbench.page.locator('.part.sidebar').isVisible()) await page.press('Control+b');
    await workbench.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    await workbench.page.setViewportSize({ width, height });
    await showsWholeTile(page);
    await workbench.screenshot(`classes-${String(count)}-${String(width)}`);
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
    await page.press('Control+b');
    await workbench.page.locator('.part.sidebar').waitFor();
  });
});

describe('disputed labels', () => {
  it('are listed with who says what, and settled by an adjudicator’s key', async () => {
    const { workbench } = session;
    const root = rootOf(sizes[1]);
    await workbench
      .treeItem(/^Disputed/)
      .first()
      .click();
    await eventually('the disputed images are listed, and each says so', async () => {
      expect(await grid.total()).toBe(disputedImages);
      const states = page.frame.locator('.tile[data-key]');
      const told = await states.evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-state')));
      expect(new Set(told)).toEqual(new Set(['disputed']));
    });
    await workbench.screenshot('disputed');
    await page.keysApply();
    await page.press('Enter');
    const readings = page.frame.locator('.detail .readings .fact');
    await eventually('all readings are listed', async () => expect(await readings.count()).toBe(3));
    await workbench.screenshot('disputed-read');
    await page.keysApply();
    await page.press('1');
    await eventually('the decision is on disk', () =>
      expect(labelEvents(root).at(-1)).toMatchObject({ op: 'set', value: longClass(1), role: 'adjudicator' }),
    );
    await page.press('Escape');
    await page.frame.locator('.reader').waitFor({ state: 'hidden' });
    await workbench
      .treeItem(/^Disputed/)
      .first()
      .click();
    await eventually('it is settled', async () => expect(await grid.total()).toBe(disputedImages - 1));
  });

  it('broke no content security policy and threw nothing', () => {
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});
