/** What a page keeps while its tab is hidden, and what it says of the person: in the real page on the built engine. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelEvent } from '../../src/core/labels/model';
import { readyFinetuned } from '../support/readyProjects';
import { hasBrowser } from './harness/browser';
import { EnginePage } from './harness/enginePage';

describe.skipIf(!hasBrowser)('the page of a tab', () => {
  let folder: string;
  let root: string;
  let page: EnginePage;
  const tiles = () => page.page.locator('.tile[data-key]');
  const keys = (): Promise<(string | undefined)[]> =>
    tiles().evaluateAll((all) => all.map((tile) => (tile as HTMLElement).dataset['key']));
  const line = () => page.page.locator('.answer-line.change');
  const sampleOf = (key: string | undefined): string => decodeURIComponent((key ?? '').split('/')[1] ?? '');
  const events = async (): Promise<LabelEvent[]> =>
    (await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as LabelEvent);
  /** VS Code throws the document of a hidden tab away, and keeps what it saved. */
  const hideAndShow = async (): Promise<void> => {
    await page.page.waitForTimeout(300);
    await page.page.reload();
    await tiles().first().waitFor();
  };

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-hidden-'));
    root = path.join(folder, 'sample');
    await readyFinetuned(root, 60);
    page = await EnginePage.open(root);
    await tiles().first().waitFor();
  });
  afterAll(async () => {
    await page.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('says who answers, in what role, and the reason that goes with the next answer', async () => {
    await expect.poll(() => page.page.locator('.status .who').innerText()).toBe('Test Reader · reader');
    page.command({ name: 'toggleDetail' });
    const field = page.page.locator('.detail vscode-text-area, .detail vscode-text-field').first();
    await field.locator('textarea, input').first().fill('Rotated film');
    await expect.poll(() => page.page.locator('.pending-reason').innerText()).toBe('Reason: Rotated film');
    await field.locator('textarea, input').first().fill('');
    page.command({ name: 'toggleDetail' });
  });

  it('has the undo line and the order of what was seen again after it was hidden', async () => {
    // The details were closed a moment ago: the tiles have all the width again.
    const size = Number(await tiles().first().getAttribute('aria-setsize'));
    await expect.poll(async () => (await keys()).length).toBe(size);
    const before = await keys();
    await tiles().first().click();
    page.command({ name: 'accept' });
    await line().waitFor();
    const told = await line().locator('.change-text').innerText();
    await hideAndShow();
    await expect.poll(() => keys()).toEqual(before);
    await expect.poll(() => line().locator('.change-text').innerText()).toBe(told);
    await line().getByText('Undo', { exact: true }).click();
    await expect.poll(async () => (await events()).at(-1)?.op).toBe('undo');
  });

  it('with live on, what was seen before it was hidden stays where it is', async () => {
    await page.page.setViewportSize({ width: 700, height: 420 });
    await page.page.reload();
    await tiles().first().waitFor();
    await page.engine.rpc.call('setLive', root, true);
    await expect.poll(() => page.refits).toBeGreaterThan(0);
    const seen = await keys();
    const refits = page.refits;
    await tiles().nth(1).click();
    page.command({ name: 'accept' });
    await expect.poll(() => page.refits).toBeGreaterThan(refits);
    await hideAndShow();
    expect(seen.length).toBeGreaterThan(4);
    await expect.poll(async () => (await keys()).slice(0, 4)).toEqual(seen.slice(0, 4));
    await page.engine.rpc.call('setLive', root, false);
    page.command({ name: 'undo' });
    await expect.poll(async () => (await events()).at(-1)?.op).toBe('undo');
    await page.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('exports the list in the order shown', async () => {
    page.exportTo = path.join(folder, 'list.csv');
    await page.page.locator('.bar .more').click();
    await page.page.locator('vscode-button', { hasText: 'Export list…' }).click();
    await expect.poll(() => fs.readFile(page.exportTo, 'utf8').catch(() => '')).toContain('sample,image');
    const rows = (await fs.readFile(page.exportTo, 'utf8')).trim().split('\n').slice(1);
    const shown = (await keys()).map(sampleOf);
    expect(rows.slice(0, 5).map((row) => row.split(',')[0])).toEqual(shown.slice(0, 5));
    await page.page.keyboard.press('Escape');
  });

  it('. gives a label again that was chosen in the picker', async () => {
    const before = (await events()).length;
    await tiles().nth(2).click();
    page.picked = 'Opacity';
    page.command({ name: 'pickLabel' });
    await expect.poll(async () => (await events()).length).toBe(before + 1);
    page.command({ name: 'repeat' });
    await expect.poll(async () => (await events()).length).toBe(before + 2);
    expect((await events()).slice(before).map(({ value }) => value)).toEqual(['Opacity', 'Opacity']);
  });

  it('answers what was in focus when the key went down, whatever is clicked before its command comes', async () => {
    const [first] = await keys();
    await tiles().first().click();
    const before = (await events()).length;
    // As fast as a person does it: what was pressed long ago is for nothing any more.
    const fourth = (await tiles().nth(3).boundingBox())!;
    await page.page.keyboard.press('u');
    await page.page.mouse.click(fourth.x + fourth.width / 2, fourth.y + fourth.height / 2);
    page.command({ name: 'uncertain' });
    await expect.poll(async () => (await events()).length).toBe(before + 1);
    await expect
      .poll(async () => (await events()).at(-1))
      .toMatchObject({ op: 'set', value: 'uncertain', sample: sampleOf(first) });
  });

  it('answers the list that a filter asked for, not what was in focus while the filter was typed', async () => {
    await tiles().first().click();
    const [first] = await keys();
    page.command({ name: 'focusFilter' });
    const field = page.page.locator('.where').first();
    await expect.poll(() => field.evaluate((box) => box.matches(':focus, :focus-within'))).toBe(true);
    await page.page.keyboard.type(`sample != '${sampleOf(first)}' and 'u' = 'u'`);
    const before = (await events()).length;
    await page.page.keyboard.press('Enter');
    await expect.poll(async () => (await keys())[0]).not.toBe(first);
    const [, second] = await keys();
    await tiles().nth(1).click();
    await page.page.keyboard.press('u');
    page.command({ name: 'uncertain' });
    await expect.poll(async () => (await events()).length).toBe(before + 1);
    expect((await events()).at(-1)).toMatchObject({ op: 'set', sample: sampleOf(second) });
    page.command({ name: 'undo' });
    await expect.poll(async () => (await events()).at(-1)?.op).toBe('undo');
    page.show({ queue: 'errors', splits: ['train', 'validation'], sort: 'loss', descending: true });
    await tiles().first().waitFor();
  });

  it('and keys that are typed ahead answer one tile after the other', async () => {
    const [, , , , fifth, sixth] = await keys();
    await tiles().nth(4).click();
    const before = (await events()).length;
    await page.page.keyboard.press('u');
    await page.page.keyboard.press('u');
    page.command({ name: 'uncertain' });
    page.command({ name: 'uncertain' });
    await expect.poll(async () => (await events()).length).toBe(before + 2);
    expect((await events()).slice(before).map(({ sample }) => sample)).toEqual([fifth, sixth].map(sampleOf));
  });
});
