/** G, P and `.` in the real page on the built engine. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelEvent } from '../../src/core/labels/model';
import { readyFinetuned } from '../support/readyProjects';
import { Harness, hasBrowser } from './harness/browser';
import { EnginePage } from './harness/enginePage';
import { calls, command, focusedPosition } from './support/gridPage';

describe.skipIf(!hasBrowser)('more like this', () => {
  let folder: string;
  let root: string;
  let page: EnginePage;
  const keys = (): Promise<(string | undefined)[]> =>
    page.page
      .locator('.tile[data-key]')
      .evaluateAll((tiles) => tiles.map((tile) => (tile as HTMLElement).dataset['key']));
  const sampleOf = (key: string | undefined): string => decodeURIComponent((key ?? '').split('/')[1] ?? '');
  const events = async (): Promise<LabelEvent[]> =>
    (await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LabelEvent);
  const firstIs = (key: string | undefined) =>
    page.page.waitForFunction(
      (wanted) => document.querySelector<HTMLElement>('.tile[data-key]')?.dataset['key'] === wanted,
      key,
    );

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-more-'));
    root = path.join(folder, 'sample');
    await readyFinetuned(root, 60);
    page = await EnginePage.open(root);
    await page.page.locator('.tile[data-key]').first().waitFor();
  });
  afterAll(async () => {
    await page.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('G lists the images nearest to it, itself first; all that are selected are answered by one key; G goes back', async () => {
    const before = await keys();
    await page.page.locator('.tile[data-key]').nth(1).click();
    page.command({ name: 'gatherSimilar' });
    await firstIs(before[1]);
    const found = await page.engine.rpc.call('gather', root, [before[1]!], 'similar');
    const listed = (await keys()).map(sampleOf);
    expect(listed.length).toBeGreaterThan(10);
    const reviewed = found.filter((sample) => listed.includes(sample));
    expect(listed.slice(0, 8)).toEqual(reviewed.slice(0, 8));
    page.command({ name: 'selectAll' });
    page.command({ name: 'uncertain' });
    await expect.poll(async () => (await events()).length).toBeGreaterThan(10);
    const told = await events();
    expect(new Set(told.map(({ batch }) => batch)).size).toBe(1);
    page.command({ name: 'undo' });
    await expect.poll(async () => (await events()).at(-1)?.op).toBe('undo');
    page.command({ name: 'gatherSimilar' });
    await firstIs(before[0]);
    await expect.poll(() => keys()).toEqual(before);
  });

  it('P lists all images of its patient, and nobody else’s', async () => {
    const [first] = await keys();
    await page.page.locator('.tile[data-key]').first().click();
    page.command({ name: 'gatherPatient' });
    const patient = /P\d+/.exec(sampleOf(first))![0];
    await page.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll<HTMLElement>('.tile[data-key]')].every((tile) =>
          tile.dataset['key']?.includes(wanted),
        ),
      patient,
    );
    await expect.poll(async () => (await keys()).length).toBeGreaterThan(0);
    page.command({ name: 'gatherPatient' });
    await firstIs(first);
  });

  it('. gives the last answer to the next image', async () => {
    const [first, second] = await keys();
    const before = (await events()).length;
    await page.page.locator('.tile[data-key]').first().click();
    page.command({ name: 'keep' });
    await expect.poll(async () => (await events()).length).toBe(before + 1);
    page.command({ name: 'repeat' });
    await expect.poll(async () => (await events()).length).toBe(before + 2);
    const told = (await events()).slice(before);
    expect(told.map(({ op, sample }) => [op, sample])).toEqual([
      ['keep', sampleOf(first)],
      ['keep', sampleOf(second)],
    ]);
  });
});

describe.skipIf(!hasBrowser)('more like this that takes its time', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  const mark = 'finding similar…';

  it('is told, keeps nobody from answering, and shows nothing to who has gone on to another list', async () => {
    const { page } = await harness.open();
    const told = page.getByText(mark).and(page.locator('.at-work'));
    await page.evaluate(() => window.harness.hold('gather'));
    await command(page, { name: 'gatherSimilar' });
    await told.waitFor();
    expect(await page.locator('.announcer').textContent()).toContain(mark);
    const at = await focusedPosition(page);
    await command(page, { name: 'uncertain' });
    await expect.poll(async () => (await calls(page, 'edit')).length).toBe(1);
    await expect.poll(() => focusedPosition(page)).toBe(at + 1);
    await page.evaluate(() => {
      const query = { queue: 'all', splits: [], sort: 'path', descending: false };
      window.harness.emit('show', { query });
    });
    await expect.poll(async () => (await calls(page, 'query')).length).toBeGreaterThan(1);
    const queries = (await calls(page, 'query')).length;
    await page.evaluate(() => window.harness.release('gather'));
    await told.waitFor({ state: 'hidden' });
    expect(await calls(page, 'query')).toHaveLength(queries);
  });

  it('ends with G, and its answer counts no more', async () => {
    const { page } = await harness.open();
    const told = page.getByText(mark).and(page.locator('.at-work'));
    await page.evaluate(() => window.harness.hold('gather'));
    await command(page, { name: 'gatherSimilar' });
    await told.waitFor();
    const queries = (await calls(page, 'query')).length;
    await command(page, { name: 'gatherSimilar' });
    await told.waitFor({ state: 'hidden' });
    await page.evaluate(() => window.harness.release('gather'));
    await command(page, { name: 'gatherPatient' });
    await expect.poll(async () => (await calls(page, 'query')).length).toBe(queries + 1);
    expect(await calls(page, 'gather')).toHaveLength(2);
  });
});
