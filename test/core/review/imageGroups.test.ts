/** Lists by image: the same items as the list by item, grouped and ordered as a plain sort does it. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { Catalog } from '../../../src/core/review/catalog';
import { atOnce } from '../../../src/core/base/pieces';
import {
  groupingByImage,
  imagesBehind,
  itemsAt,
  type ImageGroups,
} from '../../../src/core/review/imageGroups';
import type { ItemQuery } from '../../../src/core/review/model';
import { randomEvents } from '../labels/builders';
import { makeWorld } from './builders';

const byLoss = { splits: ['train', 'validation'], sort: 'loss', descending: true } as const;

async function openCatalog(): Promise<Catalog> {
  const world = makeWorld('multi-label', 120, 3);
  const events = randomEvents(world.dataset, new SplitMix32(4), 90);
  const labels = effectiveLabels(world.dataset, events, { disputed: 'exclude' });
  return Catalog.open({ ...world, labels });
}

/** Samples with their items, as written out. */
const plain = (images: ImageGroups | null): [number, number[]][] =>
  Array.from(images?.samples ?? [], (sample, place) => [sample, [...itemsAt(images!, place)]]);

describe('a list by image', () => {
  it.each([
    { queue: 'errors' },
    { queue: 'edited' },
    { queue: 'uncertain', sort: 'path', descending: false },
    { queue: 'all', given: ['1'], predicted: ['0'] },
    { queue: 'all', where: "p > 0.7 and finding <> 'Mass'", sort: 'confidence' },
    { queue: 'errors', descending: false },
  ] satisfies readonly Partial<ItemQuery>[])('holds the items of the list by item: %o', async (asked) => {
    const catalog = await openCatalog();
    const query: ItemQuery = { ...byLoss, ...asked };
    const items = await catalog.query(query);
    const found = await catalog.query({ ...query, by: 'image' });
    expect([...found.rows].sort((a, b) => a - b)).toEqual([...items.rows].sort((a, b) => a - b));
    expect(found.rows.length).toBeGreaterThan(5);
    expect([found.found, found.confusion]).toEqual([items.rows.length, items.confusion]);
    // Images lie as the worst of their items do.
    const worst = await catalog.query({ ...query, descending: query.sort !== 'path' });
    const place = new Map(Array.from(worst.rows, (row, n) => [row, n]));
    const images = plain(found.images);
    for (const [sample, rows] of images) {
      expect(rows.every((row) => catalog.sampleOf(row) === sample)).toBe(true);
      if (query.sort === 'path') continue;
      expect(rows.map((row) => place.get(row))).toEqual(
        rows.map((row) => place.get(row)).sort((a, b) => a! - b!),
      );
    }
    const score = (rows: readonly number[]): number => {
      const item = catalog.item(rows[0]!);
      return (query.sort === 'confidence' ? item.confidence : item.loss) ?? -1;
    };
    if (query.sort !== 'path') {
      const scores = images.map(([, rows]) => score(rows));
      const sorted = [...scores].sort((a, b) => (query.descending ? b - a : a - b));
      expect(scores.filter((one) => one >= 0)).toEqual(sorted.filter((one) => one >= 0));
    } else {
      const paths = images.map(([, rows]) => catalog.item(rows[0]!).path);
      expect(paths).toEqual([...paths].sort());
    }
    catalog.close();
  });

  it('of all images has each of them, with what is in doubt of it', async () => {
    const catalog = await openCatalog();
    const everything = await catalog.query({ ...byLoss, queue: 'all' });
    const errors = await catalog.query({ ...byLoss, queue: 'errors' });
    const { images, found } = await catalog.query({ ...byLoss, queue: 'all', by: 'image' });
    expect(found).toBe(everything.rows.length);
    expect(new Set(images?.samples)).toEqual(
      new Set(Array.from(everything.rows, (row) => catalog.sampleOf(row))),
    );
    expect(images?.samples).toHaveLength(everything.rows.length / 3);
    expect(new Set(images?.items)).toEqual(new Set(errors.rows));
    // Those without a doubt come last.
    const counts = plain(images).map(([, rows]) => rows.length);
    expect(counts.slice(counts.indexOf(0)).every((count) => count === 0)).toBe(true);
    catalog.close();
  });

  it('is in the order in which its samples are named, where they were gathered', async () => {
    const catalog = await openCatalog();
    const samples = ['s 7', 's 3', 's 90', 's 11'];
    const query = { queue: 'all', splits: [], sort: 'gathered', descending: false, samples } as const;
    const { images } = await catalog.query({ ...query, by: 'image' });
    expect([...(images?.samples ?? [])]).toEqual([7, 3, 90, 11]);
    catalog.close();
  });

  it('tells of an image without its findings, and of these one by one', async () => {
    const catalog = await openCatalog();
    const { images } = await catalog.query({ ...byLoss, queue: 'errors', by: 'image' });
    const [[sample, rows]] = plain(images) as [[number, number[]]];
    const image = catalog.image(sample, Int32Array.from(rows));
    expect(image).toMatchObject({
      sample: `s ${sample}`,
      key: `/s%20${sample}`,
      finding: '',
      value: null,
      p: null,
    });
    expect(image.findings).toEqual(rows.map((row) => catalog.item(row)));
    expect(catalog.itemNumber(image.key)).toBeUndefined();
    catalog.close();
  });
});

describe('groups of images', () => {
  const random = new SplitMix32(9);
  const scores = Float64Array.from({ length: 400 }, () => (random.uniform() < 0.1 ? NaN : random.below(9)));
  const of = (item: number): number => scores[item]!;
  const group = (items: readonly number[], descending = true): ImageGroups =>
    atOnce(
      groupingByImage(Int32Array.from(items), 4, {
        worst: [{ of, descending: true }],
        keyOf: (_, item) => (item === undefined ? NaN : of(item)),
        descending,
      }),
    );

  it('are what plain sorting makes of them, NaN last', () => {
    const items = Array.from({ length: 400 }, (_, item) => item).filter(() => random.uniform() < 0.4);
    const rank = (item: number): number => (Number.isNaN(of(item)) ? Infinity : -of(item));
    const expected = [...new Set(items.map((item) => item >> 2))]
      .map((sample): [number, number[]] => [
        sample,
        items.filter((item) => item >> 2 === sample).sort((a, b) => rank(a) - rank(b) || a - b),
      ])
      .sort(([, a], [, b]) => rank(a[0]!) - rank(b[0]!) || a[0]! - b[0]!);
    expect(plain(group(items))).toEqual(expected);
  });

  it('stay as they are in front of a list that was made anew, each image once', () => {
    const first = group([0, 1, 4, 9, 13, 14]);
    const next = group([1, 4, 5, 13, 21, 22, 23]);
    const both = plain(atOnce(imagesBehind(first, 2, next)));
    expect(both.slice(0, 2)).toEqual(plain(first).slice(0, 2));
    const kept = both.slice(0, 2).map(([sample]) => sample);
    expect(both.slice(2)).toEqual(plain(next).filter(([sample]) => !kept.includes(sample)));
  });
});
