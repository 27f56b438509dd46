/** The queue of suspected labels: what is in it, what A and K do to it, and what a corrected label leaves. */
import { describe, expect, it } from 'vitest';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { answerEdits } from '../../../src/core/labels/answers';
import type { Answer, LabelEvent } from '../../../src/core/labels/model';
import { splits } from '../../../src/core/dataset/model';
import { Catalog } from '../../../src/core/review/catalog';
import { confidentSuspects } from '../../../src/core/suspects/confidentSuspects';
import { printSuspects } from '../../../src/cli/commands/suspects/print';
import { findSuspects, ItemSuspects } from '../../../src/core/suspects/itemSuspects';
import { listSuspects } from '../../../src/core/suspects/suspectList';
import { event } from '../labels/builders';
import { makeWorld } from '../review/builders';

async function open(task: 'multi-class' | 'multi-label') {
  const world = makeWorld(task, 400, 9);
  const labels = effectiveLabels(world.dataset, [], { disputed: 'exclude' });
  const suspects = ItemSuspects.of(labels, world.assignment, world.predictions);
  const catalog = await Catalog.open({ ...world, labels, suspects });
  let made = 0;
  const list = async (): Promise<number[]> => [
    ...(await catalog.query({ queue: 'suspects', splits, sort: 'suspicion', descending: true })).rows,
  ];
  /** What the engine does with an answer on an item of the queue. */
  const answer = (row: number, op: Answer['op']): LabelEvent => {
    const [edit] = answerEdits(labels, { op }, [catalog.answerTarget(row, 'suspects')]);
    if (!edit) throw new Error('no edit');
    const { finding = '' } = edit;
    const value = edit.value === undefined ? {} : { value: edit.value };
    const written = event(++made, 'Ann', edit.op, edit.sample, { finding, batch: `B${made}`, ...value });
    catalog.applyEvents([written]);
    return written;
  };
  return {
    world,
    labels,
    catalog,
    list,
    answer,
    found: confidentSuspects(labels, world.assignment, world.predictions),
  };
}

describe.each(['multi-class', 'multi-label'] as const)('suspected labels, %s', (task) => {
  it('are those that confident learning calls wrong, the likeliest first', async () => {
    const { catalog, list, found, labels } = await open(task);
    const rows = await list();
    const wanted = [...found.flagged.keys()].filter(
      (item) => found.flagged[item] === 1 && (labels.flags[item] ?? 0) === 0,
    );
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.toSorted((a, b) => a - b)).toEqual(wanted);
    const scores = rows.map((row) => 1 - (found.quality[row] ?? NaN));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(catalog.queueCounts(splits)['suspects']).toBe(rows.length);
    const [first = -1] = rows;
    expect(catalog.scoresOf(first).find(({ id }) => id === 'suspicion')?.value).toBeCloseTo(
      scores[0] ?? NaN,
      12,
    );
  });

  it('are listed with the threshold of their finding beside the probability; classes have none', async () => {
    const { world, labels, found } = await open(task);
    const { predictions } = world;
    const suspects = listSuspects(
      {
        labels,
        predictions,
        contradictions: [],
        score: (item) => 1 - (found.quality[item] ?? NaN),
        isWanted: () => true,
        why: () => '',
      },
      (item) => found.flagged[item] === 1,
    );
    expect(suspects.length).toBeGreaterThan(20);
    const thresholds = suspects.map(({ finding }) =>
      task === 'multi-class' ? null : predictions.thresholds[predictions.outputs.indexOf(finding)],
    );
    expect(suspects.map(({ threshold }) => threshold)).toEqual(thresholds);
    const printed: string[] = [];
    printSuspects((line) => printed.push(line), task, { suspects, health: [], tooRare: [] }, 5);
    const figures = printed.slice(2).filter((line) => / \d\.\d{3} \/ 0\.[357]00/.test(line));
    expect(figures).toHaveLength(task === 'multi-class' ? 0 : 5);
  });

  it('A takes the suggestion, K keeps the label; both are off, and an undo brings them back', async () => {
    const { catalog, list, answer } = await open(task);
    const rows = await list();
    const [accepted = -1, kept = -1] = rows;
    const { suggested } = catalog.item(accepted);
    expect(suggested).toBeDefined();
    expect(suggested).not.toBe(catalog.item(accepted).value);
    const taken = answer(accepted, 'accept');
    expect(catalog.item(accepted).value).toBe(suggested);
    const before = catalog.item(kept).value;
    answer(kept, 'keep');
    expect(catalog.item(kept)).toMatchObject({ value: before, kept: true });
    expect(await list()).toEqual(rows.filter((row) => row !== accepted && row !== kept));
    catalog.applyEvents([
      event(900, 'Ann', 'undo', taken.sample, { finding: taken.finding ?? '', target: taken.batch }),
    ]);
    expect(await list()).toEqual(rows.filter((row) => row !== kept));
  });

  it('that were found elsewhere are taken over some at a time; counts and answers are as if judged at once', async () => {
    const { world, catalog, list, answer, labels } = await open(task);
    const [accepted = -1, kept = -1] = await list();
    answer(accepted, 'accept');
    answer(kept, 'keep');
    // Another model: some labels are suspected by both, some by one.
    const { predictions } = makeWorld(task, 400, 10);
    const found = findSuspects(labels, world.assignment, predictions);
    const before = await list();
    for (let from = 0; from < labels.items; from += 97) catalog.takeSuspects(found, from, from + 97);
    const fresh = await Catalog.open({ ...world, labels, suspects: ItemSuspects.by(labels, found) });
    const wanted = await fresh.query({ queue: 'suspects', splits, sort: 'suspicion', descending: true });
    expect(await list()).toEqual([...wanted.rows]);
    expect(await list()).not.toEqual(before);
    expect(catalog.queueCounts(splits)).toEqual(fresh.queueCounts(splits));
    const where = {
      queue: 'all',
      splits,
      sort: 'path',
      descending: false,
      where: 'suspicion > 0.6',
    } as const;
    expect([...(await catalog.query(where)).rows]).toEqual([...(await fresh.query(where)).rows]);
    expect((await catalog.query(where)).rows.length).toBeGreaterThan(0);
  });

  it('elsewhere A takes what the model says', async () => {
    const { catalog, list } = await open(task);
    for (const row of await list()) {
      expect(catalog.answerTarget(row, 'errors').predicted).toBe(catalog.item(row).predicted);
      expect(catalog.answerTarget(row, 'suspects').predicted).toBe(catalog.item(row).suggested);
    }
  });
});
