/**
 * What the check of the data found, in VS Code's window and by keyboard alone: in the Problems panel and at its row, in the
 * queue "Checks", settled by each quick fix, all of which is on disk.
 */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patience } from '../../scripts/test/patience.mjs';
import { ByKeys } from '../support/byKeys';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { inBothThemes } from '../support/inBothThemes';
import { plantTwins, type Pair, type Twins } from '../support/plantTwins';
import { labelEvents } from '../support/project';
import { ReviewPage } from '../support/reviewPage';
import { openWindow, type SharedSession } from '../support/vscode';
import { drawnSample } from '../support/windowProjects';

let project: string;
let session: SharedSession;
let keys: ByKeys;
let page: ReviewPage;

let twins: Twins;

const focusProblems = 'Problems: Focus on Problems View';
const read = (file: string): string => readFileSync(path.join(project, file), 'utf8');
const problems = (): Locator => session.workbench.page.locator('.markers-panel .monaco-list-row');
const problem = (pair: Pair): Locator => problems().filter({ hasText: pair[0] }).filter({ hasText: pair[1] });

beforeAll(async () => {
  session = await openWindow(async (folder) => {
    const made = path.join(folder, 'sample');
    await drawnSample(made, 60);
    twins = plantTwins(made);
  });
  project = path.join(session.folder, 'sample');
  keys = new ByKeys(session.workbench);
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

/** Opens the quick fixes of what has the keys, the Problems panel or a row of the table, goes to one, and takes it. */
async function take(fix: string): Promise<void> {
  const { page: window } = session.workbench;
  const menu = window.locator('.monaco-menu:visible, .action-widget:visible').first();
  // The editor asks for them when the row gets the keys, and has none to show until they are there.
  await eventually('the quick fixes are shown', async () => {
    await keys.press('Control+.');
    await menu.waitFor({ timeout: 3000 });
  });
  await keys.goTo(menu.locator('.action-item.focused, .monaco-list-row.focused'), fix, 'ArrowDown');
  await session.workbench.screenshot('checks-fixes');
  await keys.press('Enter');
  await window.locator('.quick-input-widget:visible input.input').waitFor({ timeout: 2 * patience });
}

describe('what the check found', () => {
  it('stands in the Problems panel, with the worst first in the queue', async () => {
    await keys.command('Overread: Check Data');
    // A check that found errors ends as a command that fails does: with its terminal on show.
    await eventually(
      'the check has ended',
      async () => {
        const text = (await session.workbench.terminalText()).replaceAll(/\s/g, '');
        expect(text).toContain('terminatedwithexitcode:1');
      },
      4 * patience,
    );
    await keys.command(focusProblems);
    for (const pair of Object.values(twins) as Pair[]) await problem(pair).first().waitFor();
    await session.workbench.screenshot('checks-problems');
    await keys.command('Overread: Review What the Check Found');
    page = await ReviewPage.find(session.workbench);
    await eventually('the contradiction is the first, and has the keys', async () => {
      expect(await page.focusedPosition()).toBe(1);
      for (const [i, sample] of twins.opposed.entries())
        expect(await page.nameOf(i + 1)).toContain(path.basename(sample));
    });
    await page.frame.locator('.tile .picture.loaded').nth(3).waitFor();
    await inBothThemes(session.workbench, session.workspace, 'checks', page.frame as Frame);
    await page.keysApply();
    await keys.press('Enter');
    await page.frame.locator('.reader').waitFor();
    await inBothThemes(session.workbench, session.workspace, 'checks-read', page.frame as Frame);
    await keys.press('Escape');
    await page.frame.locator('.reader').waitFor({ state: 'hidden' });
    await eventually('the tile has the keys again', async () => expect(await page.focusedPosition()).toBe(1));
  });

  it('is kept together from the Problems panel, which has the keys afterwards', async () => {
    await keys.toRow(focusProblems, twins.twice[1]);
    await take('Keep together…');
    await keys.pick('Keep together');
    await eventually('they are one patient', () => {
      const groups = read('splits/groups.csv');
      for (const sample of twins.twice) expect(groups).toContain(sample);
    });
    await eventually('it is settled', async () => expect(await problem(twins.twice).count()).toBe(0));
    await eventually('the panel has the keys', async () =>
      expect(await session.workbench.page.locator('.markers-panel :focus').count()).toBe(1),
    );
  });

  it('is opened in the grid from the palette', async () => {
    await keys.command('Overread: Findings of the Check…');
    await keys.pick(twins.again[1]);
    await keys.pick('Open in grid');
    page = await ReviewPage.find(session.workbench);
    await eventually('its two images are listed', async () => {
      expect([await page.total(), await page.focusedPosition()]).toEqual([2, 1]);
    });
    await page.keysApply();
  });

  it('is left out from the row of the table, with a reason', async () => {
    await keys.toRow(focusProblems, twins.opposed[1]);
    await keys.press('Enter');
    const table = session.workbench.page.locator('.monaco-editor.focused');
    await table.waitFor();
    await take('Exclude…');
    await keys.pick(path.basename(twins.opposed[1]));
    await session.workbench.page.locator('.quick-input-widget:visible input.input').waitFor();
    await keys.press('Enter');
    await eventually('the event is on disk', () => {
      expect(labelEvents(project)).toEqual([
        expect.objectContaining({
          op: 'exclude',
          sample: twins.opposed[1],
          reason: expect.stringMatching(/^OVR311: /) as string,
        }),
      ]);
    });
    await eventually('it is settled', async () => expect(await problem(twins.opposed).count()).toBe(0));
    await table.waitFor();
  });

  it('is let be with a reason, which stands in overread.yaml among its comments', async () => {
    const comments = (text: string): string[] => text.match(/#.*/g) ?? [];
    const before = comments(read('overread.yaml'));
    expect(before.length).toBeGreaterThan(0);
    await keys.toRow(focusProblems, twins.again[1]);
    await take('Let be, with a reason…');
    await keys.type('one phantom, drawn twice');
    await keys.press('Enter');
    await eventually('it is on disk', () => {
      expect(read('overread.yaml')).toMatch(/ignore:[^]*code: OVR31[02][^]*reason: one phantom, drawn twice/);
    });
    expect(comments(read('overread.yaml'))).toEqual(before);
    await eventually('it is settled', async () => expect(await problem(twins.again).count()).toBe(0));
  });

  it('broke no content security policy and threw nothing', () => {
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});
