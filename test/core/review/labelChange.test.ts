import { describe, expect, it } from 'vitest';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { LabelEvent } from '../../../src/core/labels/model';
import type { Dataset } from '../../../src/core/dataset/model';
import { Catalog } from '../../../src/core/review/catalog';
import { itemsOfBatch, itemsOfEvents, summariseChange } from '../../../src/core/review/labelChange';
import type { LabelChange } from '../../../src/core/review/model';
import { event, multiClass, multiLabel, sample } from '../labels/builders';

async function open(dataset: Dataset, events: readonly LabelEvent[], unit: 'image' | 'study' = 'image') {
  const labels = effectiveLabels(dataset, events, { disputed: 'exclude', unit });
  const assignment = {
    split: dataset.samples.map((_, i) => (i % 2 === 0 ? ('train' as const) : ('test' as const))),
    fold: new Int32Array(dataset.samples.length),
    folds: 1,
  };
  const catalog = await Catalog.open({ dataset, assignment, labels, predictions: null });
  const told = (op: LabelChange['op'] = 'edit') =>
    summariseChange(catalog, labels, op, itemsOfEvents(labels, events), 'B');
  return { catalog, labels, told };
}

const images = multiClass([sample('a', ['normal']), sample('b', ['covid']), sample('c', ['covid'])]);
const set = (at: number, id: string, value: string, more: Partial<LabelEvent> = {}) =>
  event(at, 'Ann', 'set', id, { finding: 'class', value, batch: 'B', ...more });

describe('what a batch did', () => {
  it('is told by how many items have which label now, the most frequent first', async () => {
    const { told } = await open(images, [
      set(1, 'a', 'pneumonia'),
      set(2, 'b', 'covid'),
      set(3, 'c', 'covid'),
    ]);
    expect(told('undo')).toMatchObject({
      op: 'undo',
      count: 3,
      path: null,
      to: [
        { value: 'covid', count: 2, kept: false, excluded: false },
        { value: 'pneumonia', count: 1 },
      ],
    });
  });

  it('names the path of one image, and what stood before it was uncertain', async () => {
    const { told } = await open(images, [set(1, 'a', 'uncertain', { previous: 'normal' })]);
    expect(told()).toMatchObject({
      count: 1,
      path: 'images/a.png',
      to: [{ value: 'uncertain', previous: 'normal' }],
    });
  });

  it('tells excluded from kept', async () => {
    const events = [
      event(1, 'Ann', 'exclude', 'a', { batch: 'B' }),
      event(2, 'Ann', 'keep', 'b', { finding: 'class' }),
    ];
    const { told } = await open(images, events);
    expect(told()?.to.map(({ excluded, kept }) => [excluded, kept])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('is null without items', async () => {
    expect((await open(images, [set(1, 'gone', 'covid')])).told()).toBeNull();
  });
});

describe('the query of a change', () => {
  it('lists exactly its items, and only the parts that they are in', async () => {
    const { catalog, labels, told } = await open(images, [
      set(1, 'a', 'covid'),
      set(2, 'c', 'normal'),
      set(3, 'b', 'normal', { batch: 'other' }),
    ]);
    expect([...itemsOfBatch(labels, 'B')]).toEqual([0, 2]);
    expect([...itemsOfBatch(labels, 'nothing')]).toEqual([]);
    const { query } = summariseChange(catalog, labels, 'edit', itemsOfBatch(labels, 'B'), 'B')!;
    expect(query).toMatchObject({ queue: 'all', splits: ['train'], batch: 'B' });
    expect([...(await catalog.query(query)).rows]).toEqual([0, 2]);
    expect(told()?.query.splits).toEqual(['train', 'test']);
  });

  it('names the finding where there is one', async () => {
    const findings = multiLabel([sample('a', ['1', '0'])], [{ name: 'Mass' }, { name: 'Edema' }]);
    const of = (finding: string, at: number) =>
      event(at, 'Ann', 'set', 'a', { finding, value: '1', batch: 'B' });
    expect((await open(findings, [of('Edema', 1)])).told()?.query.finding).toBe('Edema');
    expect((await open(findings, [of('Edema', 1), of('Mass', 2)])).told()?.query.finding).toBeUndefined();
  });

  it('holds every image of a study whose label was changed on one', async () => {
    const study = { group: 'p', study: 's' };
    const data = multiClass([
      sample('a', ['normal'], study),
      sample('b', ['normal'], study),
      sample('c', ['covid']),
    ]);
    const { labels, told } = await open(data, [set(1, 'a', 'covid')], 'study');
    expect(told()?.count).toBe(2);
    expect([...itemsOfBatch(labels, 'B')]).toEqual([0, 1]);
  });
});
