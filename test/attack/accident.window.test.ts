/** Labels changed by accident: the packaged extension in VS Code, by its own keybindings, down to the label file. */
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelEvent } from '../../src/core/labels/model';
import { eventually } from '../support/eventually';
import { labelEvents } from '../support/project';
import { readyFinetuned } from '../support/readyProjects';
import { labelIn, ReviewPage } from '../support/reviewPage';
import { openVscode, type VscodeSession } from '../support/vscode';

let folder: string;
let project: string;
let session: VscodeSession;
let page: ReviewPage;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'overread-accident-'));
  project = path.join(folder, 'sample');
  await readyFinetuned(project);
  session = await openVscode({
    workspace: project,
    settings: { 'overread.annotator': 'Test Reader' },
    viewport: { width: 1280, height: 800 },
    fewBuiltin: true,
  });
  await session.workbench.showActivity('Overread');
  await session.workbench.runCommand('Overread: Review Errors');
  page = await ReviewPage.find(session.workbench);
  // The first start after a build installs the VSIX.
}, 150_000);

afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until the tile at a position has the keyboard focus. */
async function hasFocus(position: number, after: string): Promise<void> {
  await eventually(`the focused image has the keys after ${after}`, async () => {
    expect(await page.focusedPosition()).toBe(position);
  });
}

/** Waits for the events of as many batches and gives them. */
function batches(count: number): Promise<LabelEvent[][]> {
  return eventually(`${String(count)} batches are on disk`, () => {
    const found = new Map<string, LabelEvent[]>();
    for (const event of labelEvents(project)) {
      found.set(event.batch, [...(found.get(event.batch) ?? []), event]);
    }
    expect(found.size).toBe(count);
    return [...found.values()];
  });
}

/** The key of the label that an image has. */
async function keyOfLabel(name: string): Promise<string> {
  for (let key = 1; key <= 9; key++) {
    if ((await page.button(`${String(key)} ${labelIn(name)}`).count()) > 0) return String(key);
  }
  throw new Error(`no button for the label of ${name}`);
}

const fileOf = (name: string): string => name.slice(0, name.indexOf('. Label'));

describe('8 (section 4) labels changed by accident, in VS Code', () => {
  it('the keys are for the tiles as soon as "Review Errors" has opened them', async () => {
    await hasFocus(1, 'Review Errors');
  });

  it('an answer to several leaves nothing selected for the next key', async () => {
    await page.press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight');
    await page.targets.getByText('5 images selected').waitFor();
    await page.press('a');
    await batches(1);
    await page.press('End');
    const last = (await page.focused())!;
    await page.press('3');
    const [five, one] = await batches(2);
    expect(five).toHaveLength(5);
    expect(one!.map(({ sample }) => path.basename(sample))).toEqual([fileOf(last.name)]);
  });

  it('U keeps the class that it takes the place of', async () => {
    await page.press('Home', 'ArrowDown');
    const { name, position } = (await page.focused())!;
    await page.press('u');
    const events = (await batches(3)).at(-1)!;
    expect(events).toMatchObject([{ op: 'set', value: 'uncertain', previous: labelIn(name) }]);
    await eventually('the tile says so', async () => {
      expect(await page.labelOf(position)).toBe(`uncertain (was ${labelIn(name)})`);
    });
    await page.press('Control+z');
    const text = `Undone: ${fileOf(name)} → ${labelIn(name)}`;
    await page.lastChange.getByText(text).waitFor();
    expect(await page.said()).toContain(text);
    await hasFocus(position, 'undo');
  });

  it('the number of the label that stands keeps it, and takes the image off the errors', async () => {
    const { name } = (await page.focused())!;
    const total = await page.total();
    await page.press(await keyOfLabel(name));
    expect((await batches(5)).at(-1)).toMatchObject([{ op: 'keep', value: labelIn(name) }]);
    await session.workbench.runCommand('Overread: Review Errors');
    await eventually('the list is made anew', async () => {
      expect(await page.total()).toBeLessThan(total);
    });
    expect(await page.frame.getByRole('option', { name: fileOf(name) }).count()).toBe(0);
  });

  it('the keys come back from the palette, the log, the panel, the side bar and the toolbar', async () => {
    const { workbench } = session;
    await hasFocus(1, 'Review Errors from the palette');
    await page.press('ArrowRight', 'F1');
    await workbench.page.locator('.quick-input-widget:visible input').waitFor();
    await page.press('Escape');
    await hasFocus(2, 'the palette');
    await workbench.runCommand('Overread: Show Log');
    // It opens beside the tiles and takes no keys.
    await hasFocus(2, 'the log was shown');
    await workbench.runCommand('Overread: Review Errors');
    await hasFocus(1, 'the log');
    await page.press('ArrowRight');
    await workbench.runCommand('View: Focus Active Editor Group');
    await hasFocus(2, 'the panel');
    await workbench.runCommand('View: Toggle Panel Visibility');
    await workbench.runCommand('View: Focus Active Editor Group');
    await hasFocus(2, 'the closed panel');
    await workbench
      .treeItem(/^Errors/)
      .first()
      .click();
    await hasFocus(1, 'a click in the side bar');
    await page.press('ArrowRight');
    await page.button('Details').click();
    await hasFocus(2, 'a click on a button');
    await page.button('Details').click();
    await page.matrix.getByRole('button').first().click();
    await hasFocus(1, 'a cell of the matrix');
  });

  it('the focused image stays in view when the panel opens', async () => {
    await session.workbench.runCommand('Overread: Review All Images');
    await hasFocus(1, 'Review All Images');
    await page.press('ArrowDown');
    const columns = (await page.focusedPosition()) - 1;
    while (await page.isWholeInView((await page.focusedPosition()) + columns)) await page.press('ArrowDown');
    const at = await page.focusedPosition();
    const panel = session.workbench.page.locator('.part.panel');
    if (await panel.isVisible()) await page.press('Control+j');
    await panel.waitFor({ state: 'hidden' });
    await page.press('Control+j');
    await eventually('the panel has taken its room', async () => {
      expect(await page.isWholeInView(at)).toBe(true);
      expect(await panel.isVisible()).toBe(true);
    });
    expect(await page.isWholeInView(at)).toBe(true);
    await session.workbench.runCommand('View: Focus Active Editor Group');
    await hasFocus(at, 'the panel');
  });

  it('broke no content security policy and threw nothing', () => {
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});
