/** The filter while it is written: completion, what was used before, queues of the project's own. */
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { openPages } from './support/openPages';
import { atPosition, calls, choose, command, eventually, focusedPosition, tiles } from './support/gridPage';

const open = openPages();

describe.skipIf(!hasBrowser)('the filter', () => {
  it('completes columns and values by key, and remembers what was used', async () => {
    const page = await open();
    await command(page, { name: 'focusFilter' });
    const field = page.getByRole('textbox', { name: 'SQL filter' });
    const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
    await page.keyboard.type('pred');
    await expect.poll(() => options.allTextContents()).toEqual(['predictedcolumn']);
    await page.keyboard.press('ArrowDown');
    const active = await field.getAttribute('aria-activedescendant');
    await expect.poll(() => page.locator(`#${String(active)}`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await expect.poll(() => field.inputValue()).toBe('predicted');
    await page.keyboard.type(' = ');
    await options.filter({ hasText: 'effusion' }).click();
    await expect.poll(() => field.inputValue()).toBe("predicted = 'effusion'");
    // Nothing is chosen among the suggestions: Enter applies what is written.
    await page.keyboard.type(' and p > 0.8');
    await page.keyboard.press('Enter');
    await eventually(async () => {
      expect(new Set((await tiles(page)).map(({ model }) => model))).toEqual(new Set(['effusion']));
      expect(await focusedPosition(page)).toBe(1);
    });
    await field.fill('');
    await expect
      .poll(() => options.first().textContent())
      .toBe("predicted = 'effusion' and p > 0.8used before");
    await page.keyboard.press('Escape');
    await atPosition(page, 1);
  });

  it('that is wrong is said in plain words, and is not remembered', async () => {
    const page = await open();
    const field = page.getByRole('textbox', { name: 'SQL filter' });
    await field.fill('p > 0.9');
    await field.press('Enter');
    await field.fill('confidense > 0.9');
    await field.press('Enter');
    const fault = page.locator('.filter-fault');
    await fault.getByText('The filter names the column "confidense", which there is not').waitFor();
    await field.fill('');
    await page.getByRole('option', { name: 'p > 0.9' }).waitFor();
    expect(await page.getByRole('option', { name: /confidense/ }).count()).toBe(0);
  });

  it('is kept as a queue of the project, which is among the queues then', async () => {
    const page = await open({ saved: 'p > 0.95' });
    await choose(page, 'Queue', 'Own queue');
    const query = async (): Promise<unknown> => (await calls(page, 'query')).at(-1)?.[0];
    await eventually(async () => expect(await query()).toMatchObject({ queue: 'all', where: 'p > 0.95' }));
    await expect.poll(() => page.locator('.queue-name').textContent()).toBe('Own queue');
    const save = page.getByRole('button', { name: 'Save…' });
    await expect.poll(() => save.isVisible()).toBe(false);
    // Who goes on to another queue leaves the filter behind.
    await choose(page, 'Queue', /^Errors/);
    await eventually(async () => expect(await query()).toMatchObject({ queue: 'errors' }));
    await expect.poll(() => query()).not.toHaveProperty('where');
    const field = page.getByRole('textbox', { name: 'SQL filter' });
    await field.fill('p > 0.9');
    await field.press('Enter');
    await save.click();
    await eventually(async () => expect(await calls(page, 'saveQueue')).toEqual([['p > 0.9']]));
  });

  it('of a project that nobody trusts is not offered', async () => {
    const page = await open({ saved: 'p > 0.95', readonly: 1 });
    const queue = page.getByRole('combobox', { name: 'Queue', exact: true });
    expect(await queue.locator('vscode-option', { hasText: 'Own queue' }).count()).toBe(0);
    await expect.poll(() => queue.locator('vscode-option', { hasText: /^Errors/ }).count()).toBe(1);
  });
});
