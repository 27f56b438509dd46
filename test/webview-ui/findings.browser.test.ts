/** A multi-label project of 14 findings: one tile for each image, what keys are for, Read mode, blind reading, room. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { GridEdit } from '../../src/protocol/gridApi';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import {
  announced,
  atPosition,
  calls,
  choose,
  command,
  drawn,
  eventually,
  focusedPosition,
  press,
} from './support/gridPage';
import { openPages } from './support/openPages';
import { liesWithin } from './support/places';

const names =
  'Atelectasis,Cardiomegaly,Consolidation,Edema,Effusion,Emphysema,Fibrosis,Hernia,Infiltration,Mass,Nodule,Pleural_Thickening,Pneumonia,Pneumothorax';
const findings = names.split(',');
// Chromium's advice on how these tests look at a canvas is harmless.
const openPage = openPages(/readback/);

function open(
  options: Readonly<Record<string, string | number>> = {},
  viewport = { width: 1280, height: 800 },
): Promise<Page> {
  return openPage({ findings: names, rare: 'Hernia,Fibrosis', images: 120, ...options }, viewport);
}

/** What the chips of a tile say, worst first. */
const chips = (page: Page, position: number): Promise<readonly string[]> =>
  page
    .locator(`.tile[aria-posinset="${String(position)}"] .finding-chip:not([hidden])`)
    .evaluateAll((found) => found.map((chip) => chip.getAttribute('data-finding') ?? ''));
/** The finding in the outline: what the keys are for. */
const acting = async (page: Page): Promise<string | null> => {
  const part = (await page.locator('.reader').isVisible()) ? '.finding-list' : '.tile';
  return page.locator(`${part} .acting`).getAttribute('data-finding');
};
const edits = async (page: Page): Promise<readonly GridEdit[]> =>
  (await calls(page, 'edit')).map(([edit]) => edit as GridEdit);
const imageOf = (key: string): string => key.slice(key.indexOf('/'));
/** A tile with at least so many findings in doubt, focused. */
async function focusOne(page: Page, least: number): Promise<readonly string[]> {
  for (let n = 0; n < 30; n++) {
    const name = (await page.locator('.tile.focused').getAttribute('aria-label')) ?? '';
    const count = Number(/1 of (\d+)$/.exec(name)?.[1] ?? 0);
    if (count >= least) return chips(page, await focusedPosition(page));
    await command(page, { name: 'next' });
  }
  throw new Error('There is no such image');
}

describe.skipIf(!hasBrowser)('a project of 14 findings', () => {
  it('has one tile for each image, with its findings in doubt, and names what it counts', async () => {
    const page = await open();
    const keys = await page
      .locator('.tile[data-key]')
      .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-key') ?? ''));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => key.startsWith('/'))).toBe(true);
    const tile = page.locator('.tile.focused');
    await expect
      .poll(() => tile.locator('.figures').first().textContent())
      .toMatch(/^[<>]?0\.\d\d \/ 0\.50$/);
    await expect
      .poll(() => tile.getAttribute('aria-label'))
      .toMatch(/^image-\d+\.png\. \w+: (present|absent), model .* \/ 0\.50\. 1 of \d+$/);
    const counts = (await page.locator('.counts').textContent()) ?? '';
    expect(counts).toMatch(/^\d+ findings$/);
    const title = (await page.locator('.counts').getAttribute('title')) ?? '';
    expect(title).toMatch(new RegExp(`^\\d+ images · ${counts} with errors$`));
    // Rare findings are nowhere in doubt.
    const all = await page
      .locator('.finding-chip[data-finding]')
      .evaluateAll((found) => found.map((chip) => chip.getAttribute('data-finding')));
    expect(all.filter((name) => name === 'Hernia' || name === 'Fibrosis')).toEqual([]);
  });

  it('leads through the findings of a tile, then to the next; answers hit the one in the outline and no other', async () => {
    const page = await open();
    const first = await focusOne(page, 3);
    const position = await focusedPosition(page);
    await expect.poll(() => acting(page)).toBe(first[0]);
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(async () => [await acting(page), await focusedPosition(page)])
      .toEqual([first[1], position]);
    await expect.poll(() => announced(page)).toContain(first[1]);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => acting(page)).toBe(first[0]);
    await command(page, { name: 'label', index: 0 });
    const key = (await page.locator('.tile.focused').getAttribute('data-key'))!;
    await eventually(async () => expect(await edits(page)).toHaveLength(1));
    await expect
      .poll(async () => (await edits(page))[0])
      .toMatchObject({ op: 'set', value: '1', items: [`${first[0]!}${key}`] });
    // On to the next in doubt of the same image, and after the last to the next image.
    await expect
      .poll(async () => [await acting(page), await focusedPosition(page)])
      .toEqual([first[1], position]);
    for (let n = 1; n < 15 && (await focusedPosition(page)) === position; n++) {
      const about = await acting(page);
      await command(page, { name: 'keep' });
      await eventually(async () => expect(await edits(page)).toHaveLength(n + 1));
      await expect.poll(async () => (await edits(page))[n]?.items).toEqual([`${about!}${key}`]);
    }
    await atPosition(page, position + 1);
    await eventually(async () =>
      expect(await page.locator(`.tile[data-key="${key}"]`).getAttribute('data-state')).toBe('confirmed'),
    );
    const done = await edits(page);
    expect(new Set(done.map(({ items }) => items[0])).size).toBe(done.length);
    // Undo leads back to the very finding.
    const last = (done.at(-1)?.items[0] ?? '').split('/')[0];
    await command(page, { name: 'undo' });
    await eventually(async () =>
      expect([await focusedPosition(page), await acting(page)]).toEqual([position, last]),
    );
  });

  it('shows the finding that the keys are for, however many there are', async () => {
    const page = await open();
    await focusOne(page, 4);
    const position = await focusedPosition(page);
    const seen = new Set<string>();
    for (let n = 0; n < 12 && (await focusedPosition(page)) === position; n++) {
      const outline = page.locator('.tile.focused .acting');
      await expect.poll(() => outline.isVisible()).toBe(true);
      seen.add((await acting(page)) ?? '');
      await press(page, 'ArrowRight');
    }
    expect(seen.size).toBeGreaterThanOrEqual(4);
    // A click on a chip is for its finding.
    const chip = page.locator('.tile[aria-posinset="1"] .finding-chip:not([hidden])').nth(1);
    if ((await chip.count()) > 0) {
      await chip.click();
      await expect
        .poll(async () => [await focusedPosition(page), await acting(page)])
        .toEqual([1, (await chips(page, 1))[1]]);
    }
  });

  it('answers one finding of all images that are selected, which is said before', async () => {
    const page = await open();
    const line = page.locator('.answered-finding');
    await press(page, 'Space', 'Shift+ArrowRight', 'Shift+ArrowRight');
    const name = (await acting(page))!;
    await eventually(async () =>
      expect(await line.textContent()).toMatch(`Answers go to ${name}, in doubt on`),
    );
    await expect.poll(() => page.locator('.selected-count').textContent()).toBe('3 images selected');
    await drawn(page);
    const keys = await page
      .locator('.tile[aria-selected="true"]')
      .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-key') ?? ''));
    // Another finding of the focused image: the selection stays, the line follows.
    const others = await chips(page, await focusedPosition(page));
    let about = name;
    if (others.length > 1) {
      await press(page, 'ArrowRight');
      about = (await acting(page))!;
      expect(about).not.toBe(name);
      await eventually(async () => expect(await line.textContent()).toContain(about));
    }
    await command(page, { name: 'label', index: 1 });
    await eventually(async () => expect(await edits(page)).toHaveLength(1));
    const [edit] = await edits(page);
    expect(edit).toMatchObject({ op: 'set', value: '0' });
    expect(new Set(edit!.items)).toEqual(new Set(keys.map((key) => about + key)));
    await eventually(async () => expect(await page.locator('.tile[aria-selected="true"]').count()).toBe(0));
    await eventually(async () =>
      expect(await page.locator('.change-text').textContent()).toMatch(/^\d findings? → absent/),
    );
  });

  it('answers nothing where nothing is shown to be answered', async () => {
    const page = await open();
    await choose(page, 'Queue', /All images/);
    await eventually(async () =>
      expect(await page.locator('.counts').textContent()).toMatch(/^1,\d+ findings/),
    );
    await atPosition(page, 1);
    await page.keyboard.press('End');
    await page.locator('.tile.focused[data-key]').getByText('Nothing in doubt').waitFor();
    await command(page, { name: 'label', index: 0 });
    await page.getByRole('alert').getByText('No finding of this image is in doubt').waitFor();
    expect(await edits(page)).toEqual([]);
  });

  it('has a tile for each item of one finding, where that is filtered by', async () => {
    const page = await open();
    await choose(page, 'Finding', 'Effusion');
    await eventually(async () =>
      expect(await page.locator('.tile.focused').getAttribute('data-key')).toMatch(/^Effusion\//),
    );
    const figures = page.locator('.tile.focused .model .percent');
    await expect.poll(() => figures.textContent()).toMatch(/^[<>]?0\.\d\d \/ 0\.50$/);
    await expect.poll(() => page.locator('.counts').textContent()).toMatch(/^\d+$/);
    await command(page, { name: 'keep' });
    await eventually(async () => expect((await edits(page))[0]?.items[0]).toMatch(/^Effusion\//));
    await atPosition(page, 2);
  });

  it('shows the images of a cell of the matrix with the findings that it counts', async () => {
    const page = await open();
    const cell = page.locator('.matrix').getByRole('button', { name: /labelled present, model says absent/ });
    const count = (await cell.textContent())!;
    await cell.click();
    await eventually(async () =>
      expect(await page.locator('.counts').textContent()).toBe(`${count} findings`),
    );
    await eventually(async () =>
      expect(await page.locator('.tile.focused .label-sign').first().textContent()).toBe('+'),
    );
  });

  describe('in Read mode', () => {
    it('lists all findings, those in doubt first, and folds those that are too rare', async () => {
      const page = await open();
      const doubtful = await focusOne(page, 2);
      await page.keyboard.press('Enter');
      const rows = page.locator('.finding-list .finding');
      await eventually(async () => expect(await rows.count()).toBe(findings.length));
      const listed = await rows.evaluateAll((found) => found.map((row) => row.getAttribute('data-finding')!));
      expect([...listed].sort()).toEqual([...findings].sort());
      expect(listed.slice(0, Math.min(2, doubtful.length))).toEqual(doubtful.slice(0, 2));
      expect(listed.slice(-2)).toEqual(['Fibrosis', 'Hernia']);
      await expect.poll(() => page.locator('.finding[data-finding="Hernia"]').isVisible()).toBe(false);
      const fold = page.getByRole('button', { name: 'Too rare to judge: 2 findings' });
      await expect.poll(() => fold.getAttribute('aria-expanded')).toBe('false');
      await fold.click();
      const rare = page.locator('.finding[data-finding="Hernia"]');
      await expect.poll(() => rare.locator('.note').textContent()).toMatch(/^\d patients? ha(s|ve) it$/);
      // No threshold of its own making.
      await expect.poll(() => rare.locator('.figures').textContent()).toMatch(/^[<>]?0\.\d\d$/);
      await expect.poll(() => page.locator('.finding .figures').first().textContent()).toMatch(/ \/ 0\.50$/);
      await expect
        .poll(() => page.locator('.finding .now').first().textContent())
        .toMatch(/^(present|absent)$/);
      await expect.poll(() => page.locator('.reader h2').textContent()).toContain(doubtful[0]);
    });

    it('moves by arrows and by letters, answers the finding in the outline, and goes on to what is open', async () => {
      const page = await open();
      const doubtful = await focusOne(page, 3);
      const position = await focusedPosition(page);
      await page.keyboard.press('Enter');
      await page.locator('.finding-list .finding').first().waitFor();
      await expect.poll(() => acting(page)).toBe(doubtful[0]);
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => acting(page)).toBe(doubtful[1]);
      await page.keyboard.press('ArrowUp');
      const key = imageOf((await page.locator('.finding-list .acting').getAttribute('data-key'))!);
      // A finding that is not in doubt: gone to by its letter, answered, and not left.
      await command(page, { name: 'hintLabels' });
      const other = page.getByRole('dialog', { name: 'Go to a finding' });
      const choice = other.locator('button', { hasText: 'Fibrosis' });
      const letter = (await choice.getAttribute('data-hint'))!;
      for (const one of letter) await page.keyboard.press(one);
      await eventually(async () => expect(await acting(page)).toBe('Fibrosis'));
      expect(await edits(page)).toEqual([]);
      await command(page, { name: 'uncertain' });
      await eventually(async () => expect((await edits(page)).length).toBe(1));
      await expect
        .poll(async () => (await edits(page))[0])
        .toMatchObject({ op: 'uncertain', items: [`Fibrosis${key}`] });
      await expect.poll(() => acting(page)).toBe('Fibrosis');
      const row = page.locator('.finding[data-finding="Fibrosis"]');
      await eventually(async () => expect(await row.getAttribute('data-state')).toBe('uncertain'));
      await expect.poll(() => row.locator('.note').textContent()).toBe('uncertain · 0 patients have it');
      for (let n = 0; n < 14; n++) await page.keyboard.press('ArrowUp');
      await command(page, { name: 'label', index: 0 });
      await eventually(async () => expect(await edits(page)).toHaveLength(2));
      await expect
        .poll(async () => (await edits(page))[1])
        .toMatchObject({ value: '1', items: [`${doubtful[0]!}${key}`] });
      await expect
        .poll(async () => [await acting(page), await focusedPosition(page)])
        .toEqual([doubtful[1], position]);
    });

    it('keeps the rest by Shift+Enter as one change, and nothing by an Enter that repeats', async () => {
      const page = await open();
      await focusOne(page, 3);
      const position = await focusedPosition(page);
      await page.keyboard.down('Shift');
      for (let n = 0; n < 5; n++) await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
      await page.keyboard.up('Shift');
      await expect
        .poll(async () => [await page.locator('.reader').isVisible(), await edits(page)])
        .toEqual([false, []]);
      await page.keyboard.press('Enter');
      await page.locator('.finding-list .finding').first().waitFor();
      for (let n = 0; n < 8; n++) await page.keyboard.press('Enter');
      await command(page, { name: 'label', index: 1 });
      await eventually(async () => expect(await edits(page)).toHaveLength(1));
      const left = await page.locator('.finding[data-state="open"].wrong').count();
      await page.keyboard.down('Shift');
      await page.keyboard.down('Enter');
      for (let n = 0; n < 5; n++) await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
      await page.keyboard.up('Shift');
      await eventually(async () => expect(await edits(page)).toHaveLength(2));
      const rest = (await edits(page))[1]!;
      expect([rest.op, rest.items.length]).toEqual(['keep', left]);
      await atPosition(page, position + 1);
      await command(page, { name: 'undo' });
      await atPosition(page, position);
      await eventually(async () =>
        expect(await page.locator('.finding[data-state="open"].wrong').count()).toBe(left),
      );
      expect(await edits(page)).toHaveLength(2);
    });
  });

  it('tells a blind reader of no finding in doubt, no probability and no threshold', async () => {
    const page = await open({ blind: '1' });
    const text = await page.locator('main').innerText();
    expect(text).not.toMatch(/\d\.\d\d|in doubt|more/);
    expect(await page.locator('.tile .finding-chip:not([hidden])').count()).toBe(0);
    await command(page, { name: 'label', index: 0 });
    await page.getByRole('alert').getByText('Which finding?').waitFor();
    expect(await edits(page)).toEqual([]);
    await page.locator('.tile').first().focus();
    await page.keyboard.press('Enter');
    const rows = page.locator('.finding-list .finding');
    await eventually(async () => expect(await rows.count()).toBe(findings.length));
    await expect
      .poll(() => rows.evaluateAll((found) => found.map((row) => row.getAttribute('data-finding'))))
      .toEqual(findings);
    expect(await page.locator('.fold').isVisible()).toBe(false);
    expect(await page.locator('.detail').innerText()).not.toMatch(/\d\.\d\d|present ·|patients? ha/);
    await page.keyboard.press('ArrowDown');
    await command(page, { name: 'label', index: 0 });
    const second = page.locator('.finding[data-finding="Cardiomegaly"]');
    await eventually(async () => expect(await second.locator('.now').textContent()).toBe('present'));
    await eventually(async () => expect(await second.locator('.figures').textContent()).toMatch(/\d\.\d\d/));
    await expect
      .poll(() => page.locator('.finding .now', { hasText: 'hidden' }).count())
      .toBe(findings.length - 1);
  });

  // A narrow column, a half of a split editor, and what 1440 × 900 is at 200 %.
  it.each([
    [320, 480],
    [700, 900],
    [640, 800],
    [720, 450],
  ])('shows a whole tile and no part outside at %i × %i', async (width, height) => {
    const page = await open({}, { width, height });
    await liesWithin(page, '.tile.focused', '.tiles');
    await liesWithin(page, '.tile.focused .acting', '.tile.focused');
    await liesWithin(page, '.tile.focused .figures', '.tile.focused');
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
      .toBe(true);
    await page.keyboard.press('Enter');
    await page.locator('.finding-list .finding').first().waitFor();
    await liesWithin(page, '.finding-list .acting', '.detail');
    await liesWithin(page, '.finding-list .acting .figures', '.detail');
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
      .toBe(true);
    const shots = process.env['OVERREAD_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/findings-read-${width}.png` });
    await page.keyboard.press('Escape');
    if (shots !== undefined) await page.screenshot({ path: `${shots}/findings-${width}.png` });
  });

  it('has no accessibility fault in any theme', async () => {
    const page = await open();
    const shots = process.env['OVERREAD_SHOTS'];
    const look = (name: string) => async (theme: string) => {
      if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}-${theme}.png` });
    };
    await focusOne(page, 3);
    await command(page, { name: 'keep' });
    await eventually(async () => expect(await edits(page)).toHaveLength(1));
    await page.locator('.tile .frame').first().hover();
    expect(await faultsInThemes(page, look('findings'))).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Too rare to judge' }).click();
    await page.locator('.finding[data-finding="Hernia"]').waitFor();
    expect(await faultsInThemes(page, look('findings-read'))).toEqual([]);
  });
});
