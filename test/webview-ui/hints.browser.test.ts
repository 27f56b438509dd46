/** Letters on labels, and the cheat sheet: while one is open no key answers but by it. */
import { describe, expect, it } from 'vitest';
import { gridKeyRows } from '../../src/protocol/gridKeys';
import { hasBrowser } from './harness/browser';
import { heardKeys } from './support/heardKeys';
import { openPages } from './support/openPages';
import { accessibilityFaults } from './support/accessibility';
import { atPosition, calls, command, eventually } from './support/gridPage';

const open = openPages();

describe.skipIf(!hasBrowser)('keys that are spelt', () => {
  it('answer with the label of 30 whose letters were typed, and with nothing else', async () => {
    const classes = Array.from({ length: 30 }, (_, i) => `class_${i}`).join();
    const page = await open({ classes, images: 300 });
    await page.keyboard.press('ArrowRight');
    await command(page, { name: 'hintLabels' });
    const dialog = page.getByRole('dialog', { name: 'Choose a label' });
    await dialog.waitFor();
    // The editor is told that its keys are not for the tiles, so that no keybinding answers.
    await expect
      .poll(async () => (await calls(page, 'focus')).at(-1)?.[0])
      .toMatchObject({ gridFocused: false });
    await page.keyboard.press('1');
    expect(await calls(page, 'edit')).toEqual([]);
    const hint = await dialog.locator('button').last().getAttribute('data-hint');
    expect(hint).toHaveLength(2);
    await page.keyboard.type(hint!);
    await eventually(async () => {
      expect((await calls(page, 'edit')).map(([edit]) => edit)).toMatchObject([
        { op: 'set', value: 'class_29' },
      ]);
    });
    await atPosition(page, 3);
    await command(page, { name: 'hintLabels' });
    await dialog.waitFor();
    expect(await accessibilityFaults(page, 'dark')).toEqual([]);
    await page.keyboard.press('Escape');
    await atPosition(page, 3);
    expect(await calls(page, 'edit')).toHaveLength(1);
  });

  it('are told by the cheat sheet, whole', async () => {
    const page = await open();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    await sheet.waitFor();
    // A key whose command was on its way when the sheet opened, and keys that are pressed on it.
    const heard = await heardKeys(page);
    await page.keyboard.press('a');
    expect(await heard()).toEqual([]);
    await expect.poll(() => sheet.locator('tbody tr').count()).toBe(gridKeyRows.length);
    const labels = await sheet.locator('.label-button').allTextContents();
    expect(labels).toEqual(['1 normal', '2 pneumonia', '3 effusion']);
    expect(await accessibilityFaults(page, 'dark')).toEqual([]);
    await page.keyboard.press('Escape');
    await atPosition(page, 1);
  });
});
