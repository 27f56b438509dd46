/** The review page and a comparison in VS Code's window: accessibility in a dark and a light theme, and what a comparison is for. */
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Comparison } from '../../src/core/evaluation/comparison';
import { runJson } from '../support/cli';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { inBothThemes } from '../support/inBothThemes';
import { ReviewPage } from '../support/reviewPage';
import { openWindow, type SharedSession } from '../support/vscode';
import { drawnSample, finetuneQuickly } from '../support/windowProjects';

let project: string;
let session: SharedSession;
let page: ReviewPage;

beforeAll(async () => {
  session = await openWindow(async (folder) => {
    const made = path.join(folder, 'sample');
    await drawnSample(made, 60);
    await finetuneQuickly(made, 60);
    // Its features are those of the run, and of two cuts.
    const networks = ['--architectures', 'tf_efficientnet_lite0:random:1', '--truncations', 'stem,blocks.0'];
    await runJson(['compare', made, ...networks]);
  });
  project = path.join(session.folder, 'sample');
  await session.workbench.runCommand('Overread: Review Errors');
  page = await ReviewPage.find(session.workbench);
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

describe('the review page in VS Code, dark and light', () => {
  it('breaks no rule of accessibility with its tiles and the matrix', async () => {
    await page.matrix.locator('td button').first().waitFor();
    await inBothThemes(session.workbench, session.workspace, 'review', page.frame as Frame);
  });

  it('nor in Read mode', async () => {
    await page.tile(1).focus();
    await page.keysApply();
    await page.press('Enter');
    await page.frame.locator('.reader').waitFor();
    await inBothThemes(session.workbench, session.workspace, 'review-read', page.frame as Frame);
    await page.press('Escape');
    await page.frame.locator('.reader').waitFor({ state: 'hidden' });
  });
});

describe('a comparison in VS Code', () => {
  it('has its winner in overread.yaml by a click, which says what was written', async () => {
    const { workbench } = session;
    const [made] = readdirSync(path.join(project, 'comparisons'));
    const record = path.join(project, 'comparisons', made ?? '', 'compare.json');
    const { models, best } = JSON.parse(readFileSync(record, 'utf8')) as Comparison;
    const winner = models[best ?? -1];
    expect(models).toHaveLength(3);
    expect(winner?.architecture).toBe('tf_efficientnet_lite0');
    const config = path.join(project, 'overread.yaml');
    const before = readFileSync(config, 'utf8');
    expect(before).not.toContain('tf_efficientnet_lite0');
    await workbench.runCommand('Overread: Open Comparison…');
    const frame = await workbench.webview('[role="region"][aria-label="Figures of every network"]');
    // What is chosen when the page opens is the best.
    await frame.getByRole('button', { name: 'Use in overread.yaml' }).click();
    await eventually('the page says what was written', async () =>
      expect(await frame.locator('.said').allTextContents()).toContainEqual(
        expect.stringContaining('model.architecture: tf_efficientnet_lite0'),
      ),
    );
    const after = readFileSync(config, 'utf8');
    expect((parse(after) as { model: object }).model).toMatchObject({
      architecture: 'tf_efficientnet_lite0',
      ...(typeof winner?.truncate === 'string' ? { truncate: winner.truncate } : {}),
    });
    // The rest of the file, comments too, is as the person wrote it.
    const others = (text: string): readonly string[] =>
      text.split('\n').filter((line) => !/^ +(architecture|weights|truncate):/.test(line));
    expect(others(after)).toEqual(others(before));
  });

  it('broke no content security policy and threw nothing', () => {
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});
