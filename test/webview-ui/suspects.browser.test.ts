/** The queue of suspected labels in the page: the likeliest first, A takes the suggestion, K takes the item off. */
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { openPages } from './support/openPages';
import { calls, choose, command, eventually, heard, listed, tiles } from './support/gridPage';

const open = openPages();

describe.skipIf(!hasBrowser)('suspected labels', () => {
  it('say while they are still being found, where they are on show; what is seen stays', async () => {
    const page = await open({}, { width: 1280, height: 800 });
    /** The host tells how far they are found, as after a refit. */
    const tell = (busy: boolean): Promise<void> =>
      page.evaluate(async (isBusy) => {
        const answer = await window.toCatalog(JSON.stringify(['summary', []]));
        const { value } = JSON.parse(answer) as { value: object };
        const suspects = { busy: isBusy, byRun: isBusy, failure: null };
        window.harness.emit('refitted', { project: { ...value, suspects } });
      }, busy);
    const mark = page.getByText('comparing folds…');
    await eventually(async () => expect((await tiles(page)).length).toBeGreaterThan(2));
    await tell(true);
    // Elsewhere nobody waits for them.
    await heard(page);
    expect(await mark.isVisible()).toBe(false);
    await choose(page, 'Queue', /Suspected labels/);
    await mark.waitFor();
    await listed(page);
    const seen = (await tiles(page)).map(({ key }) => key);
    await tell(false);
    await mark.waitFor({ state: 'hidden' });
    await listed(page);
    expect((await tiles(page)).map(({ key }) => key)).toEqual(seen);
  });

  it('are a list of their own, and an answer takes an item off it for good', async () => {
    const page = await open({}, { width: 1280, height: 800 });
    await eventually(async () => expect((await tiles(page)).length).toBeGreaterThan(2));
    await choose(page, 'Queue', /Suspected labels/);
    await expect
      .poll(async () => (await calls(page, 'query')).at(-1)?.[0])
      .toMatchObject({ queue: 'suspects' });
    await listed(page);
    await eventually(async () => expect((await tiles(page)).length).toBeGreaterThan(2));
    const [kept, accepted, ...rest] = (await tiles(page)).map(({ key }) => key);
    const shots = process.env['OVERREAD_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/suspects.png` });
    await page.locator('.tile[data-key]').first().click();
    await command(page, { name: 'keep' });
    await eventually(async () => expect((await tiles(page))[0]?.text).toMatch(/kept/i));
    await page.locator('.tile[data-key]').nth(1).click();
    await command(page, { name: 'accept' });
    await eventually(async () => expect((await tiles(page))[1]?.text).toMatch(/edited/i));
    await choose(page, 'Queue', /All images/);
    await choose(page, 'Queue', /Suspected labels/);
    await eventually(async () => {
      const names = (await tiles(page)).map(({ key }) => key);
      expect(names[0]).toBe(rest[0]);
      expect(names).not.toContain(kept);
      expect(names).not.toContain(accepted);
    });
  });
});
