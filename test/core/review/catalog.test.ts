import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { classFinding } from '../../../src/core/dataset/model';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { LabelEvent } from '../../../src/core/labels/model';
import { Catalog } from '../../../src/core/review/catalog';
import { itemKey } from '../../../src/core/review/itemKey';
import type { ItemQuery, ReviewItem } from '../../../src/core/review/model';
import { event, multiClass, multiLabel, randomEvents, sample } from '../labels/builders';
import { makeWorld, type World } from './builders';

const byLoss: ItemQuery = { queue: 'errors', splits: [], sort: 'loss', descending: true };

async function open(world: World, events: readonly LabelEvent[] = [], labelsAsOf?: string): Promise<Catalog> {
  const labels = effectiveLabels(world.dataset, events, { disputed: 'exclude' });
  return Catalog.open({ ...world, labels, ...(labelsAsOf === undefined ? {} : { labelsAsOf }) });
}

const everything = (catalog: Catalog): ReviewItem[] =>
  Array.from({ length: catalog.items }, (_, row) => catalog.item(row));

describe('items', () => {
  const dataset = multiClass([sample('a', ['normal']), sample('b', ['covid']), sample('c', [null])]);
  const world: World = {
    dataset,
    assignment: { split: ['train', 'validation', 'test'], fold: new Int32Array(3), folds: 5 },
    predictions: {
      outputs: ['normal', 'pneumonia', 'covid'],
      probabilities: Float64Array.from([0.1, 0.85, 0.05, 0, 0, 1, NaN, NaN, NaN]),
      outOfFold: Uint8Array.from([1, 0, 0]),
      thresholds: [],
    },
  };

  it('carry the prediction and the loss of the label as it is now', async () => {
    const catalog = await open(world);
    expect(catalog.item(0)).toMatchObject({
      key: 'class/a',
      sample: 'a',
      finding: classFinding,
      split: 'train',
      given: 'normal',
      value: 'normal',
      predicted: 'pneumonia',
      confidence: 0.85,
      p: 0.85,
      threshold: null,
      outOfFold: true,
      wrong: true,
      edited: false,
    });
    expect(catalog.item(0).loss).toBeCloseTo(-Math.log(0.1), 12);
    expect(catalog.item(1)).toMatchObject({ wrong: false, loss: 0 });
    expect(catalog.item(2)).toMatchObject({
      predicted: null,
      confidence: null,
      p: null,
      loss: null,
      wrong: false,
    });

    const touched = catalog.applyEvents([
      event(1, 'Ann', 'set', 'a', { finding: 'class', value: 'covid' }),
      event(1, 'Ann', 'set', 'b', { finding: 'class', value: 'normal' }),
    ]);
    expect(touched).toEqual([0, 1]);
    expect(catalog.item(0).loss).toBeCloseTo(-Math.log(0.05), 12);
    // A probability of 0 costs what scikit-learn's log_loss makes of it.
    expect(catalog.item(1).loss).toBeCloseTo(-Math.log(2 ** -52), 12);
    expect(catalog.item(1)).toMatchObject({ wrong: true, edited: true, given: 'covid', value: 'normal' });
    catalog.close();
  });

  it('are found by key, sample and finding', async () => {
    const catalog = await open(makeWorld('multi-label', 4, 1));
    for (let row = 0; row < catalog.items; row++) {
      const item = catalog.item(row);
      expect(catalog.itemNumber(item.key)).toBe(row);
      expect(catalog.key(row)).toBe(item.key);
      expect(item.key).not.toMatch(/\s/);
      expect(catalog.rowsOf(item.sample, item.finding)).toEqual([row]);
    }
    expect(catalog.rowsOf('s 1')).toEqual([3, 4, 5]);
    expect(catalog.rowsOf('gone')).toEqual([]);
    expect(catalog.itemNumber('nonsense')).toBeUndefined();
    expect(catalog.itemNumber(itemKey('s 1', 'gone'))).toBeUndefined();
    expect(catalog.itemNumber('%/%')).toBeUndefined();
    catalog.close();
  });

  it('do without a run', async () => {
    const { dataset, assignment } = makeWorld('multi-class', 20, 2);
    const labels = effectiveLabels(dataset, [], { disputed: 'exclude' });
    const catalog = await Catalog.open({ dataset, assignment, labels, predictions: null });
    expect(catalog.item(0)).toMatchObject({ predicted: null, wrong: false, loss: null });
    expect((await catalog.query({ ...byLoss, queue: 'all', sort: 'path' })).rows).toHaveLength(20);
    expect(
      (await catalog.query({ ...byLoss, where: 'wrong or predicted is not null or p > 0' })).rows,
    ).toHaveLength(0);
    expect(catalog.probabilities(0)).toEqual([]);
    catalog.close();
  });

  it('survive a class that the run did not know, and one that is no longer configured', async () => {
    const other = multiClass([sample('a', ['new']), sample('b', ['normal'])], ['normal', 'new']);
    const catalog = await open({
      dataset: other,
      assignment: { split: ['train', 'train'], fold: new Int32Array(2), folds: 5 },
      predictions: {
        outputs: ['normal', 'old'],
        probabilities: Float64Array.from([0.9, 0.1, 0.2, 0.8]),
        outOfFold: new Uint8Array(2),
        thresholds: [],
      },
    });
    expect(catalog.item(0)).toMatchObject({ predicted: 'normal', wrong: true, loss: null });
    expect(catalog.item(1)).toMatchObject({ predicted: 'old', wrong: true });
    const { rows, confusion } = await catalog.query(byLoss);
    expect([...rows]).toEqual([1, 0]);
    expect(confusion).toEqual({
      labels: ['normal', 'new'],
      predicted: ['normal', 'old'],
      counts: [
        [0, 1],
        [1, 0],
      ],
    });
    catalog.close();
  });
});

describe('multi-label items', () => {
  const meanings = { uncertain: 'masked', unmentioned: 'negative' } as const;
  /** Patients who have both: enough of them for a verdict. */
  const others = Array.from({ length: 10 }, (_, i) => sample(`other ${i}`, ['1', '1']));
  const dataset = multiLabel(
    [sample('a', ['1', '0']), sample('b', ['uncertain', null]), ...others],
    [
      { name: 'Mass', ...meanings },
      { name: 'Oedema', ...meanings },
    ],
  );
  const world: World = {
    dataset,
    assignment: { split: dataset.samples.map(() => 'train'), fold: new Int32Array(12), folds: 5 },
    predictions: {
      // The order of the run's outputs is its own.
      outputs: ['Oedema', 'Mass'],
      probabilities: Float64Array.from([0.4, 0.4, 0.9, 0.9, ...others.flatMap(() => [0.9, 0.9])]),
      outOfFold: new Uint8Array(12),
      thresholds: [0.3, 0.5],
    },
  };

  it('are judged by threshold and by what each value means', async () => {
    const catalog = await open(world);
    const shown = everything(catalog).slice(0, 4);
    const short = shown.map(({ predicted, p, confidence, threshold, wrong, loss }) => [
      predicted,
      p,
      confidence,
      threshold,
      wrong,
      loss === null ? null : Number(loss.toFixed(6)),
    ]);
    expect(short).toEqual([
      ['0', 0.4, 0.6, 0.5, true, Number((-Math.log(0.4)).toFixed(6))],
      ['1', 0.4, 0.4, 0.3, true, Number((-Math.log(0.6)).toFixed(6))],
      ['1', 0.9, 0.9, 0.5, false, null],
      ['1', 0.9, 0.9, 0.3, true, Number((-Math.log(0.1)).toFixed(6))],
    ]);
    expect((await catalog.query({ ...byLoss, finding: 'Oedema' })).rows).toEqual(Int32Array.from([3, 1]));
    expect((await catalog.query({ ...byLoss, finding: 'gone' })).rows).toHaveLength(0);
    catalog.close();
  });
});

describe('queues', () => {
  const world = makeWorld('multi-class', 200, 4);
  const keep = (id: string) => event(10, 'Ann', 'keep', id, { finding: 'class' });
  const queue = async (catalog: Catalog, name: string): Promise<readonly string[]> => {
    const { rows } = await catalog.query({ ...byLoss, queue: name });
    return Array.from(rows, (row) => catalog.item(row).sample);
  };

  it('list errors until they are kept, excluded or right', async () => {
    const catalog = await open(world);
    const before = await queue(catalog, 'errors');
    const confident = await queue(catalog, 'confident-errors');
    expect(before.length).toBeGreaterThan(50);
    expect(new Set(before)).toEqual(
      new Set(everything(catalog).flatMap((item) => (item.wrong ? [item.sample] : []))),
    );
    expect(confident.every((id) => catalog.item(catalog.rowsOf(id)[0]!).confidence! >= 0.8)).toBe(true);
    const [kept, excluded, mended, disputed] = before;
    const predicted = catalog.item(catalog.rowsOf(mended!)[0]!).predicted!;
    catalog.applyEvents([
      keep(kept!),
      event(10, 'Ann', 'exclude', excluded!),
      event(10, 'Ann', 'set', mended!, { finding: 'class', value: predicted }),
      event(10, 'Ann', 'set', disputed!, { finding: 'class', value: predicted }),
      keep(disputed!),
      event(10, 'Bob', 'set', disputed!, { finding: 'class', value: 'something else' }),
    ]);
    expect(await queue(catalog, 'errors')).toEqual(before.slice(4));
    expect(await queue(catalog, 'disputed')).toEqual([disputed]);
    expect(new Set(await queue(catalog, 'edited'))).toEqual(new Set([kept, excluded, mended, disputed]));
    const item = (id: string): ReviewItem => catalog.item(catalog.rowsOf(id)[0]!);
    expect(item(kept!)).toMatchObject({ wrong: true, kept: true });
    expect(item(excluded!)).toMatchObject({ wrong: false, excluded: true, loss: null });
    expect(item(disputed!)).toMatchObject({ value: null, disputed: true, loss: null });
    catalog.close();
  });

  it('list as edited what was edited since the run', async () => {
    const earlier = [keep('s 1'), keep('s 2')];
    const asOf = new Date(1_700_000_000_000 + 10_000).toISOString();
    const catalog = await open(world, earlier, asOf);
    expect(await queue(catalog, 'edited')).toEqual([]);
    const later = event(20, 'Ann', 'set', 's 3', { finding: 'class', value: 'Pneumonia' });
    const undo = event(21, 'Ann', 'undo', 's 2', { target: earlier[1]!.batch });
    catalog.applyEvents([later, undo]);
    expect(new Set(await queue(catalog, 'edited'))).toEqual(new Set(['s 3', 's 2']));
    catalog.applyEvents([event(22, 'Ann', 'undo', 's 3', { target: later.batch })]);
    expect(await queue(catalog, 'edited')).toEqual(['s 2']);
    catalog.close();
  });

  it('count what they list, without test unless asked', async () => {
    for (const task of ['multi-class', 'multi-label'] as const) {
      const own = makeWorld(task, 120, 5);
      const events = randomEvents(own.dataset, new SplitMix32(5), 60);
      const catalog = await open(own, events);
      const counts = catalog.queueCounts(['train', 'validation']);
      for (const name of Object.keys(counts)) {
        const { rows } = await catalog.query({ ...byLoss, queue: name, splits: ['train', 'validation'] });
        expect([name, counts[name]]).toEqual([name, rows.length]);
        const all = await catalog.query({ ...byLoss, queue: name });
        expect(catalog.queueCounts(['train', 'validation', 'test'])[name]).toBe(all.rows.length);
      }
      catalog.close();
    }
  });

  it('hold unmentioned findings only where unmentioned is masked', async () => {
    const catalog = await open(makeWorld('multi-label', 60, 6));
    const items = (await catalog.query({ ...byLoss, queue: 'unlabelled' })).rows;
    expect(items.length).toBeGreaterThan(0);
    for (const row of items) expect(catalog.item(row)).toMatchObject({ finding: 'Mass', value: null });
    catalog.close();
  });
});

describe('an image that a reader is uncertain about', () => {
  const world: World = {
    dataset: multiClass(['a', 'b', 'c'].map((id) => sample(id, ['normal']))),
    assignment: { split: ['train', 'train', 'validation'], fold: new Int32Array(3), folds: 5 },
    predictions: {
      outputs: ['normal', 'pneumonia', 'covid'],
      probabilities: Float64Array.from([0.1, 0.85, 0.05, 0.1, 0.85, 0.05, 1, 0, 0]),
      outOfFold: new Uint8Array(3),
      thresholds: [],
    },
  };
  const answer = (at: number, who: string, op: 'set' | 'keep', value: string, previous: string) =>
    event(at, who, op, 'a', { finding: 'class', value, previous });

  it('keeps the class that it had, is no error, and is counted and listed', async () => {
    const catalog = await open(world, [
      answer(1, 'Ann', 'set', 'covid', 'normal'),
      answer(2, 'Ann', 'set', 'uncertain', 'covid'),
      answer(3, 'Ann', 'keep', 'uncertain', 'uncertain'),
    ]);
    expect(catalog.item(0)).toMatchObject({ value: 'uncertain', previous: 'covid', given: 'normal' });
    expect(catalog.item(0)).toMatchObject({ wrong: false, loss: null, source: 'reading' });
    expect(catalog.item(1)).not.toHaveProperty('previous');
    expect(catalog.queueCounts(['train', 'validation'])).toMatchObject({
      errors: 1,
      uncertain: 1,
      unlabelled: 0,
    });
    for (const query of [
      { queue: 'uncertain' },
      { queue: 'all', given: ['uncertain'] },
      { queue: 'all', where: "value = 'uncertain'" },
    ] as const) {
      expect([...(await catalog.query({ ...byLoss, ...query })).rows]).toEqual([0]);
    }
    const named = catalog.groups().filter(({ name }) => name === 'uncertain');
    expect(named).toEqual([{ split: 'train', name: 'uncertain', samples: 1, errors: 0, edits: 1 }]);
    catalog.close();
  });

  it('is disputed when another reader has a class for it', async () => {
    const catalog = await open(world, [
      answer(1, 'Ann', 'set', 'uncertain', 'normal'),
      answer(2, 'Bob', 'set', 'covid', 'uncertain'),
    ]);
    expect(catalog.item(0)).toMatchObject({ disputed: true, value: null });
    expect(catalog.queueCounts(['train', 'validation'])).toMatchObject({ disputed: 1, uncertain: 0 });
    catalog.close();
  });
});

describe('groups', () => {
  it('are every part with every class or finding, errors and edits', async () => {
    for (const task of ['multi-class', 'multi-label'] as const) {
      const world = makeWorld(task, 150, 7);
      const catalog = await open(world, randomEvents(world.dataset, new SplitMix32(7), 40));
      const items = everything(catalog);
      const names =
        task === 'multi-class'
          ? world.dataset.findings[0]!.values
          : world.dataset.findings.map((f) => f.name);
      const groups = catalog.groups();
      const extra = ['', 'uncertain'];
      expect(groups.filter((group) => !extra.includes(group.name))).toHaveLength(3 * names.length);
      for (const group of groups) {
        const own = items.filter(
          (item) =>
            item.split === group.split &&
            (task === 'multi-class' ? (item.value ?? '') : item.finding) === group.name,
        );
        expect(group.errors).toBe(own.filter((item) => item.wrong && !item.kept && !item.tooRare).length);
        expect(group.edits).toBe(own.filter((item) => item.edited).length);
        if (task === 'multi-class') {
          expect(group.samples).toBe(own.filter((item) => !item.excluded && !item.disputed).length);
        }
      }
      catalog.close();
    }
  });
});

describe('applyEvents', () => {
  it('leaves the catalog as one that is opened anew', async () => {
    for (const task of ['multi-class', 'multi-label'] as const) {
      const world = makeWorld(task, 12, 8);
      const random = new SplitMix32(8);
      const asOf = new Date(1_700_000_000_000 + 20_000).toISOString();
      const events = randomEvents(world.dataset, random, 80);
      const live = await open(world, [], asOf);
      const where = 'edited or value is null or loss > 1 or given <> value or kept or excluded or disputed';
      for (let start = 0; start < events.length; start += 8) {
        live.applyEvents(events.slice(start, start + 8));
        const fresh = await open(world, events.slice(0, start + 8), asOf);
        expect(everything(live)).toEqual(everything(fresh));
        expect(live.queueCounts(['train', 'validation'])).toEqual(fresh.queueCounts(['train', 'validation']));
        for (const queue of ['all', 'edited'] as const) {
          const query = { ...byLoss, queue, where };
          expect(await live.query(query)).toEqual(await fresh.query(query));
        }
        fresh.close();
      }
      live.close();
    }
  });

  it('reaches the right rows of a filter table that is larger than a row group of DuckDB (122,880)', async () => {
    const world = makeWorld('multi-label', 45_000, 9);
    const catalog = await open(world);
    const query = { ...byLoss, queue: 'all', where: 'edited and finding is not null' } as const;
    expect((await catalog.query(query)).rows).toHaveLength(0);
    const ids = ['s 0', 's 700', 's 40959', 's 40960', 's 44999'];
    const touched = catalog.applyEvents(
      ids.map((id) => event(1, 'Ann', 'set', id, { finding: 'Mass', value: '1' })),
    );
    const found = (await catalog.query(query)).rows;
    expect([...found].sort((a, b) => a - b)).toEqual(touched);
    expect(touched).toEqual(ids.map((id) => catalog.rowsOf(id, 'Mass')[0]));
    catalog.close();
  });
});
