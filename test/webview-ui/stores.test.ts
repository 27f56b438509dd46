import { describe, expect, it, vi } from 'vitest';
import type { ReviewItem } from '../../src/protocol/engineApi';
import type { TilePicture } from '../../src/protocol/gridApi';
import { PixelCache } from '../../webview-ui/grid/detail/pixelCache';
import { ItemBlocks } from '../../webview-ui/grid/tiles/itemBlocks';
import { Pictures } from '../../webview-ui/grid/tiles/pictures';
import { item } from './support/builders';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const range = (start: number, count: number): ReviewItem[] =>
  Array.from({ length: count }, (_, i) => item(start + i));

describe('ItemBlocks', () => {
  it('fetches what comes into view once, in blocks', async () => {
    const fetch = vi.fn((_list: string, start: number, count: number) =>
      Promise.resolve(range(start, count)),
    );
    const blocks = new ItemBlocks(fetch, vi.fn(), vi.fn());
    blocks.reset('a', 130);
    blocks.want(0, 10);
    blocks.want(5, 15);
    await settled();
    blocks.want(0, 130);
    await settled();
    expect(fetch.mock.calls).toEqual([
      ['a', 0, 120],
      ['a', 120, 10],
    ]);
    expect(blocks.at(129)?.key).toBe('s129');
    expect(blocks.positionOf('s129')).toBe(129);
  });

  it('skips what has scrolled by', async () => {
    const asked: number[] = [];
    const blocks = new ItemBlocks(
      (_list, start, count) => {
        asked.push(start / 120);
        return Promise.resolve(range(start, count));
      },
      vi.fn(),
      vi.fn(),
    );
    blocks.reset('a', 120_000);
    for (let top = 0; top < 100; top++) blocks.want(top * 120, top * 120 + 100);
    await settled();
    expect(asked).toEqual([0, 1, 2, 99]);
  });

  it('drops answers about a list that is gone', async () => {
    let answer: (items: ReviewItem[]) => void = () => undefined;
    const blocks = new ItemBlocks(
      (list) => (list === 'a' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve([item(9)])),
      vi.fn(),
      vi.fn(),
    );
    blocks.reset('a', 1);
    blocks.want(0, 1);
    blocks.reset('b', 1);
    answer([item(1)]);
    await settled();
    expect(blocks.at(0)).toBeUndefined();
    blocks.want(0, 1);
    await settled();
    expect(blocks.at(0)?.key).toBe('s9');
  });

  it('takes edits in place, and refetches what is stale without a gap', async () => {
    let version = 'normal';
    const blocks = new ItemBlocks(
      (_list, start, count) => Promise.resolve(range(start, count).map((it) => ({ ...it, value: version }))),
      vi.fn(),
      vi.fn(),
    );
    blocks.reset('a', 5);
    blocks.want(0, 5);
    await settled();
    blocks.apply([item(3, { value: 'effusion' }), item(77)]);
    expect(blocks.at(3)?.value).toBe('effusion');
    version = 'elsewhere';
    blocks.markStale();
    expect(blocks.at(3)?.value).toBe('effusion');
    await settled();
    expect(blocks.at(3)?.value).toBe('elsewhere');
  });

  it('asks a failing host once, not in a loop', async () => {
    const fetch = vi.fn(() => Promise.reject(new Error('gone')));
    const onFailed = vi.fn();
    const blocks = new ItemBlocks(fetch, vi.fn(), onFailed);
    blocks.reset('a', 5);
    blocks.want(0, 5);
    await settled();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(onFailed).toHaveBeenCalledTimes(1);
  });

  it('stays within bounds over a long scroll', async () => {
    const blocks = new ItemBlocks(
      (_list, start, count) => Promise.resolve(range(start, count)),
      vi.fn(),
      vi.fn(),
    );
    blocks.reset('a', 60_000);
    for (let top = 0; top < 230; top++) {
      blocks.want(top * 120, top * 120 + 60);
      await settled();
    }
    expect(blocks.at(0)).toBeUndefined();
    expect(blocks.positionOf('s0')).toBeUndefined();
    expect(blocks.at(229 * 120)?.key).toBe(`s${229 * 120}`);
  });
});

describe('Pictures', () => {
  it('asks for what is visible first, once, and for what has scrolled by never', async () => {
    const asked: string[] = [];
    const waiting: (() => void)[] = [];
    const pictures = new Pictures((samples) => {
      asked.push(...samples);
      const answer = samples.map((sample): TilePicture => ({ sample, uri: `uri:${sample}` }));
      return new Promise((resolve) => waiting.push(() => resolve(answer)));
    }, vi.fn());
    const names = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, i) => `p${from + i}`);
    pictures.want(names(0, 200));
    expect(asked).toHaveLength(48);
    pictures.want(names(1_000, 1_010));
    for (const answer of waiting.splice(0)) answer();
    await settled();
    expect(asked.slice(48)).toEqual(names(1_000, 1_010));
    expect(pictures.of('p0')).toEqual({ sample: 'p0', uri: 'uri:p0' });
  });

  it('says why there are none when the host fails', async () => {
    const pictures = new Pictures(() => Promise.reject(new Error('no engine')), vi.fn());
    pictures.want(['a']);
    await settled();
    expect(pictures.of('a')).toEqual({ sample: 'a', error: 'no engine' });
  });
});

describe('PixelCache', () => {
  const pixels = (bytes: number) =>
    ({ width: 1, height: bytes, channels: 1, bits: 8, data: new ArrayBuffer(bytes) }) as const;

  it('asks once per image, also while it is on its way, and again after a failure', async () => {
    const fetch = vi.fn(() => Promise.resolve(pixels(4)));
    const cache = new PixelCache(fetch);
    await Promise.all([cache.get('a'), cache.get('a')]);
    await cache.get('a');
    expect(fetch).toHaveBeenCalledTimes(1);
    fetch.mockRejectedValueOnce(new Error('truncated'));
    await expect(cache.get('b')).rejects.toThrow('truncated');
    await cache.get('b');
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it('lets the longest unused go when there is too much', async () => {
    const cache = new PixelCache(() => Promise.resolve(pixels(60 * 1024 * 1024)));
    await cache.get('a');
    await cache.get('b');
    await cache.get('a');
    await cache.get('c');
    expect([cache.peek('a'), cache.peek('b'), cache.peek('c')].map(Boolean)).toEqual([true, false, true]);
  });
});
