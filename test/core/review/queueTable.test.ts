/** A queue is one row, a score is one row: a seventh and a twentieth are counted, listed, sorted and answered off. */
import { describe, expect, it } from 'vitest';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { answerEdits } from '../../../src/core/labels/answers';
import { Catalog } from '../../../src/core/review/catalog';
import { describeQueues, inUnits, queueTable, type QueueRow } from '../../../src/core/review/queues';
import { scoreTable, type ScoreRow } from '../../../src/core/review/scores';
import { splits } from '../../../src/core/dataset/model';
import { event } from '../labels/builders';
import { makeWorld } from './builders';

/** What a person adds: one row. */
const kept: QueueRow = {
  id: 'kept',
  title: 'Kept',
  hint: 'Somebody kept the label',
  icon: 'check',
  counted: inUnits('{n} kept image', '{n} kept images'),
  holds: (facts) => facts.kept,
  sort: 'doubt',
  needsRun: false,
  contradicts: false,
};
const doubt: ScoreRow = {
  id: 'doubt',
  title: 'Doubt',
  descending: true,
  format: 'percent',
  sort: true,
  detail: true,
  of:
    ({ predictions }) =>
    (item) =>
      1 - predictions.confidence(item),
};

async function open(queues: readonly QueueRow[]) {
  const world = makeWorld('multi-class', 80, 5);
  const labels = effectiveLabels(world.dataset, [], { disputed: 'exclude' });
  const scores = [...scoreTable, doubt];
  const earlier = world.predictions;
  const catalog = await Catalog.open({ ...world, labels, queues, scores, earlier });
  const list = async (queue: string) => [
    ...(await catalog.query({ queue, splits, sort: 'doubt', descending: true })).rows,
  ];
  return { catalog, labels, list };
}

const many = (count: number): readonly QueueRow[] =>
  Array.from({ length: count }, (_, n) => ({
    ...kept,
    id: `kept-${n}`,
    title: `Kept ${n}`,
    atLeast: { score: 'doubt', value: n / (2 * count) },
  }));

describe.each([
  ['a seventh queue', [...queueTable.slice(0, -1), kept, ...queueTable.slice(-1)], 'kept'],
  ['a twentieth and more', [...queueTable, ...many(20)], 'kept-7'],
] as const)('%s', (_name, queues, id) => {
  it('is told to views, in its own order', async () => {
    const { catalog } = await open(queues);
    expect(catalog.queueInfos).toHaveLength(queues.length);
    expect(catalog.queueInfos.find((info) => info.id === id)).toMatchObject({
      sort: 'doubt',
      descending: true,
    });
    expect(catalog.sortInfos.map((info) => info.id)).toContain('doubt');
  });

  it('is counted, listed, sorted, and answered off by an undo', async () => {
    const { catalog, labels, list } = await open(queues);
    expect(catalog.queueCounts(splits)[id]).toBe(0);
    const samples = labels.dataset.samples.slice(0, 40).map((one) => one.id);
    const edits = answerEdits(
      labels,
      { op: 'keep' },
      samples.map((one) => ({ sample: one })),
    );
    const events = edits.map((edit, k) =>
      event(k, 'Ann', 'keep', edit.sample, { finding: 'class', batch: 'B' }),
    );
    catalog.applyEvents(events);
    const bound = queues.find((queue) => queue.id === id)?.atLeast?.value ?? -Infinity;
    const doubtOf = (row: number) => 1 - (catalog.item(row).confidence ?? NaN);
    const expected =
      catalog.rowsOf(samples[0]!).length === 1
        ? samples
            .flatMap((one) => catalog.rowsOf(one))
            .filter((row) => bound === -Infinity || doubtOf(row) >= bound)
        : [];
    const rows = await list(id);
    expect(rows.toSorted((a, b) => a - b)).toEqual(expected);
    expect(catalog.queueCounts(splits)[id]).toBe(expected.length);
    const known = rows.map(doubtOf).filter((value) => !Number.isNaN(value));
    expect(known).toEqual(known.toSorted((a, b) => b - a));
    const [row] = rows;
    expect(catalog.scoresOf(row!).map(({ id: score }) => score)).toContain('doubt');
    catalog.applyEvents([event(100, 'Ann', 'undo', samples[0]!, { finding: 'class', target: 'B' })]);
    expect(catalog.queueCounts(splits)[id]).toBe(0);
    expect(await list(id)).toEqual([]);
  });
});

describe('the table of queues', () => {
  it('has each id once, begins with what a reviewer comes for and ends with everything', () => {
    const infos = describeQueues(queueTable, scoreTable, 'multi-label');
    expect(new Set(infos.map(({ id }) => id)).size).toBe(infos.length);
    expect(infos.at(0)).toMatchObject({ needsRun: true, contradicts: true });
    expect(infos.filter(({ isAll }) => isAll)).toEqual([infos.at(-1)]);
    expect(infos.at(-1)?.counted.other).toBe('{n} findings');
  });

  it('refuses a queue and an order that there are not', async () => {
    const { catalog } = await open(queueTable);
    const query = { splits, descending: true };
    await expect(catalog.query({ ...query, queue: 'toString', sort: 'loss' })).rejects.toMatchObject({
      code: 'OVR903',
    });
    const noOrder = catalog.query({ ...query, queue: queueTable[0]!.id, sort: 'toString' });
    await expect(noOrder).rejects.toMatchObject({ code: 'OVR903' });
  });
});

it('asks a queue once of each combination of facts that occurs, so that a live refit makes a new catalog in a millisecond', async () => {
  let asked = 0;
  const counting: QueueRow = {
    ...kept,
    holds: (facts) => {
      asked++;
      return facts.kept;
    },
  };
  const { list } = await open([...queueTable, counting]);
  await list('kept');
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(64);
});
