/** The review page in VS Code's window: its keys through the editor, its room at the sizes that an editor has. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseItemKey } from '../../src/core/review/itemKey';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { Grid } from '../support/grid';
import { labelEvents } from '../support/project';
import { ReviewPage } from '../support/reviewPage';
import { openWindow, type SharedSession } from '../support/vscode';
import { trainedSample } from '../support/windowProjects';
import { showsWholeTile } from '../support/wholeTile';
import type { WindowPart } from '../support/workbench';

let project: string;
let session: SharedSession;
let page: ReviewPage;
let grid: Grid;

beforeAll(async () => {
  session = await openWindow((folder) => trainedSample(path.join(folder, 'sample')));
  project = path.join(session.folder, 'sample');
  await session.workbench.runCommand('Overread: Review All Images');
  page = await ReviewPage.find(session.workbench);
  grid = await Grid.find(session.workbench);
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

const pageWidth = (): Promise<number> => page.frame.evaluate(() => innerWidth);

type Parts = Readonly<Record<WindowPart, boolean>>;

const noParts: Parts = { sidebar: false, panel: false, auxiliarybar: false };

/** Waits until these parts of the window are on show, and the others are not. */
async function partsAre(parts: Parts): Promise<void> {
  const check = async (): Promise<void> => {
    const seen = await Promise.all(
      Object.keys(parts).map(async (part) => [
        part,
        await session.workbench.page.locator(`.part.${part}`).isVisible(),
      ]),
    );
    expect(Object.fromEntries(seen)).toEqual(parts);
  };
  await eventually('the parts of the window are so', check);
}

/** Shows or hides parts by the editor's keys, and gives the image at `position` its keys again. */
async function setParts(parts: Parts, position: number): Promise<void> {
  for (const part of ['sidebar', 'auxiliarybar', 'panel'] as const)
    await session.workbench.setPart(part, parts[part]);
  await partsAre(parts);
  // What a part has to show may take the keys when it comes.
  await eventually('the image has the keys', async () => {
    await page.press('Control+1');
    expect(await page.focusedPosition()).toBe(position);
  });
}

/** All of the window by F, once the editor knows that F applies. */
async function becomeByF(parts: Parts): Promise<void> {
  await page.keysApply();
  await page.press('f');
  await partsAre(parts);
}

const imageHasKeys = (position: number): Promise<void> =>
  eventually('the image has the keys', async () => expect(await page.focusedPosition()).toBe(position));

describe('the review page in VS Code', () => {
  it('reads an image by Enter, answers it by its key, and goes back to the tile', async () => {
    await page.press('ArrowRight', 'Enter');
    await grid.frame.locator('.reader').waitFor();
    const name = await grid.frame.locator('.reader h2').textContent();
    await page.press('k');
    const events = await eventually('the answer is on disk', () => {
      const found = labelEvents(project);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(events[0]).toMatchObject({ op: 'keep' });
    expect(path.basename(events[0]!.sample)).toBe(name);
    await page.press('0', 'z', 'i', '[', 'r');
    expect(labelEvents(project)).toHaveLength(1);
    await page.press('Escape');
    await eventually('the tile after it has the keys', async () => {
      expect(await page.focusedPosition()).toBe(3);
    });
  });

  it('has the keys by F also where the message is lost by which the editor gives them to a page', async () => {
    await page.keysApply();
    const at = await page.focusedPosition();
    expect(at).toBeGreaterThan(0);
    // The editor's script beside the page calls this when the message comes: now it does nothing.
    await page.frame.evaluate(() =>
      Object.assign(window, { kept: window.focus.bind(window), focus: () => undefined }),
    );
    await becomeByF(noParts);
    await imageHasKeys(at);
    await becomeByF({ sidebar: true, panel: false, auxiliarybar: false });
    await imageHasKeys(at);
    await page.frame.evaluate(() =>
      Object.assign(window, { focus: (window as typeof window & { readonly kept: unknown }).kept }),
    );
  });

  it('has all of the window by F, and by F again what was on show before', async () => {
    const { workbench } = session;
    await partsAre({ sidebar: true, panel: false, auxiliarybar: false });
    await setParts({ sidebar: true, panel: true, auxiliarybar: true }, 3);
    await page.press('Enter');
    await grid.frame.locator('.reader').waitFor();
    const before = await pageWidth();
    await becomeByF(noParts);
    await eventually('the page is wider', async () =>
      expect(await pageWidth()).toBeGreaterThan(before + 200),
    );
    await imageHasKeys(3);
    await workbench.screenshot('page-read');
    await becomeByF({ sidebar: true, panel: true, auxiliarybar: true });
    await imageHasKeys(3);
    await page.press('Escape');
    await grid.frame.locator('.reader').waitFor({ state: 'hidden' });
    await partsAre({ sidebar: true, panel: true, auxiliarybar: true });
    await imageHasKeys(3);
  });

  it('gives the window back with Read mode, where it was taken there: no part more than there was', async () => {
    await setParts({ sidebar: false, panel: true, auxiliarybar: false }, 3);
    await page.press('Enter');
    await grid.frame.locator('.reader').waitFor();
    await becomeByF(noParts);
    await imageHasKeys(3);
    await page.press('Escape');
    await partsAre({ sidebar: false, panel: true, auxiliarybar: false });
    await grid.frame.locator('.reader').waitFor({ state: 'hidden' });
    await imageHasKeys(3);
    await setParts({ sidebar: true, panel: false, auxiliarybar: false }, 3);
  });

  it('writes the list that is shown into the file that is chosen', async () => {
    const { workbench } = session;
    const file = path.join(project, 'shown.csv');
    await grid.frame.locator('.bar .more').click();
    await grid.frame.locator('vscode-button', { hasText: 'Export list…' }).click();
    await workbench.saveAs(file, path.join(project, 'list.csv'));
    const rows = await eventually('the list is on disk', () => {
      const [head, ...found] = readFileSync(file, 'utf8').trim().split('\n');
      expect(head).toBe('sample,image,patient,finding,label,model,score,threshold,state');
      return found;
    });
    expect(rows).toHaveLength(await grid.total());
    const tiles = await grid.tiles();
    expect(tiles.map(({ position }) => rows[position - 1]?.split(',')[0])).toEqual(
      tiles.map(({ key }) => parseItemKey(key)?.sample),
    );
    await workbench.notification(/The list is written to shown\.csv/).waitFor();
    await page.press('Escape');
  });

  it('is ordered, and its tiles are sized, from the title of its tab', async () => {
    const { workbench } = session;
    const first = await page.nameOf(1);
    const menu = async (title: string, row: string): Promise<void> => {
      await workbench.page.locator(`.editor-actions a[aria-label^="${title}"]`).click();
      await workbench.page.locator('.context-view .action-item', { hasText: row }).first().hover();
      await workbench.page.keyboard.press('Enter');
    };
    await menu('Sort by', 'Path');
    await eventually('the list is in another order', async () =>
      expect(await page.nameOf(1)).not.toBe(first),
    );
    const height = async (): Promise<number> => (await page.tile(1).boundingBox())!.height;
    const before = await height();
    await menu('Tile size', 'Largest');
    await eventually('the tiles are larger', async () =>
      expect(await height()).toBeGreaterThan(before + 100),
    );
    await menu('Tile size', 'Medium');
  });

  it('shows its keys by ?, and letters on its labels by J, which answer nothing of their own', async () => {
    const before = labelEvents(project).length;
    await grid.focus((await grid.tiles())[0]!.key);
    await page.press('?');
    await grid.frame.locator('.cheat-sheet').waitFor();
    await page.press('a', 'x', 'Escape');
    await eventually('the tile has the keys', async () => expect(await page.focusedPosition()).toBe(1));
    // The editor hears of it a moment later: until then its keybindings do not apply. Once: the next one would be a letter.
    await page.keysApply();
    await page.press('j');
    await grid.frame.locator('.label-hints[open]').waitFor();
    await page.press('1', 'x', 'Escape');
    await eventually('the tile has the keys', async () => expect(await page.focusedPosition()).toBe(1));
    expect(labelEvents(project)).toHaveLength(before);
  });

  it.each([
    ['320 × 480', 320, 480],
    ['700 × 900', 700, 900],
    ['150 %', 960, 600],
    ['200 %', 720, 450],
  ])('shows a whole tile where the window is %s', async (name, width, height) => {
    const { workbench } = session;
    await grid.focus((await grid.tiles())[0]!.key);
    if (await workbench.page.locator('.part.sidebar').isVisible()) await page.press('Control+b');
    await workbench.page.setViewportSize({ width, height });
    await showsWholeTile(page);
    await workbench.screenshot(`page-${name.replaceAll(/\W+/g, '-')}`);
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('shows a whole tile in a half of a split editor', async () => {
    const { workbench } = session;
    await workbench.runCommand('View: Split Editor Right');
    await workbench.runCommand('View: Focus First Editor Group');
    await page.press('Control+End');
    await eventually('the page is in a half', async () => expect(await pageWidth()).toBeLessThan(760));
    // The tiles are laid out anew for the half.
    await eventually('the last tile has the keys', async () => {
      await grid.focus((await grid.tiles()).at(-1)!.key, 3000);
    });
    await showsWholeTile(page);
    await workbench.screenshot('page-split');
  });

  it('by F has the place of the other editors too, and by F again its half', async () => {
    const { workbench } = session;
    // A half that is none: what a person has set is brought back.
    await workbench.runCommand('Increase Current View Size');
    await workbench.runCommand('View: Focus First Editor Group');
    const groups = workbench.page.locator('.editor-group-container:visible');
    const [at, before] = await eventually('the keys are here, in one of two groups', async () => {
      const position = await page.focusedPosition();
      expect([await groups.count(), position > 0]).toEqual([2, true]);
      return [position, await pageWidth()] as const;
    });
    await page.keysApply();
    await page.press('f');
    await eventually('the page has all of the window', async () => {
      expect(await groups.count()).toBe(1);
      expect(await pageWidth()).toBeGreaterThan(before + 300);
    });
    await imageHasKeys(at);
    await page.keysApply();
    await page.press('f');
    await eventually('both editors are as they were', async () => {
      expect(await groups.count()).toBe(2);
      expect(Math.abs((await pageWidth()) - before)).toBeLessThanOrEqual(2);
    });
    await imageHasKeys(at);
  });

  it('broke no content security policy and threw nothing', () => {
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});
