/** The page of a training in a real browser: curves and figures as they come, its end, what is spoken; keyboard, widths, themes. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import { openPages } from './support/openPages';

const openPage = openPages();

interface TrainingWindow {
  readonly trainingHarness: {
    readonly calls: readonly { readonly method: string }[];
    saved(): unknown;
    emit(event: string, payload: unknown): void;
  };
  readonly trainingAfter: (lines: number, state: string) => unknown;
}

async function open(
  options: Readonly<Record<string, string | number>> = {},
  viewport?: { width: number; height: number },
): Promise<Page> {
  const page = await openPage({ bundle: 'training', ...options }, viewport);
  await page.waitForSelector('h1');
  return page;
}

/** The host sends where the training stands after so many of its lines. */
const moveTo = (page: Page, lines: number, state = 'running'): Promise<void> =>
  page.evaluate(
    ([to, job]) => {
      const host = globalThis as unknown as TrainingWindow;
      host.trainingHarness.emit('moved', host.trainingAfter(to, job));
    },
    [lines, state] as const,
  );
const calls = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    (globalThis as unknown as TrainingWindow).trainingHarness.calls.map(({ method }) => method),
  );
const facts = (page: Page): Promise<string[]> => page.locator('.facts > div').allInnerTexts();
const spoken = (page: Page): Promise<string | null> => page.locator('[role=status].unseen').textContent();
const state = (page: Page): Promise<string | null> => page.locator('.state').textContent();
const button = (page: Page, name: string) => page.getByRole('button', { name });
/** 3 lines before the first epoch, 3 of each. */
const afterEpochs = (epochs: number): number => 3 + 3 * epochs;

describe.skipIf(!hasBrowser)('the page of a training in Chromium', () => {
  it('shows loss and AUROC by epoch, learning rate, images a second, and the time that is left', async () => {
    const page = await open();
    await expect.poll(() => state(page)).toBe('Inner: epoch 5 of 12.');
    await expect
      .poll(() => facts(page))
      .toEqual([
        'Device\ncpu',
        // 7 1/4 epochs of 40 s, and four networks of at most 12.
        'Time left, at most\n37 min',
        expect.stringMatching(/^Training loss\n0\.\d{4}$/),
        expect.stringMatching(/^Learning rate\n\d(\.\d+)?e-\d$/),
        expect.stringMatching(/^Images a second\n1\d\d$/),
      ]);
    for (const name of [
      'Loss',
      'AUROC of held-out images',
      'Learning rate of the last layer',
      'Images a second',
    ])
      await expect.poll(() => page.getByRole('img', { name: new RegExp(`^${name} `) }).count()).toBe(1);
    // On a processor nobody measures a GPU.
    expect(await page.locator('.charts svg').count()).toBe(4);
    await expect
      .poll(() =>
        page
          .getByRole('img', { name: /^Loss / })
          .locator('desc')
          .textContent(),
      )
      .toMatch(
        /^Training images: 0\.\d{3} in epoch 5, from 0\.\d{3} in epoch 1\. Held-out images: 0\.\d{3} in epoch 4, /,
      );
    const networks = page.getByRole('table', { name: 'Fold by fold' });
    await expect
      .poll(() => networks.getByRole('row').allInnerTexts())
      .toEqual([
        expect.stringMatching(/^Network\tState\tEpochs/),
        expect.stringMatching(/^Inner\ttrains\t4 of 12\t4\t0\.\d{4}\t0\.\d{4}\t0\.\d{3}$/),
        'Without fold 0\twaits\t0 of 12\t–\t–\t–\t–',
        'Without fold 1\twaits\t0 of 12\t–\t–\t–\t–',
        'Without fold 2\twaits\t0 of 12\t–\t–\t–\t–',
        'Final\twaits\t0 of 12\t–\t–\t–\t–',
      ]);
    expect(
      await page.evaluate(() => (globalThis as unknown as TrainingWindow).trainingHarness.saved()),
    ).toEqual({ v: 1, root: '/project', job: '2026-11-27T081500.123Z-finetune' });
  });

  it('shows the use of a GPU and its memory where there is one', async () => {
    const page = await open({ gpu: 1 });
    await expect.poll(() => facts(page)).toContainEqual(expect.stringMatching(/^GPU in use\n9\d %$/));
    await expect.poll(() => facts(page)).toContain('GPU memory, at most\n9.1 of 85.0 GB');
    await expect.poll(() => page.getByRole('img', { name: 'GPU in use' }).count()).toBe(1);
    const epochs = page.getByRole('table', { name: 'Epochs of: Inner' });
    await expect
      .poll(() => epochs.getByRole('columnheader').allTextContents())
      .toEqual([
        ...['Epoch', 'Training loss', 'Held-out loss', 'AUROC', 'Learning rate', 'Images/s'],
        ...['GPU, %', 'GPU memory, GB'],
      ]);
  });

  it('follows the training, and says one sentence an epoch', async () => {
    const page = await open({ lines: afterEpochs(0) });
    await page.getByText('The last layer is fitted on the network as it is').waitFor();
    await page.getByText('No epoch has ended yet.').waitFor();
    expect(await spoken(page)).toBe('');
    await page.evaluate(() => {
      const said: string[] = [];
      const target = document.querySelector('[role=status].unseen');
      if (target)
        new MutationObserver(() => said.push(target.textContent)).observe(target, { childList: true });
      Object.assign(globalThis, { said });
    });
    // A step, another, the end of an epoch; and the first step of the next.
    for (const lines of [4, 5, 6, 7, 8]) await moveTo(page, lines);
    await expect.poll(() => state(page)).toBe('Inner: epoch 2 of 12.');
    await moveTo(page, afterEpochs(2));
    await expect
      .poll(() => page.evaluate(() => (globalThis as unknown as { said: string[] }).said))
      .toEqual([
        expect.stringMatching(
          /^Inner, epoch 1 of 12: loss 0\.\d{3}, held-out loss 0\.\d{3}, AUROC 0\.\d{3}\.$/,
        ),
        expect.stringMatching(/^Inner, epoch 2 of 12: /),
      ]);
    // A chart stays the element that is being looked at.
    await page
      .locator('.charts svg')
      .first()
      .evaluate((node) => node.setAttribute('data-mark', ''));
    await moveTo(page, afterEpochs(3));
    await expect.poll(() => page.getByRole('row', { name: /^3 0\./ }).count()).toBe(1);
    expect(await page.locator('.charts svg[data-mark]').count()).toBe(1);
  });

  it('goes from network to network, and shows the one that is chosen', async () => {
    const page = await open({ lines: afterEpochs(12) + 4 });
    await expect.poll(() => state(page)).toBe('Without fold 0: epoch 2 of 8.');
    await page.getByRole('table', { name: 'Epochs of: Without fold 0' }).waitFor();
    // Behind it, in grey, the network before it.
    await expect.poll(() => page.getByText('Other networks').count()).toBeGreaterThan(1);
    const chooser = page.getByRole('combobox', { name: 'Network' });
    await chooser.press('ArrowDown');
    await page.getByRole('table', { name: 'Epochs of: Inner' }).waitFor();
    // What is chosen stays while another trains.
    await moveTo(page, afterEpochs(12) + 12);
    await expect.poll(() => state(page)).toBe('Without fold 0: epoch 4 of 8.');
    expect(await page.getByRole('table', { name: 'Epochs of: Inner' }).count()).toBe(1);
    await chooser.press('ArrowUp');
    await page.getByRole('table', { name: 'Epochs of: Without fold 0' }).waitFor();
  });

  it('is stopped by keyboard, and says how it goes on', async () => {
    const page = await open();
    const stop = button(page, 'Stop');
    await expect.poll(() => stop.isEnabled()).toBe(true);
    // The first stop of the Tab key: the button that shows the run is not there yet.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => calls(page)).toEqual(['stop']);
    const sentence =
      'Stopped. To go on from its last checkpoint: overread jobs resume DIR 2026-11-27T081500.123Z-finetune';
    await expect.poll(() => state(page)).toBe(sentence);
    await expect.poll(() => spoken(page)).toBe(sentence);
    await expect.poll(() => stop.isDisabled()).toBe(true);
    await page.getByRole('row', { name: /^Inner stopped 4 of 12/ }).waitFor();
    // Its curves stay.
    expect(await page.locator('.charts svg').count()).toBe(4);
  });

  it('says why it cannot be stopped', async () => {
    const stuck = await open({ stuck: 1 });
    await button(stuck, 'Stop').press('Enter');
    await stuck.getByRole('alert').getByText('The disk is full').waitFor();
    await expect.poll(() => button(stuck, 'Stop').isEnabled()).toBe(true);
    await expect.poll(() => state(stuck)).toBe('Inner: epoch 5 of 12.');
    const untrusted = await open({ untrusted: 1 });
    await untrusted.getByText('Trust the workspace to stop the training.').waitFor();
    await expect.poll(() => button(untrusted, 'Stop').isDisabled()).toBe(true);
  });

  it('has a sentence for each end, and the run of one that made one', async () => {
    const page = await open({ lines: 400, state: 'ended' });
    await expect.poll(() => state(page)).toBe('Done.');
    await expect
      .poll(() =>
        page.getByRole('table', { name: 'Fold by fold' }).getByRole('cell', { name: 'done' }).count(),
      )
      .toBe(5);
    await button(page, 'Show the run').press('Enter');
    await expect.poll(() => calls(page)).toEqual(['showRun']);
    const failed = await open({ state: 'failed' });
    await expect
      .poll(() => state(failed))
      .toBe(
        'Failed. The memory of cuda:0 was full <img src=x onerror=alert(1)>. Set a smaller batch (OVR703)',
      );
    expect(await failed.locator('img').count()).toBe(0);
    const lost = await open({ state: 'lost' });
    await expect.poll(() => state(lost)).toMatch(/^Gone without a result: .* overread jobs resume DIR /);
    const resumed = await open({ resumed: 1 });
    await resumed.getByText('Gone on with once.').waitFor();
  });

  it('has something to say before the first epoch, and of what has none', async () => {
    const queued = await open({ lines: 0, state: 'queued' });
    await expect.poll(() => state(queued)).toBe('Waits to begin.');
    const images = await open({ lines: 0 });
    await expect
      .poll(() => state(images))
      .toBe('Images are being decoded and written for PyTorch. features 120/690.');
    await images.getByText('No epoch has ended yet.').waitFor();
    const onlyLast = await open({ onlyLast: 1, folds: 0 });
    await onlyLast.getByText('The last layer alone is fitted').waitFor();
    expect(await onlyLast.locator('.charts').isVisible()).toBe(false);
    const gone = await open({ fails: 1 });
    await gone.getByRole('alert').getByText('No job is named "gone" (OVR807)').waitFor();
  });

  it('shows data as text, never as markup', async () => {
    const page = await open({ hostile: 1 });
    await page.getByRole('heading', { name: 'Training: <img src=x onerror=alert(1)>' }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  it.each([320, 700, 1440])('fits a window of %d px: only tables scroll sideways', async (width) => {
    const page = await open({ gpu: 1, lines: afterEpochs(12) + 12 }, { width, height: 800 });
    await page.getByRole('table', { name: 'Epochs of: Without fold 0' }).waitFor();
    await page.screenshot({ path: `test-results/training-${String(width)}.png`, fullPage: true });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
      .toBe(true);
  });

  it('has no accessibility fault in any theme', async () => {
    const page = await open({ gpu: 1, lines: afterEpochs(12) + 12 });
    await page.getByRole('table', { name: 'Epochs of: Without fold 0' }).waitFor();
    const look = (theme: string) =>
      page.screenshot({ path: `test-results/training-${theme}.png`, fullPage: true });
    expect(await faultsInThemes(page, look)).toEqual([]);
    const failed = await open({ state: 'failed' });
    await failed.getByText('OVR703').waitFor();
    expect(await faultsInThemes(failed)).toEqual([]);
  });
});
