/** How far a queue is done, over a hidden tab, live refits and looks at other lists: the real page on the built engine. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';
import { hasBrowser } from './harness/browser';
import { EnginePage } from './harness/enginePage';

describe.skipIf(!hasBrowser)('the progress of a queue', () => {
  let folder: string;
  let root: string;
  let page: EnginePage;
  let total: number;
  const tiles = () => page.page.locator('.tile[data-key]');
  const counts = (): Promise<string | null> => page.page.locator('.counts').textContent();
  const title = (): Promise<string | null> => page.page.locator('.counts').getAttribute('title');
  const listed = (): Promise<number> =>
    tiles()
      .first()
      .getAttribute('aria-setsize')
      .then((size) => Number(size));
  /** What was saved of the page: of a document that is thrown away nothing else is left. */
  const saved = (): Promise<{ readonly sitting?: { readonly answered: number } }> =>
    page.page.evaluate(
      () => JSON.parse(sessionStorage.getItem('saved') ?? '{}') as { sitting?: { answered: number } },
    );
  const hideAndShow = async (answered: number): Promise<void> => {
    await expect.poll(async () => (await saved()).sitting?.answered).toBe(answered);
    await page.page.reload();
    await tiles().first().waitFor();
  };

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-progress-'));
    root = path.join(folder, 'sample');
    await readyFinetuned(root, 120);
    page = await EnginePage.open(root);
    await tiles().first().waitFor();
    // Room for a few tiles: what is below them is not seen, and may be ordered anew.
    await page.page.setViewportSize({ width: 700, height: 420 });
    await page.page.reload();
    await tiles().first().waitFor();
    total = Number(await counts());
  });
  afterAll(async () => {
    await page.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('goes on after a hidden tab', async () => {
    expect(total).toBeGreaterThan(9);
    await tiles().first().click();
    page.command({ name: 'accept' });
    await expect.poll(counts).toBe(`1 of ${total}`);
    await expect.poll(title).toBe(`${total} images listed, 1 answered`);
    await hideAndShow(1);
    await expect.poll(counts).toBe(`1 of ${total}`);
  });

  it('goes on where the list was forgotten while the tab was hidden', async () => {
    await expect.poll(async () => (await saved()).sitting?.answered).toBe(1);
    const query = { queue: 'all', splits: ['train'], sort: 'loss', descending: true } as const;
    for (let n = 0; n < 33; n++) await page.engine.rpc.call('query', root, query);
    await hideAndShow(1);
    // What was answered is not listed any more, and is counted all the same.
    await expect.poll(listed).toBe(total - 1);
    await expect.poll(counts).toBe(`1 of ${total}`);
    page.command({ name: 'undo' });
    await expect.poll(counts).toBe(String(total));
    await expect.poll(listed).toBe(total);
    await tiles().first().click();
    page.command({ name: 'accept' });
    await expect.poll(counts).toBe(`1 of ${total}`);
  });

  it('goes on after a look at the same patient, and counts what was answered there', async () => {
    page.command({ name: 'gatherPatient' });
    await expect.poll(() => page.page.locator('.queue-name').textContent()).toBe('All images');
    page.command({ name: 'undo' });
    await expect.poll(() => page.page.locator('.change-text').textContent()).toContain('Undone');
    page.command({ name: 'gatherPatient' });
    await expect.poll(() => page.page.locator('.queue-name').textContent()).toBe('Errors');
    await expect.poll(counts).toBe(String(total));
    await tiles().first().click();
    page.command({ name: 'accept' });
    await expect.poll(counts).toBe(`1 of ${total}`);
  });

  it('goes on over live refits, a list that became shorter, and a hidden tab after them', async () => {
    const { refits } = page;
    await page.engine.rpc.call('setLive', root, true);
    await expect.poll(() => page.refits).toBeGreaterThan(refits);
    // Somebody else answers half of them: they are open no more, and were not answered here.
    const { errors } = await commandJson<{ errors: { sample: string }[] }>(['errors', root], [0, 1]);
    const others = errors.slice(-Math.floor(total / 2)).map(({ sample }) => sample);
    await commandJson(['accept', root, ...others, '--annotator', 'Other Reader']);
    await page.refresh(['labels']);
    await expect.poll(counts).toBe(`1 of ${total}`);
    const before = page.relists;
    await tiles().nth(1).click();
    page.command({ name: 'accept' });
    await expect.poll(counts).toBe(`2 of ${total}`);
    await expect.poll(() => page.relists).toBeGreaterThan(before);
    await expect.poll(listed).toBeLessThan(total);
    expect(await counts()).toBe(`2 of ${total}`);
    await expect
      .poll(title)
      .toMatch(new RegExp(`^${String(total)} images listed, 2 answered, \\d+ still open$`));
    await hideAndShow(2);
    await expect.poll(counts).toBe(`2 of ${total}`);
    await expect.poll(listed).toBeLessThan(total);
    await page.engine.rpc.call('setLive', root, false);
  });

  it('counts anew where the list is asked for anew', async () => {
    page.show({ queue: 'errors', splits: ['train', 'validation'], sort: 'loss', descending: true });
    await expect.poll(counts).toMatch(/^\d+$/);
    expect(Number(await counts())).toBeLessThan(total);
  });
});
