/** A report on paper, as a browser prints it: black on white whatever the screen is like, nothing cut off, figures whole. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedBrowser } from '../support/browser';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';
import { executable, hasBrowser } from './harness/browser';
import { accessibilityFaults } from './support/accessibility';

/** A4 within margins of 12 mm, in pixels of CSS. */
const [width, height] = [Math.floor((186 / 25.4) * 96), Math.floor((273 / 25.4) * 96)];

let folder: string;
let page: Page;

describe.skipIf(!hasBrowser)('a printed report', () => {
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-print-'));
    const root = path.join(folder, 'sample');
    await readyFinetuned(root, 120);
    const file = path.join(folder, 'report.html');
    await commandJson(['report', root, '--out', file, '--thumbnails']);
    const browser = await sharedBrowser(executable ?? '');
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: 'dark' });
    page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
  });
  afterAll(async () => {
    await page.context().close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('is dark on white, though the screen is dark', async () => {
    const ground = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await ground()).toBe('rgb(13, 17, 23)');
    await page.emulateMedia({ media: 'print' });
    expect(await ground()).toBe('rgb(255, 255, 255)');
    const light = await page.evaluate(() => {
      const brightness = (colour: string): number => {
        const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
        return 0.299 * r + 0.587 * g + 0.114 * b;
      };
      return [...document.querySelectorAll('h1, h2, h3, p, td, th, dt, dd, figcaption, svg text')]
        .filter((node) => {
          const style = getComputedStyle(node);
          return brightness(node instanceof SVGElement ? style.fill : style.color) > 140;
        })
        .map((node) => node.outerHTML.slice(0, 80));
    });
    expect(light).toEqual([]);
  });

  it('goes by the theme of the editor in whose tab it is, and is printed on white all the same', async () => {
    const ground = (
      theme: string,
      media: 'screen' | 'print',
      colorScheme: 'light' | 'dark',
    ): Promise<string> =>
      page.emulateMedia({ media, colorScheme }).then(() =>
        page.evaluate((name) => {
          document.body.className = name;
          return getComputedStyle(document.body).backgroundColor;
        }, theme),
      );
    const [white, dark] = ['rgb(255, 255, 255)', 'rgb(13, 17, 23)'];
    expect(await ground('vscode-dark', 'screen', 'light')).toBe(dark);
    expect(await ground('vscode-light', 'screen', 'dark')).toBe(white);
    expect(await ground('vscode-high-contrast', 'screen', 'light')).toBe(dark);
    expect(await ground('vscode-high-contrast vscode-high-contrast-light', 'screen', 'dark')).toBe(white);
    expect(await ground('vscode-dark', 'print', 'dark')).toBe(white);
    expect(await ground('', 'screen', 'dark')).toBe(dark);
  });

  it('has its tables, charts and pictures within the sheet, none of which is torn in two', async () => {
    await page.emulateMedia({ media: 'print' });
    const found = await page.evaluate(
      ([sheetWidth, sheetHeight]) => {
        const wide: string[] = [];
        const torn: string[] = [];
        for (const node of document.querySelectorAll('table, svg, figure, p, dl')) {
          const { left, right, height: tall } = node.getBoundingClientRect();
          const name = `${node.tagName} ${node.textContent.slice(0, 40)}`;
          if (left < 0 || right > sheetWidth + 1) wide.push(`${name}: ${String(Math.round(right))}`);
          if (!['svg', 'FIGURE'].includes(node.tagName)) continue;
          if (getComputedStyle(node).breakInside !== 'avoid' || tall > sheetHeight) torn.push(name);
        }
        return { wide, torn, charts: document.querySelectorAll('.charts svg').length };
      },
      [width, height] as const,
    );
    expect(found.charts).toBeGreaterThan(3);
    expect(found).toMatchObject({ wide: [], torn: [] });
  });

  it('has room for what is said of the data and the model beside its name, also in a narrow tab', async () => {
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 320, height: 480 });
    const shares = await page.evaluate(() =>
      [...document.querySelectorAll('dd')].map((said) => {
        const list = said.parentElement?.getBoundingClientRect().width ?? 0;
        return said.getBoundingClientRect().width / list;
      }),
    );
    await page.screenshot({ path: 'test-results/report-narrow.png', fullPage: true });
    await page.setViewportSize({ width, height });
    expect(shares.length).toBeGreaterThan(10);
    expect(Math.min(...shares)).toBeGreaterThan(0.4);
  });

  it('is printed on sheets of A4', async () => {
    const pdf = await page.pdf({ format: 'A4', path: path.resolve('test-results', 'report.pdf') });
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
    expect(sheets.length).toBeGreaterThan(2);
    expect(sheets.length).toBeLessThan(30);
  });

  it.each(['light', 'dark'] as const)('has no accessibility fault on a %s screen', async (colorScheme) => {
    await page.emulateMedia({ media: 'screen', colorScheme });
    await page.screenshot({ path: `test-results/report-${colorScheme}.png` });
    expect(await accessibilityFaults(page, colorScheme)).toEqual([]);
  });
});
