/** High contrast: what has the focus, and where a list is, can be seen on every page. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Harness, hasBrowser, type OpenPage } from './harness/browser';
import { showTheme } from './harness/themes';
import { faintThumbs, unseenFocus } from './support/contrast';
import { command } from './support/gridPage';

let harness: Harness;
let open: OpenPage;

/** Each page in the state in which it has most to show, and how it gets there. */
const pages: readonly {
  readonly name: string;
  readonly options: Readonly<Record<string, string | number>>;
  readonly ready: string;
  readonly set?: (open: OpenPage) => Promise<void>;
}[] = [
  {
    name: 'tiles',
    options: {},
    ready: '.tile[data-key]',
    set: ({ page }) => command(page, { name: 'toggleDetail' }),
  },
  {
    name: 'read mode',
    options: {},
    ready: '.tile[data-key]',
    set: async ({ page }) => {
      await page.keyboard.press('Enter');
      await page.locator('.reader').waitFor();
    },
  },
  {
    name: 'findings',
    options: { findings: 'Atelectasis,Cardiomegaly,Effusion,Hernia', rare: 'Hernia', images: 120 },
    ready: '.finding-chip',
    set: async ({ page }) => {
      await page.keyboard.press('Enter');
      await page.locator('.finding-list .finding').first().waitFor();
    },
  },
  { name: 'comparison', options: { bundle: 'comparison' }, ready: 'table' },
  { name: 'run', options: { bundle: 'run' }, ready: 'table' },
  { name: 'cohorts', options: { bundle: 'cohorts' }, ready: 'table' },
  { name: 'map', options: { bundle: 'map' }, ready: '.legend li' },
  { name: 'DICOM file', options: { bundle: 'dicom' }, ready: 'canvas' },
  { name: 'new project', options: { bundle: 'newProject' }, ready: 'h1' },
];

describe.skipIf(!hasBrowser)('in high contrast', () => {
  beforeAll(async () => {
    harness = await Harness.start();
    // What the pictures cost goes by its size; matrix, a whole tile and details still stand side by side.
    open = await harness.open({}, { width: 960, height: 600 });
  });
  afterAll(() => harness.close());

  it.each(pages)('focus and thumbs are seen: $name', async ({ name, options, ready, set }) => {
    const { page } = open;
    await harness.load(page, options);
    await page.locator(ready).first().waitFor();
    await set?.(open);
    const stopsOf: number[] = [];
    for (const theme of ['hc-dark', 'hc-light'] as const) {
      await showTheme(page, theme);
      const thumbs = await faintThumbs(page);
      expect(thumbs.scrolling, theme).toBeGreaterThan(0);
      expect(thumbs.faint, theme).toEqual([]);
      const { stops, unseen } = await unseenFocus(page);
      expect(unseen, theme).toEqual([]);
      stopsOf.push(stops);
      const shots = process.env['OVERREAD_SHOTS'];
      if (shots !== undefined)
        await page.screenshot({ path: `${shots}/${theme}-${name.replaceAll(' ', '-')}.png` });
    }
    expect(stopsOf[0]).toBeGreaterThan(1);
    // A theme changes none of them.
    expect(stopsOf[1]).toBe(stopsOf[0]);
  });
});
