/** Heat maps in the real page in a real browser: where they lie, what turns them on, what keeps them away. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import { calls, command, eventually, giveAnswers, heard, holdAnswers } from './support/gridPage';
import { openPages } from './support/openPages';

const open = openPages();

/** Reads the image of a tile with its heat map. */
async function readWithMap(page: Page, nth = 1): Promise<void> {
  await page.locator('.tile .frame').nth(nth).click();
  await page.keyboard.press('Enter');
  await command(page, { name: 'toggleHeatmap' });
}

/** How red the stage is (red minus blue, 0-255) at places given in shares of the image's width and height. */
function stageRed(page: Page, places: readonly (readonly [number, number])[]): Promise<number[]> {
  return page.evaluate((at) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.stage canvas')!;
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(canvas, 0, 0);
    // The phantoms of harness/drawnImages.ts: every fifth is wide.
    const n = Number(/(\d+)\.png/.exec(document.querySelector('.reader h2')?.textContent ?? '')?.[1]);
    const [width, height] = n % 5 === 4 ? [900, 500] : [640, 760];
    const scale = Math.min(canvas.width / width, canvas.height / height);
    const [left, top] = [(canvas.width - width * scale) / 2, (canvas.height - height * scale) / 2];
    return at.map(([x, y]) => {
      const { data } = context.getImageData(left + x * width * scale, top + y * height * scale, 1, 1);
      return (data[0] ?? 0) - (data[2] ?? 0);
    });
  }, places);
}

/** Chooses what the heat map is about: not the choice that happens to be the same class now. */
async function about(page: Page, output: string): Promise<void> {
  const dropdown = page.getByRole('combobox', { name: 'Evidence for', exact: true });
  await dropdown.click();
  await dropdown.locator(`vscode-option[value="${output}"]`).click();
}

/** Centre of the played host's blob of evidence: column 1, 3 or 5 of 7, in the middle row. */
const blob = (of: number): readonly [number, number] => [(1 + 2 * of + 0.5) / 7, 0.5];

describe.skipIf(!hasBrowser)('heat maps in Chromium', () => {
  describe('in Read mode', () => {
    it('lie over the part of the image that they are of', async () => {
      const page = await open();
      await readWithMap(page);
      await about(page, 'normal');
      await eventually(async () => {
        const [left, middle, right] = await stageRed(page, [blob(0), blob(1), blob(2)]);
        expect(left).toBeGreaterThan(60);
        expect(middle).toBeLessThan(5);
        expect(right).toBeLessThan(5);
      });
      await about(page, 'effusion');
      await eventually(async () => {
        const [left, , right] = await stageRed(page, [blob(0), blob(1), blob(2)]);
        expect(left).toBeLessThan(5);
        expect(right).toBeGreaterThan(60);
      });
    });

    it('of a crop lie inside it, with a frame around what the network saw', async () => {
      const page = await open({ region: 'crop' });
      await readWithMap(page);
      await about(page, 'normal');
      // The crop is the middle three quarters: the blob moves towards the centre.
      const [x, y] = blob(0);
      await eventually(async () => {
        const [inside, outside] = await stageRed(page, [
          [0.125 + 0.75 * x, y],
          [0.06, y],
        ]);
        expect(inside).toBeGreaterThan(60);
        expect(outside).toBe(0);
      });
      await page.getByText('The frame is what the network saw.').waitFor();
    });

    it('follow zoom and pan', async () => {
      const page = await open();
      await readWithMap(page);
      await about(page, 'normal');
      await eventually(async () => {
        expect((await stageRed(page, [blob(0)]))[0]).toBeGreaterThan(60);
      });
      for (let i = 0; i < 6; i++) await page.locator('.stage').press('+');
      // Zoomed in about the centre, the blob has left where it was; panning to the left edge brings it back.
      await eventually(async () => {
        expect((await stageRed(page, [blob(0)]))[0]).toBeLessThan(5);
      });
      for (let i = 0; i < 30; i++) await page.locator('.stage').press('Shift+ArrowLeft');
      await eventually(async () => {
        expect((await stageRed(page, [[0.5, 0.5]]))[0]).toBeGreaterThan(30);
      });
    });

    it('are turned on and off by command, and say what they are', async () => {
      const page = await open({ method: 'score-cam' });
      await readWithMap(page);
      await page.locator('.heat').getByText('Score-CAM').waitFor();
      await page.locator('.heat').getByText('It is not a segmentation.').waitFor();
      const button = page.getByRole('button', { name: 'H Heat map' });
      const pressed = (): Promise<string | null> => button.getAttribute('aria-pressed');
      await eventually(async () => {
        expect(await pressed()).toBe('true');
      });
      await command(page, { name: 'toggleHeatmap' });
      await page.locator('.heat').waitFor({ state: 'hidden' });
      await eventually(async () => {
        expect(await pressed()).toBe('false');
      });
      await eventually(async () => {
        expect(await stageRed(page, [blob(0), blob(1), blob(2)])).toEqual([0, 0, 0]);
      });
    });

    it('are reached and changed by keyboard alone', async () => {
      const page = await open();
      await readWithMap(page);
      await about(page, 'normal');
      await eventually(async () => {
        expect((await stageRed(page, [blob(0)]))[0]).toBeGreaterThan(60);
      });
      await page.getByRole('button', { name: 'H Heat map' }).focus();
      const names: string[] = [];
      while (names.length < 12 && !names.includes('Opacity')) {
        await page.keyboard.press('Tab');
        names.push((await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '');
      }
      expect(names).toContain('Evidence for');
      expect(names).toContain('Opacity');
      const slider = page.getByRole('slider', { name: 'Opacity' });
      const before = (await stageRed(page, [blob(0)]))[0]!;
      await slider.press('Home');
      await eventually(async () => {
        expect((await stageRed(page, [blob(0)]))[0]).toBe(0);
      });
      await slider.press('End');
      await eventually(async () => {
        expect((await stageRed(page, [blob(0)]))[0]).toBeGreaterThan(before);
      });
    });

    it('are about the predicted class, and after a new run about the new one', async () => {
      const page = await open();
      await readWithMap(page);
      const asked = (): Promise<(readonly unknown[])[]> => calls(page, 'heatmaps');
      await page.locator('.heat').getByText('Class activation map').waitFor();
      const model = await page.locator('.tile.focused .model .value').textContent();
      const [first] = await asked();
      expect(first?.[1]).toBe(model);
      // The neighbours come after it; then there is nothing more to ask.
      const before = (await asked()).length;
      await page.getByRole('button', { name: 'Fine-tune' }).click();
      await eventually(async () => {
        const again = (await asked()).slice(before).flatMap(([samples]) => samples as string[]);
        expect(again).toContain((first?.[0] as string[] | undefined)?.[0]);
      });
    });

    it('say that nothing speaks for a class', async () => {
      const page = await open({ heat: 'flat' });
      await readWithMap(page);
      await page
        .locator('.heat')
        .getByText(/^Nothing in this image is evidence for/)
        .waitFor();
    });

    it('say that they are being computed, when that takes long', async () => {
      const page = await open();
      await holdAnswers(page, 'heatmaps');
      await readWithMap(page);
      await page.locator('.heat').getByText('Computing the heat map…').waitFor();
      await page
        .locator('.heat')
        .getByText(/^Still computing/)
        .waitFor();
      await giveAnswers(page, 'heatmaps');
      await page.locator('.heat').getByText('Class activation map').waitFor();
    });
  });

  describe('on the tiles', () => {
    /** The tiles in view whose overlay is shown. */
    const shown = (page: Page): Promise<string[]> =>
      page
        .locator('.tile[data-key]', { has: page.locator('.heatmap:not([hidden])') })
        .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-key') ?? ''));

    it('cover the picture as it is fitted, and only what is in view is asked for', async () => {
      const page = await open({ images: 3_000, region: 'crop' });
      await command(page, { name: 'toggleTileHeatmaps' });
      await eventually(async () => {
        expect((await shown(page)).length).toBeGreaterThan(8);
      });
      const asked = new Set((await calls(page, 'heatmaps')).flatMap(([samples]) => samples as string[]));
      expect(asked.size).toBeLessThan(60);
      const boxes = await page.locator('.tile .heatmap:not([hidden])').evaluateAll((found) =>
        found.map((canvas) => {
          const picture = canvas.parentElement?.querySelector('img');
          const { width, height } = canvas as HTMLCanvasElement;
          return {
            proportions: width / height / ((picture?.naturalWidth ?? 0) / (picture?.naturalHeight ?? 1)),
            fits: [canvas, picture].map((part) => getComputedStyle(part as Element).objectFit),
            place:
              JSON.stringify(canvas.getBoundingClientRect()) ===
              JSON.stringify(picture?.getBoundingClientRect()),
          };
        }),
      );
      for (const { proportions, fits, place } of boxes) {
        expect(Math.abs(proportions - 1)).toBeLessThan(0.02);
        expect(fits).toEqual(['contain', 'contain']);
        expect(place).toBe(true);
      }
      // Evidence lies inside the crop, and nothing outside it.
      const opaque = await page
        .locator('.tile .heatmap:not([hidden])')
        .first()
        .evaluate((canvas) => {
          const { width, height } = canvas as HTMLCanvasElement;
          const data = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
          const share = (inside: boolean): number => {
            let found = 0;
            for (let y = 0; y < height; y++) {
              for (let x = 0; x < width; x++) {
                const [u, v] = [(x + 0.5) / width, (y + 0.5) / height];
                const within = u > 0.125 && u < 0.875 && v > 0.125 && v < 0.875;
                if (within === inside && (data?.[4 * (y * width + x) + 3] ?? 0) > 0) found += 1;
              }
            }
            return found;
          };
          return { inside: share(true), outside: share(false) };
        });
      expect(opaque.inside).toBeGreaterThan(200);
      expect(opaque.outside).toBe(0);
    });

    it('come with scrolling, and go with the same command', async () => {
      const page = await open({ images: 3_000 });
      await command(page, { name: 'toggleTileHeatmaps' });
      await eventually(async () => {
        expect((await shown(page)).length).toBeGreaterThan(8);
      });
      const before = new Set(await shown(page));
      await page.getByRole('listbox', { name: 'Images' }).evaluate((grid) => {
        grid.scrollTop = grid.scrollHeight;
      });
      await eventually(async () => {
        const now = await shown(page);
        expect(now.filter((key) => !before.has(key)).length).toBeGreaterThan(3);
      });
      await command(page, { name: 'toggleTileHeatmaps' });
      await eventually(async () => {
        expect(await shown(page)).toEqual([]);
      });
    });

    it('are off until asked for, and a checkbox does what the key does', async () => {
      const page = await open();
      expect(await calls(page, 'heatmaps')).toEqual([]);
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('checkbox', { name: 'Heat maps' }).click();
      await eventually(async () => {
        expect((await shown(page)).length).toBeGreaterThan(3);
      });
    });

    it('of a multi-label project are about the finding of the tile', async () => {
      const page = await open({ findings: 'Edema,Effusion', images: 200 });
      await command(page, { name: 'toggleTileHeatmaps' });
      await eventually(async () => {
        expect((await shown(page)).length).toBeGreaterThan(3);
      });
      const found = await page
        .locator('.tile')
        .evaluateAll((found) =>
          found.map((tile) => tile.querySelector('.finding-chip')?.getAttribute('data-finding')),
        );
      const outputs = new Set((await calls(page, 'heatmaps')).map(([, output]) => output));
      for (const output of outputs) expect(found).toContain(output);
    });
  });

  describe('in blind mode', () => {
    it('are neither shown nor asked for until the item is answered', async () => {
      const page = await open({ blind: '1' });
      await readWithMap(page);
      await command(page, { name: 'toggleTileHeatmaps' });
      await page.locator('.heat').getByText('Hidden until you have answered.').waitFor();
      expect(await calls(page, 'heatmaps')).toEqual([]);
      expect(await page.locator('.tile .heatmap:not([hidden])').count()).toBe(0);
      // The words of the picker name no class as the predicted one.
      expect(await page.getByRole('combobox', { name: 'Evidence for' }).textContent()).not.toMatch(
        /Predicted:/,
      );
      const key = await page.locator('.tile.focused').getAttribute('data-key');
      await command(page, { name: 'label', index: 0 });
      await page.keyboard.press('Escape');
      await page.locator(`.tile[data-key="${key ?? ''}"] .heatmap:not([hidden])`).waitFor();
      expect(await page.locator('.tile .heatmap:not([hidden])').count()).toBe(1);
      // Nor were those of others asked for meanwhile.
      const asked = (await calls(page, 'heatmaps')).flatMap(([samples]) => samples as string[]);
      expect([...new Set(asked)]).toHaveLength(1);
    });
  });

  describe('without a model that can be asked', () => {
    it('are disabled with the reason before the first run', async () => {
      const page = await open({ run: '0' });
      await page.locator('.empty').getByRole('button', { name: 'Show all images' }).click();
      await page.locator('.tile[data-key] .frame').nth(1).click();
      await page.keyboard.press('Enter');
      await page.locator('.heat').getByText('No run yet: heat maps appear after fine-tuning.').waitFor();
      const button = page.getByRole('button', { name: 'H Heat map' });
      await expect.poll(() => button.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'More' }).click();
      await expect.poll(() => page.getByRole('checkbox', { name: 'Heat maps' }).isDisabled()).toBe(true);
      await command(page, { name: 'toggleHeatmap' });
      expect(await calls(page, 'heatmaps')).toEqual([]);
    });

    it('say once why there are none, and try again when asked', async () => {
      const page = await open({ heatfailure: 'The weights file is gone' });
      await readWithMap(page);
      await command(page, { name: 'toggleTileHeatmaps' });
      await page.locator('.heat').getByText('No heat map: The weights file is gone').waitFor();
      await expect.poll(() => page.getByRole('button', { name: 'H Heat map' }).isDisabled()).toBe(true);
      await page.locator('.status').getByText('No heat map: The weights file is gone').waitFor();
      expect(await page.getByRole('alert').filter({ hasText: 'weights' }).isVisible()).toBe(false);
      // What failed for every class is not asked again for every image.
      const asked = (await calls(page, 'heatmaps')).length;
      const pixels = (await calls(page, 'pixels')).length;
      for (let i = 0; i < 5; i++) await page.locator('.stage').press('ArrowRight');
      // By then the image that was gone to is there, and what lies beside it was asked for.
      await expect.poll(async () => (await calls(page, 'pixels')).length).toBeGreaterThan(pixels);
      await heard(page);
      expect(await calls(page, 'heatmaps')).toHaveLength(asked);
      await page.evaluate(() => {
        window.harness.failHeatmaps(null);
      });
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.heat').getByText('Class activation map').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.tile .heatmap:not([hidden])').first().waitFor();
    });
  });

  describe('for everyone', () => {
    it('are as they were left after a reload', async () => {
      const page = await open();
      await readWithMap(page);
      await command(page, { name: 'toggleTileHeatmaps' });
      await about(page, 'effusion');
      await page.getByRole('slider', { name: 'Opacity' }).fill('35');
      await expect
        .poll(() => page.evaluate(() => Object.values(sessionStorage).join()))
        .toContain('"opacity":35');
      await page.reload();
      await page.locator('.heat').getByText('Class activation map').waitFor();
      await expect.poll(() => page.getByRole('slider', { name: 'Opacity' }).inputValue()).toBe('35');
      expect(new Set((await calls(page, 'heatmaps')).map(([, output]) => output))).toEqual(
        new Set(['effusion']),
      );
      await page.keyboard.press('Escape');
      await page.locator('.tile .heatmap:not([hidden])').first().waitFor();
    });

    it('have no accessibility fault in any theme', async () => {
      const page = await open({ images: 200, region: 'crop' });
      await readWithMap(page);
      await command(page, { name: 'toggleTileHeatmaps' });
      await page.locator('.heat').getByText('Class activation map').waitFor();
      expect(await faultsInThemes(page)).toEqual([]);
    });
  });
});
