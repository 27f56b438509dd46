import { describe, expect, it, vi } from 'vitest';
import type { Heatmap } from '../../src/protocol/engineApi';
import { RemoteError } from '../../src/protocol/rpc';
import { colourSteps, evidenceColours } from '../../webview-ui/grid/heatmaps/colours';
import { HeatmapCache, type FetchHeatmaps, type Wish } from '../../webview-ui/grid/heatmaps/heatmapCache';
import { chosenOutput, noHeatmaps, outputOf, outputsOf } from '../../webview-ui/grid/heatmaps/outputs';
import { mostEvidence, paintHeatmap, wholeImage } from '../../webview-ui/grid/heatmaps/raster';
import { initialState, type GridState } from '../../webview-ui/grid/state/model';
import { boxOf, coversImage, type Region } from '../../webview-ui/viewer/overlay';
import { item, project, state } from './support/builders';

function map(values: readonly number[], width: number, fields: Partial<Heatmap> = {}): Heatmap {
  return {
    sample: 's1',
    output: 'effusion',
    method: 'cam',
    width,
    height: values.length / width,
    values: Float32Array.from(values),
    region: wholeImage,
    ...fields,
  };
}

/** Red, green, blue and opacity of a colour, 0-255. */
const parts = (word: number): number[] => [word & 255, (word >> 8) & 255, (word >> 16) & 255, word >>> 24];

/** The steps of the colour scale (0: transparent) that a map is painted with, row by row. */
function painted(of: Heatmap, part: Region, width: number, height: number): number[] {
  const out = new Uint32Array(width * height).fill(123);
  paintHeatmap(of, part, out, width, height);
  return [...out].map((word) => (word === 0 ? 0 : evidenceColours.indexOf(word)));
}

describe('the colours of evidence', () => {
  it.each([
    // matplotlib's own entries of the 256.
    [0, 0x000004],
    [64, 0x57106e],
    [128, 0xbc3754],
    [191, 0xf98c0a],
    [255, 0xfcffa4],
  ])('are inferno at step %i', (step, rgb) => {
    expect(parts(evidenceColours[step]!).slice(0, 3)).toEqual([rgb >> 16, (rgb >> 8) & 255, rgb & 255]);
  });

  it('are transparent where there is nothing, and opaque where there is most', () => {
    expect(parts(evidenceColours[0]!)[3]).toBe(0);
    expect(parts(evidenceColours[255]!)[3]).toBe(255);
  });

  it('rise in lightness and opacity with every step', () => {
    // Luma of Rec. 709: enough to tell darker from lighter.
    const luma = [...evidenceColours].map((word) => {
      const [red, green, blue] = parts(word);
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    });
    const opacity = [...evidenceColours].map((word) => parts(word)[3]!);
    for (let step = 8; step < colourSteps; step += 8) {
      expect(luma[step]).toBeGreaterThan(luma[step - 8]!);
      expect(opacity[step]).toBeGreaterThanOrEqual(opacity[step - 8]!);
    }
  });
});

describe('a painted heat map', () => {
  it('is bilinear between the centres of its cells and level beyond them', () => {
    // Pixel centres lie at -1/4, 1/4, 3/4 and 5/4 cells: 0, 1/4, 3/4, 1 of the way from the first value to the second.
    expect(painted(map([0, 8], 2), wholeImage, 4, 1)).toEqual([0, 64, 191, 255]);
    expect(painted(map([8, 0], 1), wholeImage, 1, 4)).toEqual([255, 191, 64, 0]);
  });

  it('interpolates in both directions at once', () => {
    const steps = painted(map([0, 0, 0, 16], 2), wholeImage, 4, 4);
    expect(steps.slice(4, 8)).toEqual([0, 16, 48, 64]);
    expect(steps.slice(8, 12)).toEqual([0, 48, 143, 191]);
  });

  it('is scaled to the most in the image, and leaves evidence against out', () => {
    expect(painted(map([-9, 0, 1, 2], 4), wholeImage, 4, 1)).toEqual([0, 0, 128, 255]);
    expect(mostEvidence(map([-9, 0, 1, 2], 4))).toBe(2);
  });

  it.each([
    ['only evidence against', [-1, -2]],
    ['nothing', [0, 0]],
    ['no numbers', [Number.NaN, Number.NaN]],
  ])('is empty with %s', (_name, values) => {
    expect(painted(map(values, 2), wholeImage, 3, 1)).toEqual([0, 0, 0]);
  });

  it('covers its region of the image only', () => {
    const crop = { left: 0.25, top: 0.5, width: 0.5, height: 0.25 };
    const steps = painted(map([3], 1, { region: crop }), wholeImage, 4, 4);
    expect(steps).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0]);
  });

  it('may reach beyond the image, where it is cut off', () => {
    const padded = { left: -0.5, top: 0, width: 2, height: 1 };
    // Of four cells the image holds the second and the third.
    expect(painted(map([9, 0, 3, 9], 4, { region: padded }), wholeImage, 2, 1)).toEqual([0, 85]);
    expect(painted(map([9, 0, 3, 9], 4, { region: padded }), padded, 4, 1)).toEqual([255, 0, 85, 255]);
  });

  it('knows whether the network saw all of the image', () => {
    expect(coversImage(wholeImage)).toBe(true);
    expect(coversImage({ left: 0.002, top: 0, width: 0.997, height: 1 })).toBe(true);
    expect(coversImage({ left: 0.0625, top: 0.0625, width: 0.875, height: 0.875 })).toBe(false);
    expect(coversImage({ left: -0.1, top: 0, width: 1.2, height: 1 })).toBe(false);
  });

  it('lies on the stage where its part of the image does', () => {
    const image = { x: 10, y: -20, width: 400, height: 200 };
    expect(boxOf(wholeImage, image)).toEqual(image);
    expect(boxOf({ left: -0.25, top: 0.125, width: 1.5, height: 0.75 }, image)).toEqual({
      x: -90,
      y: 5,
      width: 600,
      height: 150,
    });
  });
});

describe('what a heat map is about', () => {
  const on = (fields: Partial<GridState['heatmaps']>, more: Partial<GridState> = {}): GridState =>
    state({ heatmaps: { ...initialState.heatmaps, ...fields }, ...more });
  const multiLabel = project({
    task: 'multi-label',
    findings: ['Edema', 'Effusion'].map((name) => ({
      name,
      values: ['0', '1'],
      uncertain: 'masked' as const,
      unmentioned: 'negative' as const,
    })),
  });
  const edema = item(1, { finding: 'Edema', predicted: '0' });

  it('can be every class, or every finding', () => {
    expect(outputsOf(project())).toEqual(['normal', 'effusion']);
    expect(outputsOf(multiLabel)).toEqual(['Edema', 'Effusion']);
  });

  it('is the predicted class, or the finding of the item', () => {
    expect(outputOf(on({}), item(1))).toBe('effusion');
    expect(outputOf(on({}), item(1, { predicted: null }))).toBeNull();
    expect(outputOf(on({}, { project: multiLabel }), edema)).toBe('Edema');
  });

  it('is what the reviewer chose, for every item', () => {
    expect(outputOf(on({ output: 'normal' }), item(1))).toBe('normal');
    expect(outputOf(on({ output: 'normal' }), item(1, { predicted: null }))).toBe('normal');
    expect(outputOf(on({ output: 'Effusion' }, { project: multiLabel }), edema)).toBe('Effusion');
  });

  it('falls back when the choice is none of the project', () => {
    expect(chosenOutput(on({ output: 'tumour' }))).toBeNull();
    expect(outputOf(on({ output: 'tumour' }), item(1))).toBe('effusion');
  });

  it('is nothing of an item that is hidden', () => {
    expect(outputOf(on({}), item(1, { hidden: true, predicted: null }))).toBeNull();
    expect(outputOf(on({ output: 'normal' }), item(1, { hidden: true }))).toBeNull();
  });

  it('needs a run and a workspace whose model may run', () => {
    expect(noHeatmaps(state())).toBeNull();
    expect(noHeatmaps(state({ project: project({ latestRun: null }) }))).toBe('noRun');
    expect(noHeatmaps(state({ settings: { ...state().settings, readOnly: true } }))).toBe('untrusted');
  });
});

describe('HeatmapCache', () => {
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const wish = (n: number, output = 'effusion'): Wish => ({ sample: `s${n}`, output });
  const wishes = (from: number, to: number, output?: string): Wish[] =>
    Array.from({ length: to - from }, (_, i) => wish(from + i, output));
  const answer: FetchHeatmaps = (samples, output) =>
    Promise.resolve(samples.map((sample) => map([1], 1, { sample, output })));

  /** A cache over a host that needs `msPerMap` for each map by a clock of its own. */
  function open(fetch: FetchHeatmaps = answer, msPerMap = 1) {
    let clock = 0;
    const asked: string[] = [];
    const changed = vi.fn();
    const cache = new HeatmapCache(
      async (samples, output) => {
        asked.push(`${output}: ${samples.join(' ')}`);
        clock += samples.length * msPerMap;
        return fetch(samples, output);
      },
      changed,
      () => clock,
    );
    return { cache, asked, changed };
  }

  it('asks for each map once, one output at a time, the most urgent first', async () => {
    const { cache, asked, changed } = open();
    cache.wantOnTiles([wish(1), wish(2, 'normal'), wish(3), wish(3)]);
    cache.wantOnTiles([wish(1), wish(2, 'normal'), wish(3), wish(4, 'normal')]);
    await settled();
    expect(asked).toEqual(['effusion: s1 s3', 'normal: s2 s4']);
    expect(cache.of(wish(3))?.output).toBe('effusion');
    expect(cache.of(wish(3, 'normal'))).toBeUndefined();
    // The start, and the end of each batch.
    expect(changed).toHaveBeenCalledTimes(3);
    expect(cache.tilesBusy).toBe(false);
  });

  it('fits its batches to how long a map takes', async () => {
    const fast = open();
    fast.cache.wantOnTiles(wishes(0, 60));
    await settled();
    expect(fast.asked.map((text) => text.split(' ').length - 1)).toEqual([4, 32, 24]);
    const slow = open(answer, 2_000);
    slow.cache.wantOnTiles(wishes(0, 7));
    await settled();
    expect(slow.asked.map((text) => text.split(' ').length - 1)).toEqual([4, 1, 1, 1]);
  });

  it('does not ask for what has scrolled by', async () => {
    const { cache, asked } = open();
    for (let top = 0; top < 200; top += 4) cache.wantOnTiles(wishes(top, top + 4));
    await settled();
    expect(asked).toEqual(['effusion: s0 s1 s2 s3', 'effusion: s196 s197 s198 s199']);
  });

  it('asks for the image on show alone and beside the tiles, then for its neighbours', async () => {
    const { cache, asked } = open();
    cache.wantOnTiles(wishes(10, 14));
    cache.wantInDetail([wish(1), wish(2), wish(3)]);
    await settled();
    expect(asked).toEqual(['effusion: s10 s11 s12 s13', 'effusion: s1', 'effusion: s2 s3']);
  });

  it('knows an image that has no map, and does not ask again', async () => {
    const { cache, asked } = open(() => Promise.resolve([]));
    cache.wantInDetail([wish(1)]);
    await settled();
    expect(cache.of(wish(1))).toBeNull();
    cache.wantInDetail([wish(1)]);
    expect(asked).toHaveLength(1);
  });

  it('keeps a failure for its output until it is tried again', async () => {
    let gone = true;
    const { cache, asked } = open((samples, output) =>
      gone && output === 'effusion'
        ? Promise.reject(
            new RemoteError({ code: 'OVR501', message: 'The weights are gone', fix: 'Pull them' }),
          )
        : answer(samples, output),
    );
    cache.wantOnTiles([...wishes(0, 40), wish(50, 'normal')]);
    await settled();
    expect(asked).toEqual(['effusion: s0 s1 s2 s3', 'normal: s50']);
    expect(cache.faultFor('effusion')).toEqual({
      code: 'OVR501',
      message: 'The weights are gone. Pull them',
    });
    expect(cache.tilesFault?.code).toBe('OVR501');
    expect(cache.faultFor('normal')).toBeUndefined();
    gone = false;
    cache.retry();
    await settled();
    expect(cache.tilesFault).toBeUndefined();
    expect(cache.of(wish(39))).toBeTruthy();
  });

  it('tells the tiles of a failure that the detail pane met first', async () => {
    const { cache, changed } = open(() => Promise.reject(new Error('The weights are gone')));
    cache.wantInDetail([wish(1)]);
    await settled();
    changed.mockClear();
    cache.wantOnTiles([wish(2)]);
    expect(cache.tilesFault?.message).toBe('The weights are gone');
    expect(changed).toHaveBeenCalledTimes(1);
    cache.wantOnTiles([wish(2), wish(3)]);
    expect(changed).toHaveBeenCalledTimes(1);
    cache.wantOnTiles([]);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('forgets everything with a new run, also what was on its way', async () => {
    let release: (maps: readonly Heatmap[]) => void = () => undefined;
    let first = true;
    const { cache } = open((samples, output) => {
      if (!first) return answer(samples, output);
      first = false;
      return new Promise((resolve) => (release = resolve));
    });
    cache.wantInDetail([wish(1)]);
    cache.clear();
    release([map([5], 1)]);
    await settled();
    expect(cache.of(wish(1))).toBeUndefined();
    cache.wantInDetail([wish(1)]);
    await settled();
    expect(cache.of(wish(1))?.values[0]).toBe(1);
  });
});
