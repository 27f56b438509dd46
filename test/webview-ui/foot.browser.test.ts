/** The line at the foot of the review grid, at the widths that an editor's column has. */
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { openPages } from './support/openPages';
import { command, drawn, eventually } from './support/gridPage';

const open = openPages();

describe.skipIf(!hasBrowser)('the line at the foot', () => {
  it.each([1600, 1280, 900, 600])('shows its texts whole or not at all, %i pixels wide', async (width) => {
    const page = await open({}, { width, height: 700 });
    await command(page, { name: 'accept' });
    const foot = page.locator('footer.status');
    await eventually(async () =>
      expect(await foot.textContent()).toContain('1 image edited since the last run'),
    );
    await drawn(page);
    const texts = await foot.locator('.spring > .muted').evaluateAll((found) =>
      found.map((text) => {
        const room = text.parentElement!.getBoundingClientRect();
        const own = text.getBoundingClientRect();
        const isIn = own.top < room.bottom;
        return {
          text: text.textContent,
          isIn,
          isWhole: own.left >= room.left - 1 && own.right <= room.right + 1 && own.bottom <= room.bottom + 1,
        };
      }),
    );
    expect(texts).toHaveLength(2);
    for (const { text, isIn, isWhole } of texts) expect([text, isIn]).toEqual([text, isIn && isWhole]);
    const [edits, hints] = texts;
    // The hints go first.
    if (hints?.isIn === true) expect(edits?.isIn).toBe(true);
    if (width >= 1280) expect(edits?.isIn).toBe(true);
    const shots = process.env['OVERREAD_SHOTS'];
    if (shots !== undefined) await foot.screenshot({ path: `${shots}/foot-${width}.png` });
  });
});
