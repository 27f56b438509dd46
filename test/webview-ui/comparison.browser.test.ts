/** The page of a comparison in a real browser: what it shows, how it is reached, and that nothing overlaps. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import { openPages } from './support/openPages';

const openPage = openPages();

async function open(
  options: Readonly<Record<string, string | number>> = {},
  viewport?: { width: number; height: number },
): Promise<Page> {
  const page = await openPage({ bundle: 'comparison', ...options }, viewport);
  await page.waitForSelector('h1');
  return page;
}

/** Pairs of chart texts whose boxes, as drawn, lie on each other. */
async function overlaps(page: Page): Promise<string[]> {
  return page.locator('.chart svg text').evaluateAll((texts) => {
    // A slanted text's own rectangle, not the upright box around it.
    const corners = texts.map((text) => {
      const box = (text as SVGTextElement).getBBox();
      const matrix = (text as SVGTextElement).getScreenCTM()!;
      const inset = 2;
      return [
        [box.x, box.y + inset],
        [box.x + box.width, box.y + inset],
        [box.x + box.width, box.y + box.height - inset],
        [box.x, box.y + box.height - inset],
      ].map(([x, y]) => {
        const point = new DOMPoint(x, y).matrixTransform(matrix);
        return [point.x, point.y] as const;
      });
    });
    // Two convex shapes are apart when an edge of one has the other wholly on its far side.
    const apart = (a: (readonly [number, number])[], b: (readonly [number, number])[]): boolean =>
      [a, b].some((shape) =>
        shape.some(([x, y], i) => {
          const [nx, ny] = shape[(i + 1) % shape.length]!;
          const [ax, ay] = [ny - y, x - nx];
          const along = (points: (readonly [number, number])[]): number[] =>
            points.map(([px, py]) => ax * px + ay * py);
          const [pa, pb] = [along(a), along(b)];
          return Math.max(...pa) <= Math.min(...pb) || Math.max(...pb) <= Math.min(...pa);
        }),
      );
    const found: string[] = [];
    for (let i = 0; i < texts.length; i++) {
      for (let j = i + 1; j < texts.length; j++) {
        if (!apart(corners[i]!, corners[j]!))
          found.push(`${texts[i]!.textContent} | ${texts[j]!.textContent}`);
      }
    }
    return found;
  });
}

/** Chart texts that reach out of the picture. */
function cutOff(page: Page): Promise<string[]> {
  return page.locator('.chart svg text').evaluateAll((texts) => {
    const frame = texts[0]!.closest('svg')!.getBoundingClientRect();
    return texts
      .filter((text) => {
        const box = text.getBoundingClientRect();
        return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1;
      })
      .map((text) => text.textContent);
  });
}

describe.skipIf(!hasBrowser)('the comparison in Chromium', () => {
  it('has a table with named columns and rows, the best marked, random said', async () => {
    const page = await open({ models: 6 });
    const table = page.getByRole('table', { name: 'Figures of every network' });
    await expect.poll(() => table.getByRole('columnheader').count()).toBe(11);
    await expect.poll(() => table.getByRole('rowheader').count()).toBe(6);
    const best = table.getByRole('row', { name: /resnet50\.in1k/ }).first();
    await expect.poll(() => best.getByRole('cell', { name: 'best', exact: true }).count()).toBe(2);
    await expect
      .poll(() => table.getByRole('rowheader', { name: /inception_v4\.random-0 \(random\)/ }).count())
      .toBe(1);
    await expect.poll(() => page.locator('.notes').textContent()).toContain('Effusion 7 and 33');
    await expect.poll(() => page.locator('.notes').textContent()).toContain('Not compared: vgg19');
  });

  it('shows data as text, never as markup', async () => {
    const page = await open({ models: 5 });
    expect(await page.locator('img').count()).toBe(0);
    await expect
      .poll(() => page.getByRole('rowheader', { name: '<img src=x onerror=alert(1)>' }).count())
      .toBe(1);
  });

  it.each([
    { kind: 'dots', models: 1 },
    { kind: 'dots', models: 23 },
    { kind: 'sweep', models: 2 },
    { kind: 'sweep', models: 10, random: 1 },
    { kind: 'sweep', models: 23, random: 1 },
  ])('no texts of the chart overlap or are cut off: $kind of $models', async (options) => {
    const page = await open(options, { width: 1400, height: 900 });
    await page.screenshot({
      path: `test-results/comparison-${options.kind}-${options.models}.png`,
      fullPage: true,
    });
    await expect.poll(() => overlaps(page)).toEqual([]);
    await expect.poll(() => cutOff(page)).toEqual([]);
  });

  it('the chart has a name and a description', async () => {
    const page = await open();
    const chart = page.getByRole('img', { name: '4 networks on A project' });
    await expect
      .poll(() => chart.locator('desc').textContent())
      .toContain('Highest out of fold: resnet50.in1k');
  });

  it('is used by keyboard: buttons, the table that scrolls, the help', async () => {
    const page = await open({ models: 6 }, { width: 700, height: 600 });
    const pressed: string[] = [];
    for (let i = 0; i < 9; i++) {
      await page.keyboard.press('Tab');
      pressed.push(
        await page.evaluate(
          () =>
            document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        ),
      );
    }
    expect(pressed).toEqual([
      'Open compare.md',
      'Reveal in Explorer',
      'Figures of every network',
      'Network',
      'Use in overread.yaml',
      'One network',
      'Another',
      'Show the images on which they differ',
      'What the columns say',
    ]);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('dl').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Reveal in Explorer' }).press('Enter');
    await page.getByRole('button', { name: 'Open compare.md' }).press('Enter');
    const called = await page.evaluate(() =>
      (
        globalThis as unknown as { comparisonHarness: { calls: { method: string }[] } }
      ).comparisonHarness.calls.map(({ method }) => method),
    );
    expect(called).toEqual(['reveal', 'openTable']);
    // Only the table scrolls sideways, not the page.
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
      .toBe(true);
  });

  it('applies the best network, or another, and opens the images on which two differ', async () => {
    const page = await open({ models: 4 });
    const said = page.locator('.said');
    await page.getByRole('button', { name: 'Use in overread.yaml' }).click();
    await expect.poll(() => said.textContent()).toBe('model.architecture: network 0');
    await page.getByRole('combobox', { name: 'Network', exact: true }).press('ArrowDown');
    await page.getByRole('button', { name: 'Use in overread.yaml' }).press('Enter');
    await expect.poll(() => said.textContent()).toBe('model.architecture: network 1');
    await page.getByRole('button', { name: 'Show the images on which they differ' }).click();
    await expect.poll(() => said.textContent()).toBe('12 of 300 images are in the review grid.');
    await page.getByRole('combobox', { name: 'Another' }).press('ArrowUp');
    await page.getByRole('button', { name: 'Show the images on which they differ' }).click();
    await expect.poll(() => said.textContent()).toBe('Choose two networks.');
    const called = await page.evaluate(
      () =>
        (
          globalThis as unknown as {
            comparisonHarness: { calls: { method: string; params: unknown[] }[] };
          }
        ).comparisonHarness.calls,
    );
    expect(called.map(({ method, params }) => [method, ...params])).toEqual([
      ['use', 0],
      ['use', 1],
      ['showDifferences', 0, 1],
    ]);
  });

  it('saves what it is found again by', async () => {
    const page = await open();
    const saved = await page.evaluate(() =>
      (globalThis as unknown as { comparisonHarness: { saved(): unknown } }).comparisonHarness.saved(),
    );
    expect(saved).toEqual({ v: 1, root: '/project', comparison: '2026-11-23T081500.123Z-architectures' });
  });

  it('says why there is nothing to show', async () => {
    const gone = await open({ fails: 1 });
    await gone.getByRole('alert').getByText('No comparison is named "gone" (OVR800)').waitFor();
    const none = await open({ models: 0 });
    await none.getByText('No network could be compared.').waitFor();
  });

  it('has no accessibility fault in any theme', async () => {
    const page = await open({ models: 8 });
    await page.locator('summary').click();
    const look = (theme: string) =>
      page.screenshot({ path: `test-results/comparison-${theme}.png`, fullPage: true });
    // In a window of the usual width no column is cut off.
    const table = page.locator('.table');
    await expect
      .poll(() => table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))
      .toBe(0);
    expect(await faultsInThemes(page, look)).toEqual([]);
  });
});
