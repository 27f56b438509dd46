/** Labels in columns against the rules written down plainly (`reference.ts`), on random events. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import type { Dataset, LabelValue, TableReading } from '../../../src/core/dataset/model';
import type { Moment } from '../../../src/core/labels/model';
import { none } from '../../../src/core/labels/batches';
import { EventTable } from '../../../src/core/labels/eventTable';
import { type EffectiveLabels, effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { LabelEvent } from '../../../src/core/labels/model';
import { UndoHistory } from '../../../src/core/labels/undo';
import { classes, event, multiClass, multiLabel, randomEvents, sample } from './builders';
import { countingEvents, referenceLabels, referenceStacks } from './reference';
import { randomCases } from '../../support/randomCases';

const datasets: readonly Dataset[] = [
  multiClass(
    ['a', 'b', 'c', 'd'].map((id, i) =>
      sample(id, [classes[i] ?? null], { group: 'P', study: i < 2 ? 's' : null }),
    ),
  ),
  multiLabel(
    ['a', 'b', 'c'].map((id) => sample(id, ['1', null], { group: 'P', study: 's' })),
    [{}, { unmentioned: 'masked' }],
  ),
  // Ann is a reader of the table, too.
  multiClass(
    ['a', 'b', 'c', 'd'].map((id, i) =>
      sample(id, [null], {
        group: 'P',
        study: i < 2 ? 's' : null,
        readings: readings([classes[i] ?? null], ['normal'], i > 1 ? ['normal'] : ['covid']),
      }),
    ),
  ),
  multiLabel(
    ['a', 'b', 'c'].map((id, i) =>
      sample(id, ['1', null], {
        group: 'P',
        study: 's',
        readings: readings(['1', null], ['0', i > 0 ? '1' : null], ['1', 'uncertain']),
      }),
    ),
    [{}, { unmentioned: 'masked' }],
  ),
];

/** What R1, R2 and Ann say in the table. */
function readings(...labels: readonly (readonly LabelValue[])[]): TableReading[] {
  return labels.map((own, k) => ({ reader: ['R1', 'R2', 'Ann'][k] ?? '', labels: own }));
}

/** Random events, and what bulk edits, merges and hands make of them. */
function hostileEvents(dataset: Dataset, random: SplitMix32): LabelEvent[] {
  const events = randomEvents(dataset, random, 1 + random.below(40));
  const pick = (): LabelEvent => events[random.below(events.length)]!;
  const edits = events.filter(({ op }) => op !== 'undo' && op !== 'redo');
  for (let k = random.below(4); k > 0 && edits.length > 0; k--) {
    // A bulk undo: an event for each item, one batch, one time.
    const { batch: target, annotator } = edits[random.below(edits.length)]!;
    const at = random.below(50);
    const first = event(at, annotator, random.uniform() < 0.7 ? 'undo' : 'redo', 'a', { target });
    events.push(first);
    for (let n = random.below(5); n > 0; n--) {
      events.push({ ...event(at, annotator, first.op, 'b', { target }), batch: first.batch });
    }
  }
  for (let k = random.below(4); k > 0; k--) {
    const one = pick();
    const draw = random.below(5);
    if (draw === 0) events.push({ ...one });
    else if (draw === 1) events.push({ ...one, reason: 'changed by hand' });
    else if (draw === 2) events.push({ ...one, time: new Date(Date.parse(one.time) + 1000).toISOString() });
    else if (draw === 3) events.push({ ...one, time: one.time.replace('Z', '+00:00') });
    else
      events.push(event(random.below(50), one.annotator, 'set', 'unknown', { finding: 'class', value: 'x' }));
  }
  return random.shuffle(events);
}

function everyLabel(labels: EffectiveLabels) {
  const { samples, findings } = labels.dataset;
  return samples.flatMap((_, s) => findings.map((_finding, f) => labels.at(s, f)));
}

describe('labels in columns', () => {
  for (const [d, dataset] of datasets.entries()) {
    const from = d > 1 ? ', readings in the table' : '';
    for (const unit of ['image', 'study'] as const) {
      it(`are those of the rules, in any parts (${dataset.task}, ${unit}${from})`, () => {
        for (let seed = 0; seed < randomCases(45, 150); seed++) {
          const random = new SplitMix32(seed * 2 + d);
          const disputed = (['exclude', 'majority', 'given'] as const)[seed % 3]!;
          const events = hostileEvents(dataset, random);
          const expected = referenceLabels(dataset, events, { disputed, unit });
          const labels = effectiveLabels(dataset, events, { disputed, unit });
          expect(everyLabel(labels), `seed ${seed}`).toEqual(expected);

          const inParts = effectiveLabels(dataset, [], { disputed, unit });
          for (let start = 0; start < events.length; start += 3) {
            inParts.apply(events.slice(start, start + 3));
          }
          expect(everyLabel(inParts), `seed ${seed}`).toEqual(expected);
          expect(Array.from(labels.codes, (_, item) => labels.valueAt(item))).toEqual(
            expected.map(({ value }) => value),
          );
        }
      });

      it(`are those of the rules as of any moment (${dataset.task}, ${unit}${from})`, () => {
        for (let seed = 0; seed < randomCases(20, 60); seed++) {
          const random = new SplitMix32(1000 + seed * 2 + d);
          const events = hostileEvents(dataset, random);
          const some = events[random.below(events.length)]!;
          const asOf: Moment = {
            time: Date.parse(some.time),
            id: random.uniform() < 0.5 ? some.id : '\uffff',
          };
          const options = { disputed: 'exclude', unit, asOf } as const;
          const then = referenceLabels(dataset, events, options);
          expect(everyLabel(effectiveLabels(dataset, events, options)), `seed ${seed}`).toEqual(then);

          // What changed since is what stands now and did not, or the other way round.
          const labels = effectiveLabels(dataset, events, { disputed: 'exclude', unit });
          const now = referenceLabels(dataset, events, { disputed: 'exclude', unit });
          const missed = [...now.keys()].filter(
            (item) =>
              JSON.stringify(now[item]) !== JSON.stringify(then[item]) && !labels.isChangedSince(item, asOf),
          );
          expect(missed, `seed ${seed}`).toEqual([]);
        }
      });
    }
  }
});

describe('what can be undone', () => {
  it('is what a replay of all events gives, however they come in', () => {
    for (let seed = 0; seed < randomCases(60, 200); seed++) {
      const random = new SplitMix32(5000 + seed);
      const events = hostileEvents(datasets[0]!, random);
      const ordered = seed % 2 === 0 ? events : countingEvents(events);
      const table = new EventTable();
      const histories = ['Ann', 'Bob', 'Zoë'].map((name) => ({
        name,
        history: new UndoHistory(table, name),
      }));
      for (const [k, one] of ordered.entries()) {
        table.addEvent(one);
        if (random.uniform() < 0.5 && k + 1 < ordered.length) continue;
        const found = histories.flatMap(({ history }) =>
          (['undo', 'redo'] as const).map((op) => {
            const next = history.next(op);
            return next === none ? undefined : table.batches.id(next);
          }),
        );
        const expected = histories.flatMap(({ name }) => {
          const { undo, redo } = referenceStacks(ordered.slice(0, k + 1), name);
          return [undo.at(-1), redo.at(-1)];
        });
        expect(found, `seed ${seed} after ${k + 1}`).toEqual(expected);
      }
    }
  });
});
