/** The queue of what the check found: its order, what settles a finding, and what contradictions do among the suspects. */
import { describe, expect, it } from 'vitest';
import { ItemChecks } from '../../../src/core/checks/itemChecks';
import type { KeptChecks } from '../../../src/core/checks/keptChecks';
import type { Check, CheckKind } from '../../../src/core/checks/model';
import { splits, type Split } from '../../../src/core/dataset/model';
import { answerEdits } from '../../../src/core/labels/answers';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { Answer } from '../../../src/core/labels/model';
import { Catalog } from '../../../src/core/review/catalog';
import { describeQueues, queueTable } from '../../../src/core/review/queues';
import { scoreTable } from '../../../src/core/review/scores';
import { registeredContradictions } from '../../../src/core/suspects/contradictions';
import { ItemSuspects } from '../../../src/core/suspects/itemSuspects';
import { event, multiClass, multiLabel, sample } from '../labels/builders';

const found = (kind: CheckKind, samples: readonly string[], more: Partial<Check> = {}): Check => ({
  ...{ code: 'OVR311', kind, severity: 'error', samples, score: 0.8, fixes: [] },
  message: `${kind} of ${samples.join(' and ')}`,
  place: { file: 't.csv', row: 99 },
  ...more,
});

const values = ['normal', 'covid', 'normal', 'covid', 'normal', 'normal', 'covid', 'normal'];
const parts: readonly Split[] = ['train', 'train', 'train', 'test', 'train', 'train', 'train', 'train'];

function open(
  checks: readonly Check[],
  { table = 'now', ignore = [] as { code: string; sample: string; reason: string }[] } = {},
) {
  const dataset = multiClass(
    values.map((value, i) => sample(`s${i}`, [value], { row: i + 2, group: `P${i}` })),
    ['normal', 'covid'],
  );
  const assignment = { split: parts, fold: new Int32Array(8).fill(-1), folds: 5 };
  const labels = effectiveLabels(dataset, [], { disputed: 'exclude' });
  const kept: KeptChecks = { made: '2026-01-01T00:00:00Z', quick: false, table: 'now', events: 0, checks };
  const config = { check: { ignore }, dataset: { table: 't.csv' } };
  const items = ItemChecks.of({ dataset, assignment, labels, config, table }, kept, []);
  const predictions = {
    outputs: ['normal', 'covid'],
    probabilities: Float64Array.from(
      values.flatMap((value) => (value === 'normal' ? [0.9, 0.1] : [0.1, 0.9])),
    ),
    outOfFold: new Uint8Array(8).fill(1),
    thresholds: [],
  };
  const suspects = ItemSuspects.of(labels, assignment, predictions, items);
  const catalog = Catalog.of({ dataset, assignment, labels, predictions, suspects, checks: items });
  const list = async (queue = 'checks'): Promise<string[]> => {
    const [row] = describeQueues(queueTable, scoreTable, 'multi-class').filter(({ id }) => id === queue);
    const { sort = '', descending = false } = row ?? {};
    const { rows } = await catalog.query({ queue, splits, sort, descending });
    return [...rows].map((item) => labels.sampleId(item));
  };
  let made = 0;
  const answer = (id: string, op: Answer['op'], value?: string): void => {
    const target = catalog.answerTarget(catalog.rowsOf(id)[0] ?? -1);
    const [edit] = answerEdits(labels, { op, ...(value === undefined ? {} : { value }) }, [target]);
    if (!edit) throw new Error('no edit');
    const { finding, value: now } = edit;
    catalog.applyEvents([
      event(++made, 'Ann', edit.op, id, {
        ...(finding === undefined ? {} : { finding }),
        ...(now === undefined ? {} : { value: now }),
      }),
    ]);
  };
  return { catalog, items, labels, list, answer, count: () => catalog.queueCounts(splits)['checks'] };
}

const contradiction = found('contradiction', ['s5', 's6'], { finding: 'class' });
const leak = found('leak', ['s2', 's3']);
const twins = found('near-duplicate', ['s0', 's7'], { severity: 'warning' });
const blank = found('other', ['s4'], { severity: 'warning' });

describe('the queue of the check', () => {
  it('has contradictions, leaks, duplicates and the rest, the images of one finding beside each other', async () => {
    const { list, count, catalog } = open([blank, twins, leak, contradiction]);
    expect(await list()).toEqual(['s5', 's6', 's2', 's3', 's0', 's7', 's4']);
    expect(count()).toBe(7);
    expect(catalog.item(2).checks).toEqual([
      {
        ...{ code: 'OVR311', kind: 'leak', severity: 'error', title: 'Leak' },
        message: 'leak of s2 and s3',
      },
    ]);
    expect(catalog.item(1).checks).toBeUndefined();
  });

  it('lets go of both images when one of them is excluded, and has them back after an include', async () => {
    const { list, answer, count } = open([leak, twins]);
    answer('s3', 'exclude');
    expect(await list()).toEqual(['s0', 's7']);
    expect(count()).toBe(2);
    answer('s3', 'include');
    expect(await list()).toEqual(['s2', 's3', 's0', 's7']);
    expect(count()).toBe(4);
  });

  it('lets go of a contradiction when labels agree, one is uncertain, or each was kept', async () => {
    const corrected = open([contradiction]);
    corrected.answer('s6', 'set', 'normal');
    expect([await corrected.list(), corrected.count()]).toEqual([[], 0]);
    corrected.answer('s5', 'set', 'covid');
    expect(await corrected.list()).toEqual(['s5', 's6']);
    const unsure = open([contradiction]);
    unsure.answer('s6', 'uncertain');
    expect([await unsure.list(), unsure.count()]).toEqual([[], 0]);
    const kept = open([contradiction, found('leak', ['s2', 's6', 's3'])]);
    kept.answer('s5', 'keep');
    kept.answer('s6', 'keep');
    // What it was found in beside is no question of its label.
    expect(await kept.list()).toEqual(['s2', 's3', 's6']);
  });

  it('leaves out what is let be, mere notes, and rows that are gone, which it counts', async () => {
    const note = found('format', ['s1'], { severity: 'info' });
    const gone = found('leak', ['s2', 'away']);
    const ignore = [{ code: 'OVR311', sample: 's4', reason: 'a phantom' }];
    const { list, items, catalog } = open([note, gone, blank, twins], { ignore });
    expect(await list()).toEqual(['s0', 's7']);
    expect(items.gone).toBe(1);
    expect(items.ignored).toEqual([blank]);
    // A note stands in the details all the same.
    expect(catalog.item(1).checks?.[0]?.kind).toBe('format');
  });

  it('knows of another table what its rows still say, at the rows where they are', () => {
    const whole = found('class-absent', []);
    const { items } = open([whole, twins], { table: 'another' });
    expect([items.isOfOtherTable, items.gone]).toEqual([true, 1]);
    expect(items.standing()).toMatchObject([
      { kind: 'near-duplicate', samples: ['s0', 's7'], place: { file: 't.csv', row: 2 }, mayJoin: true },
    ]);
    expect(open([whole, twins]).items.standing()).toHaveLength(2);
  });

  it('speaks of one finding of several where the check does', async () => {
    const dataset = multiLabel(
      ['1', '0', '1'].map((value, i) => sample(`m${i}`, ['0', value], { row: i + 2 })),
      [{ name: 'Mass' }, { name: 'Edema' }],
    );
    const assignment = { split: parts.slice(0, 3), fold: new Int32Array(3).fill(-1), folds: 5 };
    const labels = effectiveLabels(dataset, [], { disputed: 'exclude' });
    const checks = [
      found('contradiction', ['m0', 'm1'], { finding: 'Edema' }),
      found('other', ['m2'], { severity: 'warning' }),
    ];
    const kept = { made: '', quick: false, table: '', events: 0, checks };
    const config = { check: { ignore: [] }, dataset: { table: 't.csv' } };
    const items = ItemChecks.of({ dataset, assignment, labels, config, table: '' }, kept, []);
    const catalog = Catalog.of({ dataset, assignment, labels, predictions: null, checks: items });
    const query = { queue: 'checks', splits, sort: 'check', descending: false } as const;
    expect([...(await catalog.query(query)).rows]).toEqual([1, 3, 4, 5]);
    const byImage = await catalog.query({ ...query, by: 'image' });
    expect([...(byImage.images?.samples ?? [])]).toEqual([0, 1, 2]);
  });
});

describe('contradictions among the suspected labels', () => {
  it('come first, with the other label as the suggestion, and go when one is answered', async () => {
    const { list, answer, catalog, labels, items } = open([contradiction]);
    expect((await list('suspects')).slice(0, 2)).toEqual(['s5', 's6']);
    const [row = -1] = catalog.rowsOf('s6');
    expect(catalog.item(row).suggested).toBe('normal');
    expect(catalog.answerTarget(row, 'suspects').predicted).toBe('normal');
    expect(registeredContradictions(labels, items, [])).toEqual([
      { item: 5, other: 6, registered: true },
      { item: 6, other: 5, registered: true },
    ]);
    answer('s6', 'keep');
    expect((await list('suspects')).slice(0, 1)).toEqual(['s5']);
    answer('s5', 'set', 'covid');
    expect(await list('suspects')).toEqual([]);
    expect(registeredContradictions(labels, items, [])).toEqual([]);
  });
});
