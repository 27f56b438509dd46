/** Letters on the findings of an image: where they lead, what Shift with one writes, and when it writes nothing. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { GridEdit } from '../../src/protocol/gridApi';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import {
  announced,
  atPosition,
  calls,
  command,
  eventually,
  focusedPosition,
  press,
} from './support/gridPage';
import { heardKeys } from './support/heardKeys';
import { openPages } from './support/openPages';

const findings =
  'Atelectasis,Cardiomegaly,Consolidation,Edema,Effusion,Emphysema,Fibrosis,Hernia,Infiltration,Mass,Nodule,Pleural_Thickening,Pneumonia,Pneumothorax';
// Chromium's advice on how these tests look at a canvas is harmless.
const openPage = openPages(/readback/);

async function open(options: Readonly<Record<string, string | number>> = {}): Promise<Page> {
  const page = await openPage({ findings, rare: 'Hernia,Fibrosis', images: 120, ...options });
  await page.locator('.tile.focused[data-key]').waitFor();
  return page;
}

const edits = async (page: Page): Promise<readonly GridEdit[]> =>
  (await calls(page, 'edit')).map(([edit]) => edit as GridEdit);
const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Go to a finding' });
/** The choice of a finding, once its label is here. */
const choice = (page: Page, finding: string): Locator => dialog(page).locator(`button[title="${finding}"]`);
const letterOf = async (page: Page, finding: string): Promise<string> =>
  (await choice(page, finding).getAttribute('data-hint')) ?? '';

/** Shows the letters, and waits for all labels. */
async function showLetters(page: Page): Promise<void> {
  await command(page, { name: 'hintLabels' });
  await dialog(page).waitFor();
  const choices = dialog(page).locator('button');
  await expect.poll(() => choices.locator('.label-sign').count()).toBe(await choices.count());
}

/** A finding of the focused image that is not in doubt, by its label; the letters are shown. */
async function notInDoubt(page: Page, label: 'present' | 'absent'): Promise<string> {
  const doubtful = await page
    .locator('.tile.focused .finding-chip:not([hidden])')
    .evaluateAll((found) => found.map((chip) => chip.getAttribute('data-finding')));
  const names = await dialog(page)
    .locator('button')
    .evaluateAll((all) =>
      all.map((one) => `${one.getAttribute('title') ?? ''}|${one.getAttribute('aria-label') ?? ''}`),
    );
  const found = names
    .map((name) => name.split('|'))
    .find(([name, said]) => !doubtful.includes(name!) && said!.includes(`: ${label}.`));
  if (!found) throw new Error(`No finding that is ${label}`);
  return found[0]!;
}

describe.skipIf(!hasBrowser)('letters on the findings of an image', () => {
  it.each([
    ['absent', 'present', '1'],
    ['present', 'absent', '0'],
  ] as const)(
    'with Shift give a finding that is %s the label beside it, as one edit that says what, and one undo takes back',
    async (label, other, value) => {
      const page = await open();
      let finding = '';
      let position = 0;
      // Not every image has a finding that is present and in no doubt.
      for (let n = 0; n < 30 && finding === ''; n++) {
        position = await focusedPosition(page);
        await showLetters(page);
        finding = await notInDoubt(page, label).catch(() => '');
        if (finding !== '') break;
        await page.keyboard.press('Escape');
        await command(page, { name: 'next' });
      }
      const key = (await page.locator('.tile.focused').getAttribute('data-key'))!;
      const letter = await letterOf(page, finding);
      await expect.poll(() => choice(page, finding).locator('.with-shift').textContent()).toBe(`⇧ ${other}`);
      await expect
        .poll(() => choice(page, finding).getAttribute('aria-label'))
        .toBe(`${letter.toUpperCase()} ${finding}: ${label}. Shift+${letter.toUpperCase()}: ${other}`);
      await page.keyboard.press(`Shift+${letter}`);
      await eventually(async () => expect(await edits(page)).toHaveLength(1));
      await expect
        .poll(async () => (await edits(page))[0])
        .toMatchObject({ op: 'set', value, items: [`${finding}${key}`] });
      await dialog(page).waitFor({ state: 'hidden' });
      const line = page.locator('.change-text');
      await expect.poll(() => line.textContent()).toContain(finding);
      await expect.poll(() => line.textContent()).toMatch(new RegExp(`→ ${other}$`));
      await expect.poll(() => announced(page)).toContain(`→ ${other}`);
      // Whoever answers what is in no doubt is at work on this image, and on its tile.
      await atPosition(page, position);
      expect(await page.locator('.reader').isVisible()).toBe(false);
      await command(page, { name: 'undo' });
      await expect.poll(() => line.textContent()).toContain('Undone');
      await showLetters(page);
      await expect.poll(() => choice(page, finding).getAttribute('aria-label')).toContain(`: ${label}.`);
      await page.keyboard.press('Escape');
    },
  );

  it('are on all findings of the tile, the same on every image, and on the too rare ones below', async () => {
    const page = await open();
    await showLetters(page);
    const lettersOf = async (): Promise<Record<string, string | null>> => {
      const pairs = await dialog(page)
        .locator('button')
        .evaluateAll((all) =>
          all.map((one) => [one.getAttribute('title') ?? '', one.getAttribute('data-hint')] as const),
        );
      return Object.fromEntries(pairs);
    };
    const first = await lettersOf();
    expect(Object.keys(first).sort()).toEqual(findings.split(','));
    expect(Object.keys(first).slice(-2).sort()).toEqual(['Fibrosis', 'Hernia']);
    expect(await dialog(page).locator('.hint-choices > p').allTextContents()).toEqual(['Too rare to judge']);
    await page.keyboard.press('Escape');
    await press(page, 'ArrowDown');
    await showLetters(page);
    expect(await lettersOf()).toEqual(first);
    // The tile that they are for is beside them, not below.
    const [tile, letters] = await Promise.all([
      page.locator('.tile.focused').boundingBox(),
      dialog(page).boundingBox(),
    ]);
    const isBeside = letters!.y >= tile!.y + tile!.height || letters!.y + letters!.height <= tile!.y;
    expect(isBeside).toBe(true);
    expect(await faultsInThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('alone only lead: to what is in doubt on the tile, to all else in Read mode', async () => {
    const page = await open();
    const doubtful = (await page
      .locator('.tile.focused .finding-chip')
      .first()
      .getAttribute('data-finding'))!;
    await showLetters(page);
    await page.keyboard.press(await letterOf(page, doubtful));
    await dialog(page).waitFor({ state: 'hidden' });
    await expect
      .poll(() => page.locator('.tile.focused .acting').getAttribute('data-finding'))
      .toBe(doubtful);
    expect(await page.locator('.reader').isVisible()).toBe(false);
    await showLetters(page);
    const other = await notInDoubt(page, 'absent');
    await page.keyboard.press(await letterOf(page, other));
    await page.locator('.reader').waitFor();
    await expect.poll(() => page.locator('.finding-list .acting').getAttribute('data-finding')).toBe(other);
    expect(await edits(page)).toEqual([]);
    // There the same letters answer as on the tile.
    await showLetters(page);
    await page.keyboard.press(`Shift+${await letterOf(page, other)}`);
    await eventually(async () => expect(await edits(page)).toHaveLength(1));
    expect((await edits(page))[0]).toMatchObject({ op: 'set', value: '1' });
    await page.keyboard.press('Escape');
  });

  it('that are held answer once, and nothing of what has the keys afterwards', async () => {
    const page = await open();
    const leaked = await heardKeys(page);
    await showLetters(page);
    const letter = await letterOf(page, await notInDoubt(page, 'absent'));
    await page.keyboard.down('Shift');
    for (let n = 0; n < 6; n++) await page.keyboard.down(letter.toUpperCase());
    await page.keyboard.up('Shift');
    for (let n = 0; n < 6; n++) await page.keyboard.down(letter.toUpperCase());
    await page.keyboard.up(letter.toUpperCase());
    await eventually(async () => expect(await edits(page)).toHaveLength(1));
    // A letter that leads is the key of an answer elsewhere.
    await showLetters(page);
    const accepts = (await dialog(page).locator('button[data-hint="a"]').getAttribute('title'))!;
    for (let n = 0; n < 6; n++) await page.keyboard.down('a');
    await dialog(page).waitFor({ state: 'hidden' });
    await page.keyboard.up('a');
    expect(accepts).not.toBe('');
    expect(await edits(page)).toHaveLength(1);
    expect(await leaked()).toEqual([]);
    // Pressed anew it is a key like any other.
    await page.keyboard.press('a');
    await expect.poll(leaked).toEqual(['a']);
  });

  it('with Shift on what is in doubt go on as any answer does', async () => {
    const page = await open();
    for (let n = 0; n < 30; n++) {
      const name = (await page.locator('.tile.focused').getAttribute('aria-label')) ?? '';
      if (name.endsWith('1 of 1')) break;
      await command(page, { name: 'next' });
    }
    const position = await focusedPosition(page);
    const key = await page.locator('.tile.focused').getAttribute('data-key');
    const finding = (await page.locator('.tile.focused .acting').getAttribute('data-finding'))!;
    await showLetters(page);
    await page.keyboard.press(`Shift+${await letterOf(page, finding)}`);
    await eventually(async () => expect((await edits(page))[0]?.items).toEqual([`${finding}${key!}`]));
    await atPosition(page, position + 1);
  });

  it('write nothing where there is no other label, and say so', async () => {
    const page = await open();
    const doubtful = (await page
      .locator('.tile.focused .finding-chip')
      .first()
      .getAttribute('data-finding'))!;
    await command(page, { name: 'uncertain' });
    await eventually(async () => expect(await edits(page)).toHaveLength(1));
    await page.keyboard.press('Home');
    await atPosition(page, 1);
    await showLetters(page);
    await expect.poll(() => choice(page, doubtful).locator('.label-sign').textContent()).toBe('?');
    expect(await choice(page, doubtful).locator('.with-shift').count()).toBe(0);
    const letter = await letterOf(page, doubtful);
    await page.keyboard.press(`Shift+${letter}`);
    await dialog(page)
      .getByRole('status')
      .getByText(`${doubtful} has no other label to give here. Its letter goes to it.`)
      .waitFor();
    expect(await edits(page)).toHaveLength(1);
    await page.keyboard.press(letter);
    await dialog(page).waitFor({ state: 'hidden' });
    expect(await edits(page)).toHaveLength(1);
  });

  it('tell no label to a blind reader, and write none', async () => {
    const page = await open({ blind: '1' });
    await command(page, { name: 'hintLabels' });
    await dialog(page).waitFor();
    expect(await dialog(page).locator('.label-sign, .with-shift').count()).toBe(0);
    expect(await dialog(page).locator('p').first().textContent()).not.toContain('Shift');
    const letter = await letterOf(page, 'Edema');
    await page.keyboard.press(`Shift+${letter}`);
    await dialog(page).getByText('Edema has no other label to give here.').waitFor();
    expect(await edits(page)).toEqual([]);
    await page.keyboard.press(letter);
    await page.locator('.reader').waitFor();
    await expect.poll(() => page.locator('.finding-list .acting').getAttribute('data-finding')).toBe('Edema');
    await showBlind(page);
    expect(await edits(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('write nothing while other images are selected', async () => {
    const page = await open();
    await press(page, 'Space', 'Shift+ArrowRight');
    await command(page, { name: 'hintLabels' });
    await dialog(page).waitFor();
    expect(await dialog(page).locator('.with-shift').count()).toBe(0);
    await page.keyboard.press(`Shift+${await letterOf(page, 'Edema')}`);
    await dialog(page).getByText('Edema has no other label to give here.').waitFor();
    expect(await edits(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.tile[aria-selected="true"]').count()).toBe(2);
  });

  it('write nothing that is out of view: they bring it there first', async () => {
    const page = await open();
    await page.setViewportSize({ width: 320, height: 360 });
    await showLetters(page);
    const seen = (): Promise<boolean> =>
      choice(page, 'Hernia').evaluate((one) => {
        const [inner, outer] = [one.getBoundingClientRect(), one.closest('dialog')!.getBoundingClientRect()];
        return inner.top >= outer.top && inner.bottom <= outer.bottom;
      });
    expect(await seen()).toBe(false);
    const letter = await letterOf(page, 'Hernia');
    await page.keyboard.press(`Shift+${letter}`);
    await expect.poll(seen).toBe(true);
    expect(await edits(page)).toEqual([]);
    await page.keyboard.press('Home');
    // To its end: a key that comes while Chromium still scrolls may be left out.
    await expect.poll(() => dialog(page).evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    expect(await seen()).toBe(false);
    await page.keyboard.press('End');
    await expect.poll(seen).toBe(true);
    await page.keyboard.press(`Shift+${letter}`);
    await eventually(async () => expect(await edits(page)).toHaveLength(1));
    expect((await edits(page))[0]?.items[0]).toMatch(/^Hernia\//);
  });

  it('are gone where another image has the keys', async () => {
    const page = await open();
    await showLetters(page);
    const key = await page.locator('.tile.focused').getAttribute('data-key');
    await command(page, { name: 'next' });
    await dialog(page).waitFor({ state: 'hidden' });
    await expect.poll(() => page.locator('.tile.focused').getAttribute('data-key')).not.toBe(key);
    expect(await edits(page)).toEqual([]);
  });

  it('of more than 26 findings are two, and Shift has to go with both', async () => {
    const many = Array.from({ length: 30 }, (_, n) => `Finding_${String(n).padStart(2, '0')}`);
    const page = await open({ findings: many.join(), rare: '', images: 60 });
    await showLetters(page);
    const hint = await letterOf(page, 'Finding_29');
    expect(hint).toHaveLength(2);
    await page.keyboard.press(`Shift+${hint[0]!}`);
    await page.keyboard.press(hint[1]!);
    await dialog(page).waitFor({ state: 'hidden' });
    expect(await edits(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await showLetters(page);
    await page.keyboard.press(`Shift+${hint[0]!}`);
    await page.keyboard.press(`Shift+${hint[1]!}`);
    await eventually(async () => expect(await edits(page)).toHaveLength(1));
    expect((await edits(page))[0]?.items[0]).toMatch(/^Finding_29\//);
  });
});

/** In Read mode all findings of a blind image are here, and none is told. */
async function showBlind(page: Page): Promise<void> {
  await command(page, { name: 'hintLabels' });
  await dialog(page).waitFor();
  expect(await dialog(page).locator('.with-shift').count()).toBe(0);
}
