/** Read mode: its room, its keys, what stays from image to image, and the way back. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { quickPixels } from '../../webview-ui/viewer/draft';
import { hasBrowser } from './harness/browser';
import { faultsInThemes } from './support/accessibility';
import {
  atPosition,
  calls,
  command,
  drawn,
  eventually,
  focusedPosition,
  heard,
  press,
  stageFitted,
  typeAhead,
} from './support/gridPage';
import { heardKeys } from './support/heardKeys';
import { openPages } from './support/openPages';
import { placesOf } from './support/places';

declare global {
  interface Window {
    /** Pixels of each picture that was painted through a window. */
    painted: number[];
  }
}

// Chromium's advice on how these tests look at a canvas is harmless.
const open = openPages(/readback/);

/** Grey in the middle of the image on show; -1 before there is one. */
const grey = (page: Page): Promise<number> =>
  page.locator('.stage canvas').evaluate((stage) => {
    const { width, height } = stage as HTMLCanvasElement;
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    context?.drawImage(stage as HTMLCanvasElement, -(width >> 1), -(height >> 1));
    const data = context?.getImageData(0, 0, 1, 1).data;
    return data?.[3] === 255 ? (data[0] ?? -1) : -1;
  });
const sliderValue = (page: Page, name: string): Promise<string> =>
  page.getByRole('slider', { name, exact: true }).inputValue();
/** As a keyboard repeats: every 25 ms. */
async function hold(page: Page, key: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await page.keyboard.down(key);
    await page.waitForTimeout(25);
  }
  await page.keyboard.up(key);
}

describe.skipIf(!hasBrowser)('Read mode', () => {
  it('fills the editor, keeps the list behind it from the keys, and goes back to the same tile', async () => {
    const page = await open();
    await press(page, 'End');
    const [at, tile] = [await focusedPosition(page), page.locator('.tile.focused')];
    const [place, key] = [await tile.boundingBox(), await tile.getAttribute('data-key')];
    await page.keyboard.press('Enter');
    await expect.poll(() => grey(page)).toBeGreaterThanOrEqual(0);
    await eventually(async () => {
      const { stage, main } = await placesOf(page, { stage: '.stage', main: 'main' });
      expect(stage.height).toBeGreaterThan(main.height * 0.8);
    });
    await atPosition(page, at);
    await expect.poll(() => page.getByRole('listbox', { name: 'Images', exact: true }).count()).toBe(0);
    await expect.poll(() => page.locator('.reader [tabindex="0"][role="option"]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await atPosition(page, at);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-key'))).toBe(key);
    await expect.poll(() => tile.boundingBox()).toEqual(place);
  });

  it('goes to the neighbours, by key and by click, and back to the one that was read last', async () => {
    const page = await open();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('PageDown');
    await atPosition(page, 13);
    await page.keyboard.press('ArrowLeft');
    await page.locator('.film[aria-posinset="10"]').click();
    await atPosition(page, 10);
    await page.keyboard.press('Home');
    await atPosition(page, 1);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    const last = Number(await page.locator('.film.on').getAttribute('aria-setsize'));
    await atPosition(page, last);
    await page.keyboard.press('Escape');
    await atPosition(page, last);
    const tile = page.locator('.tile.focused');
    await expect.poll(() => tile.getAttribute('aria-posinset')).toBe(await tile.getAttribute('aria-setsize'));
  });

  // So narrow that an image that is gone to is not yet among its neighbours.
  it.each([320, 1280])(
    'hears each key that is typed before the next frame, %i pixels wide',
    async (width) => {
      const page = await open({}, { width, height: 700 });
      await typeAhead(page, ['ArrowRight', 'Enter', 'ArrowRight', 'ArrowDown', 'PageDown', 'ArrowRight']);
      await atPosition(page, 15);
      await typeAhead(page, ['End', 'ArrowLeft', 'PageUp', 'Home', 'ArrowRight', 'PageDown', 'Escape']);
      await atPosition(page, 12);
      await expect.poll(() => page.locator('.reader').isVisible()).toBe(false);
      await typeAhead(page, ['ArrowRight', 'End', 'ArrowLeft', 'Home', 'ArrowRight', 'Enter', 'ArrowRight']);
      await atPosition(page, 3);
      await expect.poll(() => page.locator('.reader').isVisible()).toBe(true);
    },
  );

  it('answers nothing by Enter, however often it repeats, and takes answers for the image on show', async () => {
    const page = await open();
    await hold(page, 'Enter', 20);
    await page.locator('.reader').waitFor();
    await hold(page, 'Enter', 10);
    expect(await calls(page, 'edit')).toEqual([]);
    await atPosition(page, 1);
    await expect
      .poll(async () => (await calls(page, 'focus')).at(-1)?.[0])
      .toMatchObject({ gridFocused: true, textFocused: false });
    await expect.poll(() => page.locator('.reader h2').textContent()).toMatch(/\.png$/);
    const name = await page.locator('.reader h2').textContent();
    await command(page, { name: 'label', index: 1 });
    await eventually(async () => {
      const [edit] = (await calls(page, 'edit')).map(([one]) => one as { items: readonly string[] });
      expect(decodeURIComponent(edit?.items[0] ?? '')).toContain(name);
    });
    await atPosition(page, 2);
    await page.getByRole('button', { name: 'K Keep' }).first().click();
    await eventually(async () => expect(await calls(page, 'edit')).toHaveLength(2));
    await atPosition(page, 3);
  });

  it('takes its keys before the editor hears of them, at forty a second', async () => {
    const page = await open();
    const heard = await heardKeys(page);
    await page.keyboard.press('Enter');
    await expect.poll(() => grey(page)).toBeGreaterThanOrEqual(0);
    for (const key of ['z', '0', 'i', 'i', '[', ']', 'r', '+', '-']) await hold(page, key, 4);
    await hold(page, 'ArrowRight', 40);
    await atPosition(page, 41);
    await hold(page, 'h', 10);
    expect((await heard()).filter((key) => key !== 'Enter')).toEqual([]);
    await page.keyboard.press('k');
    await expect.poll(async () => (await heard()).at(-1)).toBe('k');
    // The image that the keys came to is the one that is shown.
    await eventually(async () => {
      expect(await page.locator('.reader .position').textContent()).toMatch(/^41 of/);
      expect(await grey(page)).toBeGreaterThanOrEqual(0);
    });
  });

  it.each([0, 200])('shows the heat map while H is held, with hosts of %i ms', async (delay) => {
    const page = await open({ delay });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const button = page.getByRole('button', { name: 'H Heat map' });
    const pressed = (): Promise<string | null> => button.getAttribute('aria-pressed');
    await eventually(async () => expect(await pressed()).toBe('false'));
    await page.keyboard.down('h');
    await eventually(async () => expect(await pressed()).toBe('true'));
    await page.locator('.heat .method', { hasText: 'Class activation map' }).waitFor();
    await page.waitForTimeout(350);
    await page.keyboard.up('h');
    await eventually(async () => expect(await pressed()).toBe('false'));
    await typeAhead(page, ['h']);
    await drawn(page);
    expect(await pressed()).toBe('true');
    await typeAhead(page, ['h']);
    await drawn(page);
    expect(await pressed()).toBe('false');
  });

  it('fits, shows pixel for pixel, and goes back', async () => {
    const page = await open();
    await page.keyboard.press('Enter');
    await stageFitted(page);
    await expect.poll(() => grey(page)).toBeGreaterThanOrEqual(0);
    const zoom = page.locator('.reader .zoom');
    const fitted = await zoom.textContent();
    expect(fitted).not.toBe('100%');
    await page.keyboard.press('z');
    await eventually(async () => expect(await zoom.textContent()).toBe('100%'));
    await page.keyboard.press('0');
    await eventually(async () => expect(await zoom.textContent()).toBe(fitted));
  });

  it('keeps window, level and inversion from image to image of one kind of grey, until they are reset', async () => {
    const page = await open({ dicom: 1 });
    await page.keyboard.press('Enter');
    await expect.poll(() => grey(page)).toBeGreaterThanOrEqual(0);
    const first = await sliderValue(page, 'Window');
    await press(page, '[', '[', '[', '[', '[', 'i');
    const set = await sliderValue(page, 'Window');
    expect(Number(set)).toBeLessThan(Number(first));
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => grey(page)).toBeGreaterThanOrEqual(0);
      await expect.poll(() => sliderValue(page, 'Window')).toBe(set);
      const invert = page.getByRole('button', { name: 'Invert' });
      await eventually(async () => expect(await invert.getAttribute('aria-pressed')).toBe('true'));
    }
    await page.keyboard.press('r');
    await eventually(async () => expect(await sliderValue(page, 'Window')).toBe(first));
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => grey(page)).toBeGreaterThanOrEqual(0);
    await expect.poll(() => sliderValue(page, 'Window')).toBe(first);
  });

  it('has the next image painted before the next frame, once it had time to look ahead', async () => {
    const page = await open();
    await page.keyboard.press('Enter');
    await expect.poll(() => grey(page)).toBeGreaterThanOrEqual(0);
    const asked = async (): Promise<(string | undefined)[]> =>
      (await calls(page, 'pixels')).map(([sample]) => String(sample).split('/').at(-1));
    for (let next = 2; next < 8; next++) {
      const name = (await page.locator(`.film[aria-posinset="${next}"]`).getAttribute('aria-label')) ?? '';
      const file = /[\w-]+\.png/.exec(name)?.[0];
      await expect.poll(asked).toContain(file);
      await heard(page);
      const painted = await page.evaluate(() => {
        const stage = document.querySelector<HTMLCanvasElement>('.stage canvas')!;
        const context = stage.getContext('2d')!;
        context.clearRect(0, 0, stage.width, stage.height);
        const key = { key: 'ArrowRight', bubbles: true, cancelable: true };
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', key));
        // Before anything else has happened in the page.
        return context.getImageData(stage.width >> 1, stage.height >> 1, 1, 1).data[3];
      });
      expect([await focusedPosition(page), painted]).toEqual([next, 255]);
      expect((await asked()).filter((sample) => sample === file)).toHaveLength(1);
    }
    const measured = () =>
      page.evaluate(() =>
        performance.getEntriesByName('overread:next-image').map(({ duration }) => duration),
      );
    await expect.poll(async () => (await measured()).length).toBeGreaterThanOrEqual(6);
  });

  it.each([
    ['fitted', '0', 1],
    ['at its own size', 'z', 1],
    ['fitted on a fine screen', '0', 2],
  ])(
    'follows a drag of the window on a film of 2,000 pixels at 16 bit, %s, with few pixels a frame, and is whole when it rests',
    async (_, key, scale) => {
      const page = await open({ film: 1 });
      const cdp = await page.context().newCDPSession(page);
      const screen = { width: 1280, height: 800, deviceScaleFactor: scale, mobile: false };
      await cdp.send('Emulation.setDeviceMetricsOverride', screen);
      await page.keyboard.press('Enter');
      await expect.poll(() => grey(page)).toBeGreaterThanOrEqual(0);
      await page.keyboard.press(key);
      const moves = 40;
      const { frames, drawn: drawnBy } = await page.locator('.stage').evaluate(async (stage, count) => {
        const painted: number[] = (window.painted = []);
        const { prototype } = CanvasRenderingContext2D;
        const put = Reflect.get(prototype, 'putImageData') as (...args: unknown[]) => void;
        prototype.putImageData = function (...args: unknown[]) {
          const { width, height } = args[0] as ImageData;
          window.painted.push(width * height);
          put.apply(this, args);
        };
        window.harness.ended.addEventListener('abort', () => Reflect.set(prototype, 'putImageData', put));
        const { left, top } = stage.getBoundingClientRect();
        const send = (type: string, x: number): void => {
          const at = { clientX: left + 200 + x, clientY: top + 200, pointerId: 1, button: 2, buttons: 2 };
          stage.dispatchEvent(new PointerEvent(type, { ...at, bubbles: true, cancelable: true }));
        };
        // A pointer that no hardware has cannot be captured.
        stage.setPointerCapture = () => undefined;
        send('pointerdown', 0);
        const each: number[][] = [];
        for (let i = 1; i <= count; i++) {
          const before = painted.length;
          // A mouse moves several times in a frame.
          for (const part of [0.3, 0.6, 1]) send('pointermove', (i - 1 + part) * 2);
          // Until the frame that shows the move is painted.
          await new Promise((resolve) => requestAnimationFrame(resolve));
          each.push(painted.slice(before));
        }
        send('pointerup', 2 * count);
        return { frames: each, drawn: painted.length };
      }, moves);
      expect(frames.map((pixels) => pixels.length)).toEqual(Array(moves).fill(1));
      expect(drawnBy).toBe(moves);
      for (const [pixels] of frames) {
        expect(pixels).toBeGreaterThan(100_000);
        expect(pixels).toBeLessThanOrEqual(quickPixels);
      }
      await expect.poll(() => page.evaluate(() => window.painted.at(-1))).toBe(2000 * 2000);
      expect(await grey(page)).toBeGreaterThanOrEqual(0);
      await cdp.send('Emulation.clearDeviceMetricsOverride');
    },
  );

  it('leaves for a list that the host shows, and stays where text is left with Escape', async () => {
    const page = await open();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Reason' }).fill('seen on the lateral');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.reader').isVisible()).toBe(true);
    await atPosition(page, 1);
    await page.evaluate(() => {
      const query = { queue: 'all', splits: [], sort: 'path', descending: false };
      window.harness.emit('show', { query });
    });
    await page.locator('.reader').waitFor({ state: 'hidden' });
    await atPosition(page, 1);
  });

  it('gives the image all of the width without the details (D), and asks the host for more (F)', async () => {
    const page = await open();
    await page.keyboard.press('Enter');
    const width = async (): Promise<number> => (await page.locator('.stage').boundingBox())!.width;
    await expect.poll(width).toBeLessThan(1280);
    await command(page, { name: 'toggleDetail' });
    await eventually(async () => expect(await width()).toBe(1280));
    await command(page, { name: 'maximise' });
    await eventually(async () => expect(await calls(page, 'maximise')).toHaveLength(1));
  });

  it('has no accessibility fault in any theme', async () => {
    const page = await open();
    await page.keyboard.press('Enter');
    await page.locator('.probability').first().waitFor();
    expect(await faultsInThemes(page)).toEqual([]);
  });
});
