/** The strip after a refit and live refits, in the real page on the built engine. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDifference } from '../../src/core/evaluation/runDifference';
import { quickModel } from '../support/cli';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';
import { hasBrowser } from './harness/browser';
import { EnginePage } from './harness/enginePage';
import { drawn, heard } from './support/gridPage';

describe.skipIf(!hasBrowser)('the answer after a refit', () => {
  let folder: string;
  let root: string;
  let page: EnginePage;
  let told: RunDifference;
  let broken = '';
  const strip = () => page.page.locator('.refit-strip');
  const keys = (): Promise<(string | undefined)[]> =>
    page.page
      .locator('.tile[data-key]')
      .evaluateAll((tiles) => tiles.map((tile) => (tile as HTMLElement).dataset['key']));

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-strip-'));
    root = path.join(folder, 'sample');
    await readyFinetuned(root, 60);
    const { errors } = await commandJson<{ errors: { sample: string }[] }>(['errors', root], [0, 1]);
    await commandJson(['accept', root, ...errors.slice(0, 4).map(({ sample }) => sample)]);
    // One of the others cannot be read any more: the refit skips it.
    const wrong = new Set(errors.map(({ sample }) => sample));
    const images = (await fs.readdir(path.join(root, 'images'))).map((name) => `images/${name}`).sort();
    broken = images.find((image) => !wrong.has(image)) ?? '';
    await fs.writeFile(path.join(root, broken), 'no image');
    page = await EnginePage.open(root);
    await page.page.locator('.tile').first().waitFor();
  });
  afterAll(async () => {
    await page.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('is not there before a refit', async () => {
    expect(await strip().isVisible()).toBe(false);
  });

  it('says what it brought on today’s labels, and each number opens its list', async () => {
    await commandJson(['finetune', root, ...quickModel, '--name', 'second']);
    await page.refresh(['runs']);
    await strip().waitFor({ state: 'visible' });
    const { items: _, ...rest } = await commandJson<RunDifference & { items: unknown }>([
      'diff',
      root,
      'first',
    ]);
    told = rest;
    const { before, after } = told.out_of_fold.auroc_macro;
    await expect
      .poll(() => strip().innerText())
      .toContain(`Run 2: out of fold AUROC ${before.value!.toFixed(3)} → ${after.value!.toFixed(3)}`);
    expect(await strip().innerText()).toContain('4 labels changed since');
    for (const [label, count] of [
      [`${told.counts.fixed} fixed`, told.counts.fixed],
      [`${told.counts.newly_wrong} newly wrong`, told.counts.newly_wrong],
      [`${told.errors} left`, told.errors],
    ] as const) {
      const button = strip().getByText(label, { exact: true });
      await button.waitFor();
      if (count === 0) continue;
      await button.click();
      await page.page.waitForFunction(
        (wanted) => document.querySelectorAll('.tile[data-key]').length === wanted,
        count,
      );
    }
  });

  it('says in amber that the network is not the one of the file', async () => {
    const network = strip().locator('.refit-network.other');
    await network.waitFor();
    await expect.poll(() => network.innerText()).toMatch(/tf_efficientnet_lite0\.random-1, not \S+/);
  });

  it('says how many images were skipped, and a click lists them', async () => {
    await strip().getByText('1 image skipped', { exact: true }).click();
    await page.page.waitForFunction(() => document.querySelectorAll('.tile[data-key]').length === 1);
    await expect.poll(async () => decodeURIComponent((await keys())[0]?.split('/')[1] ?? '')).toBe(broken);
  });

  it('is there again in a page that was hidden, and goes when it is closed', async () => {
    await page.page.reload();
    await strip().waitFor({ state: 'visible' });
    await strip().locator('vscode-button[aria-label="Close"]').click();
    await strip().waitFor({ state: 'hidden' });
  });

  it('with live on, an answer orders anew what was not seen, and nothing in view moves', async () => {
    await page.page.setViewportSize({ width: 700, height: 420 });
    await page.page.reload();
    await page.page.locator('.tile').first().waitFor();
    page.show({ queue: 'all', splits: ['train', 'validation'], sort: 'loss', descending: true });
    await page.page.waitForFunction(() => document.querySelectorAll('.tile[data-key]').length > 6);
    const first = page.refits;
    await page.page.locator('vscode-button.more').click();
    await page.page.locator('vscode-checkbox', { hasText: 'Live' }).click();
    await page.page.locator('vscode-button.pressed', { hasText: 'Live' }).waitFor();
    await expect.poll(() => page.refits).toBeGreaterThan(first);
    const before = await keys();
    const { refits, relists } = page;
    await page.page.locator('.tile').first().click();
    page.command({ name: 'keep' });
    await expect.poll(() => page.refits).toBeGreaterThan(refits);
    await expect.poll(() => page.relists).toBeGreaterThan(relists);
    await heard(page.page);
    await drawn(page.page);
    expect(before.length).toBeGreaterThan(4);
    expect((await keys()).slice(0, 4)).toEqual(before.slice(0, 4));
    const events = (await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8'))
      .trim()
      .split('\n');
    expect(JSON.parse(events.at(-1)!)).toMatchObject({ op: 'keep', shown: { live: true } });
  });
});
