/** A table with rows for each reader, in the real page over the real engine: disputes, who says what, adjudication. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readySample } from '../support/readyProjects';
import { EnginePage } from './harness/enginePage';
import { choose } from './support/gridPage';
import { hasBrowser } from './harness/browser';

/** 12 images of three readers, of which the third disagrees on every fourth. */
async function projectOfReaders(root: string): Promise<void> {
  await readySample(root, 12);
  const files = (await fs.readdir(path.join(root, 'images'))).sort();
  const rows = files.flatMap((file, i) =>
    ['Reader-A', 'Reader-B', 'Reader-C'].map(
      (reader, k) => `images/${file},${k === 2 && i % 4 === 0 ? 'Quokkal' : 'Zebroid'},${reader}`,
    ),
  );
  await fs.writeFile(path.join(root, 'readers.csv'), ['path,label,rad_id', ...rows, ''].join('\n'));
  await fs.writeFile(
    path.join(root, 'overread.yaml'),
    `version: 1
dataset: { table: readers.csv, images: ., path: path }
labels: { classes: [Zebroid, Quokkal], rows: readings, reader: rad_id }
split: { folds: 2 }
review: { splits: [train, validation, test] }
`,
  );
}

describe.skipIf(!hasBrowser)('readings of a table', () => {
  let folder: string;
  let root: string;
  let open: EnginePage;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-readings-page-'));
    root = path.join(folder, 'readers');
    await projectOfReaders(root);
    open = await EnginePage.open(root);
    await choose(open.page, 'Queue', /Disputed/);
    await open.page.waitForSelector('.tile[data-key] .picture.loaded');
  }, 180_000);
  afterAll(async () => {
    await open.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('stand in Disputed, and the details list who says what', async () => {
    const { page } = open;
    const summary = await open.engine.rpc.call('openProject', root);
    expect(summary.queues).toMatchObject({ disputed: 3, edited: 0, unlabelled: 0 });
    await page.locator('.tile .frame').first().click();
    await page.keyboard.press('Enter');
    await page.locator('.detail .readings').waitFor();
    await expect
      .poll(() => page.locator('.detail .readings .fact').allTextContents())
      .toEqual(['Reader-AZebroid', 'Reader-BZebroid', 'Reader-CQuokkal']);
    const section = page.locator('section', { has: page.locator('.readings') });
    await expect.poll(() => section.getByRole('heading').textContent()).toBe('Readings');
    if (process.env['OVERREAD_PICTURE'] !== undefined)
      await page.screenshot({ path: process.env['OVERREAD_PICTURE'] });
  });

  it('are settled by an adjudicator', async () => {
    const query = {
      queue: 'disputed',
      splits: ['train', 'validation', 'test'] as const,
      sort: 'path',
      descending: false,
    };
    const { rpc } = open.engine;
    const list = await rpc.call('query', root, query);
    const [item] = await rpc.call('items', list.list, 0, 1);
    const outcome = await rpc.call('answer', root, {
      list: list.list,
      items: [item!.key],
      op: 'set',
      value: 'Quokkal',
      role: 'adjudicator',
    });
    expect(outcome.items[0]).toMatchObject({ value: 'Quokkal', source: 'adjudication', disputed: false });
    expect(outcome.queues).toMatchObject({ disputed: 2, edited: 1 });
    const { readings } = await rpc.call('detail', root, item!.key);
    expect(readings.map(({ annotator, role }) => `${annotator} ${role}`)).toEqual([
      'Reader-A reader',
      'Reader-B reader',
      'Reader-C reader',
      expect.stringMatching(/ adjudicator$/),
    ]);
  });

  it('are told to no blind reader', async () => {
    await open.engine.rpc.call('openProject', root, true);
    const list = await open.engine.rpc.call('query', root, {
      queue: 'all',
      splits: [],
      sort: 'path',
      descending: false,
    });
    const items = await open.engine.rpc.call('items', list.list, 0, 12);
    const hidden = items.filter(({ hidden }) => hidden);
    expect(hidden).toHaveLength(11);
    const details = await Promise.all(hidden.map(({ key }) => open.engine.rpc.call('detail', root, key)));
    expect(JSON.stringify({ hidden, details })).not.toMatch(/Zebroid|Quokkal|Reader-/);
  });
});
