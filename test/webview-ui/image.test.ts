import { describe, expect, it } from 'vitest';
import type { DetailPixels } from '../../src/protocol/engineApi';
import { draftOf, paintedOf, quickCut, quickPixels } from '../../webview-ui/viewer/draft';
import { fitViewport, panBy, zoomAt, type Viewport } from '../../webview-ui/viewer/viewport';
import {
  autoWindow,
  buildTable,
  firstWindow,
  fullWindow,
  paint,
  samplesOf,
} from '../../webview-ui/viewer/windowLevel';

const grey16 = (values: readonly number[]): DetailPixels => ({
  width: values.length,
  height: 1,
  channels: 1,
  bits: 16,
  data: new Uint16Array(values).buffer,
});

describe('window and level', () => {
  it('of the whole range leaves 8 bit as it is', () => {
    const table = buildTable(8, fullWindow(8), false);
    expect([...table]).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it('makes the ends of the window black and white, the level mid grey', () => {
    const table = buildTable(16, { window: 1_000, level: 5_000 }, false);
    expect([0, 4_500, 5_000, 5_500, 65_535].map((value) => table[value])).toEqual([0, 0, 128, 255, 255]);
  });

  it('inverted is the mirror image', () => {
    const plain = buildTable(8, { window: 100, level: 80 }, false);
    const inverted = buildTable(8, { window: 100, level: 80 }, true);
    expect(plain.every((value, i) => value + (inverted[i] ?? 0) === 255)).toBe(true);
  });

  it('chosen by the image leaves out half a percent at either end', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => 2_000 + i);
    values[0] = 0;
    values[999] = 65_535;
    const { window, level } = autoWindow(new Uint16Array(values), 16);
    expect(level - window / 2).toBe(2_005);
    expect(level + window / 2).toBe(2_995);
  });

  it('is at least one grey value wide for a flat image', () => {
    expect(autoWindow(new Uint8Array(50).fill(7), 8)).toEqual({ window: 1, level: 7.5 });
  });

  it('at first shows 8 bit as it is and 16 bit by its own values', () => {
    expect(firstWindow(new Uint8Array([9, 9]), 8)).toEqual({ window: 255, level: 127.5 });
    expect(firstWindow(new Uint16Array([100, 300]), 16)).toEqual({ window: 200, level: 200 });
  });

  it('paints grey and colour', () => {
    const pixels = grey16([0, 500, 1_000]);
    const out = new Uint32Array(3);
    paint(pixels, samplesOf(pixels), buildTable(16, { window: 1_000, level: 500 }, false), out);
    expect([...new Uint8Array(out.buffer)]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
    const colour: DetailPixels = {
      width: 1,
      height: 1,
      channels: 3,
      bits: 8,
      data: new Uint8Array([10, 20, 30]).buffer,
    };
    const one = new Uint32Array(1);
    paint(colour, samplesOf(colour), buildTable(8, fullWindow(8), false), one);
    expect([...new Uint8Array(one.buffer)]).toEqual([10, 20, 30, 255]);
  });
});

describe('a draft', () => {
  it('is the mean of squares, and of what is left of them at the edges', () => {
    const samples = new Uint16Array([0, 2, 10, 20, 99, 4, 6, 30, 40, 101, 7, 9, 7, 7, 8]);
    const pixels: DetailPixels = { width: 5, height: 3, channels: 1, bits: 16, data: samples.buffer };
    const whole = draftOf(pixels, samples, { x: 0, y: 0, width: 5, height: 3, factor: 2 });
    expect([...whole.samples]).toEqual([3, 25, 100, 8, 7, 8]);
    expect(whole.pixels).toMatchObject({ width: 3, height: 2, bits: 16 });
    const part = draftOf(pixels, samples, { x: 2, y: 0, width: 3, height: 2, factor: 2 });
    expect([...part.samples]).toEqual([25, 100]);
  });

  const film = { width: 2000, height: 2000, channels: 1, bits: 16 } as DetailPixels;
  const at = (scale: number, x = 0, y = 0): Viewport => ({ scale, x, y, fits: false });

  it('is made of large grey images alone', () => {
    const whole = { x: 0, y: 0, width: 2000, height: 2000, factor: 1 };
    const screen = { width: 620, height: 620 };
    expect(quickCut(film, at(0.31), screen)).toEqual({ ...whole, factor: 3 });
    expect(quickCut({ ...film, channels: 3 }, at(0.31), screen)).toEqual(whole);
    expect(quickCut({ ...film, width: 400 }, at(0.31), screen)).toEqual({ ...whole, width: 400 });
  });

  it('is of what the screen shows, from where a square begins', () => {
    const shown = quickCut(film, at(1, -301, -500), { width: 900, height: 800 });
    expect(shown).toEqual({ x: 301, y: 500, width: 900, height: 800, factor: 1 });
    const high = quickCut({ ...film, aspect: 2 }, at(0.5, -301, -501), { width: 300, height: 200 });
    expect(high).toEqual({ x: 602, y: 500, width: 600, height: 201, factor: 2 });
  });

  it.each([0.2, 0.4, 0.7, 1, 1.3, 2, 5])(
    'has no more pixels than a move has time for, at scale %d',
    (scale) => {
      for (const screen of [
        { width: 900, height: 700 },
        { width: 3840, height: 2160 },
      ]) {
        const cut = quickCut({ ...film, width: 8000, height: 6000 }, at(scale, -7, -13), screen);
        const { width, height } = paintedOf(cut);
        expect(width * height).toBeLessThanOrEqual(quickPixels);
        // And no fewer than the screen has, while there is time for them.
        const finer = { ...cut, factor: cut.factor - 1 };
        if (cut.factor > Math.max(1, Math.floor(1 / scale)))
          expect(paintedOf(finer).width * paintedOf(finer).height).toBeGreaterThan(0.98 * quickPixels);
        expect(cut.x % cut.factor).toBe(0);
      }
    },
  );
});

describe('the viewport', () => {
  const image = { width: 400, height: 200 };
  const canvas = { width: 800, height: 800 };

  it('fits the whole image in the middle', () => {
    expect(fitViewport(image, canvas)).toEqual({ scale: 2, x: 0, y: 200, fits: true });
  });

  it('keeps the pixel under the pointer while it zooms', () => {
    const point = { x: 300, y: 420 };
    const before = fitViewport(image, canvas);
    const after = zoomAt(before, 5, point, image, canvas);
    const pixel = (view: typeof before): [number, number] => [
      (point.x - view.x) / view.scale,
      (point.y - view.y) / view.scale,
    ];
    expect(after.scale).toBe(10);
    expect(pixel(after)[0]).toBeCloseTo(pixel(before)[0]);
    expect(pixel(after)[1]).toBeCloseTo(pixel(before)[1]);
  });

  it('zooms out no further than the fit, and in no further than 32 times', () => {
    const zoomed = zoomAt(fitViewport(image, canvas), 3, { x: 0, y: 0 }, image, canvas);
    expect(zoomAt(zoomed, 0.01, { x: 0, y: 0 }, image, canvas)).toEqual(fitViewport(image, canvas));
    expect(zoomAt(zoomed, 1e6, { x: 0, y: 0 }, image, canvas).scale).toBe(32);
  });

  it('does not let the image leave the canvas', () => {
    const zoomed = zoomAt(fitViewport(image, canvas), 4, { x: 400, y: 400 }, image, canvas);
    const far = panBy(zoomed, 1e6, -1e6, image, canvas);
    expect([far.x, far.y]).toEqual([0, canvas.height - image.height * far.scale]);
  });
});
