import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import type { Dataset } from '../../../src/core/dataset/model';
import { parseMoment } from '../../../src/core/labels/asOf';
import { type EffectiveLabels, effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { DisputedPolicy, EffectiveLabel, LabelEvent } from '../../../src/core/labels/model';
import { classes, event, multiClass, multiLabel, randomEvents, sample } from './builders';
import { randomCases } from '../../support/randomCases';

const one = multiClass([sample('a', ['normal'])]);
const set = (at: number, who: string, value: string | null, more: Partial<LabelEvent> = {}) =>
  event(at, who, 'set', 'a', { finding: 'class', value, ...more });

function effective(events: readonly LabelEvent[], disputed: DisputedPolicy = 'exclude'): EffectiveLabel {
  return effectiveLabels(one, events, { disputed }).at(0, 0);
}

describe('the effective label', () => {
  it('is the given label without events', () => {
    expect(effective([])).toEqual({
      value: 'normal',
      given: 'normal',
      source: 'given',
      kept: false,
      excluded: false,
      masked: false,
      readings: [],
    });
  });

  it("is each annotator's latest reading, whatever the order of the lines", () => {
    const events = [set(2, 'Ann', 'covid'), set(1, 'Ann', 'pneumonia')];
    expect(effective(events)).toMatchObject({
      value: 'covid',
      source: 'reading',
      last: { annotator: 'Ann' },
    });
  });

  it('takes the higher id where times are equal, and compares times as instants', () => {
    expect(effective([set(1, 'Ann', 'pneumonia'), set(1, 'Ann', 'covid')]).value).toBe('covid');
    const later = set(0, 'Ann', 'covid', { time: '2026-01-01T00:00:00.5Z' });
    const earlier = set(0, 'Ann', 'pneumonia', { time: '2026-01-01T00:00:00Z' });
    const zoned = set(0, 'Ann', 'normal', { time: '2026-01-01T02:00:00+03:00' });
    expect(effective([later, earlier, zoned]).value).toBe('covid');
  });

  it('is disputed when readers disagree, and masked unless the policy finds a value', () => {
    const two = [set(1, 'Ann', 'covid'), set(2, 'Bob', 'pneumonia')];
    expect(effective(two)).toMatchObject({ value: null, source: 'disputed', masked: true });
    expect(effective(two, 'given')).toMatchObject({ value: 'normal', source: 'disputed', masked: false });
    expect(effective(two, 'majority')).toMatchObject({ value: null, source: 'disputed', masked: true });
    const three = [...two, set(3, 'Zoë', 'covid')];
    expect(effective(three, 'majority')).toMatchObject({ value: 'covid', source: 'disputed', masked: false });
  });

  it('agrees again when a reader comes round', () => {
    const events = [set(1, 'Ann', 'covid'), set(2, 'Bob', 'pneumonia'), set(3, 'Ann', 'pneumonia')];
    expect(effective(events)).toMatchObject({ value: 'pneumonia', source: 'reading', masked: false });
  });

  it('is the latest adjudication, which later readings do not overrule', () => {
    const events = [
      set(1, 'Ann', 'covid'),
      set(2, 'Zoë', 'normal', { role: 'adjudicator' }),
      set(3, 'Xi', 'pneumonia', { role: 'adjudicator', reason: 'consolidation' }),
      set(4, 'Bob', 'covid'),
    ];
    expect(effective(events)).toMatchObject({
      value: 'pneumonia',
      source: 'adjudication',
      last: { annotator: 'Xi', reason: 'consolidation' },
    });
  });

  it('counts a keep as a reading of the value it kept', () => {
    const keep = event(2, 'Bob', 'keep', 'a', { finding: 'class' });
    expect(effective([keep])).toMatchObject({ value: 'normal', source: 'reading', kept: true });
    expect(effective([set(1, 'Ann', 'covid'), keep])).toMatchObject({ source: 'disputed', kept: false });
    const keptAnn = event(2, 'Bob', 'keep', 'a', { finding: 'class', previous: 'covid' });
    expect(effective([set(1, 'Ann', 'covid'), keptAnn])).toMatchObject({ value: 'covid', kept: true });
  });

  it('takes null for an answer: nothing is there', () => {
    expect(effective([set(1, 'Ann', null)])).toMatchObject({ value: null, source: 'reading', masked: false });
  });

  it('keeps a value that is no longer configured', () => {
    expect(effective([set(1, 'Ann', 'tuberculosis')])).toMatchObject({ value: 'tuberculosis' });
  });
});

describe('exclusion', () => {
  const dataset = multiLabel([sample('a', ['1', '0'])], [{}, {}]);
  const excluded = (events: readonly LabelEvent[]) => {
    const labels = effectiveLabels(dataset, events, { disputed: 'exclude' });
    return [labels.at(0, 0).excluded, labels.at(0, 1).excluded];
  };

  it('acts on one finding or on the whole sample, and anybody may take it back', () => {
    expect(excluded([event(1, 'Ann', 'exclude', 'a', { finding: 'finding 0' })])).toEqual([true, false]);
    expect(excluded([event(1, 'Ann', 'exclude', 'a')])).toEqual([true, true]);
    expect(excluded([event(1, 'Ann', 'exclude', 'a'), event(2, 'Bob', 'include', 'a')])).toEqual([
      false,
      false,
    ]);
    const back = [event(1, 'Ann', 'exclude', 'a'), event(2, 'Bob', 'include', 'a', { finding: 'finding 1' })];
    expect(excluded(back)).toEqual([true, false]);
  });

  it('leaves the value as it is', () => {
    const events = [
      event(1, 'Ann', 'set', 'a', { finding: 'finding 0', value: 'uncertain' }),
      event(2, 'Ann', 'exclude', 'a'),
    ];
    const label = effectiveLabels(dataset, events, { disputed: 'exclude' }).at(0, 0);
    expect(label).toMatchObject({ value: 'uncertain', excluded: true, masked: true, source: 'reading' });
  });
});

describe('undo and redo events', () => {
  const first = set(1, 'Ann', 'covid');
  const second = set(2, 'Ann', 'pneumonia');
  const undo = (at: number, who: string, target: string) => event(at, who, 'undo', 'a', { target });

  it('take a whole batch back and bring it back', () => {
    expect(effective([first, second, undo(3, 'Ann', second.batch)]).value).toBe('covid');
    const redo = event(4, 'Ann', 'redo', 'a', { target: second.batch });
    expect(effective([first, second, undo(3, 'Ann', second.batch), redo]).value).toBe('pneumonia');
  });

  it("never reach another person's batch", () => {
    expect(effective([first, undo(3, 'Bob', first.batch)]).value).toBe('covid');
  });
});

describe('study-level labels', () => {
  const dataset = multiClass([
    sample('a', ['normal'], { group: 'P1', study: 'study1' }),
    sample('b', ['normal'], { group: 'P1', study: 'study1' }),
    sample('c', ['normal'], { group: 'P2', study: 'study1' }),
    sample('d', ['normal'], { group: 'P1', study: null }),
  ]);
  const edits = [event(1, 'Ann', 'set', 'b', { finding: 'class', value: 'covid' })];

  it("apply an edit to every image of the study, and of no other patient's", () => {
    const labels = effectiveLabels(dataset, edits, { disputed: 'exclude', unit: 'study' });
    expect(dataset.samples.map((_, i) => labels.at(i, 0).value)).toEqual([
      'covid',
      'covid',
      'normal',
      'normal',
    ]);
    expect(labels.apply([event(2, 'Bob', 'set', 'a', { finding: 'class', value: 'normal' })])).toEqual([
      0, 1,
    ]);
    expect(labels.at(1, 0).source).toBe('disputed');
  });

  it('are off by default', () => {
    const labels = effectiveLabels(dataset, edits, { disputed: 'exclude' });
    expect(labels.at(0, 0).value).toBe('normal');
  });
});

describe('changes since a moment', () => {
  const edit = set(10, 'Ann', 'covid');
  const undo = event(20, 'Ann', 'undo', 'a', { target: edit.batch });
  const at = (seconds: number) => parseMoment(new Date(1_700_000_000_000 + seconds * 1000).toISOString());
  const changed = (events: readonly LabelEvent[], seconds: number) =>
    effectiveLabels(one, events, { disputed: 'exclude' }).isChangedSince(0, at(seconds));

  it('are edits after it and earlier edits undone after it, not what came and went', () => {
    expect(changed([edit], 5)).toBe(true);
    expect(changed([edit], 10)).toBe(false);
    expect(changed([edit, undo], 15)).toBe(true);
    expect(changed([edit, undo], 5)).toBe(false);
    expect(changed([edit, undo], 25)).toBe(false);
  });
});

describe('any sequence of events', () => {
  const datasets: readonly Dataset[] = [
    multiClass(
      ['a', 'b', 'c'].map((id, i) => sample(id, [classes[i]!], { group: 'P', study: i < 2 ? 's' : null })),
    ),
    multiLabel(
      ['a', 'b', 'c'].map((id) => sample(id, ['1', null])),
      [{}, { unmentioned: 'masked' }],
    ),
  ];
  const everything = (labels: EffectiveLabels): unknown => {
    const items = [];
    for (let item = 0; item < labels.items; item++) {
      const width = labels.dataset.findings.length;
      const place = [Math.floor(item / width), item % width] as const;
      items.push([labels.at(...place), labels.flags[item], labels.valueAt(item), labels.touched(...place)]);
    }
    return items;
  };

  for (const [d, dataset] of datasets.entries()) {
    for (const unit of ['image', 'study'] as const) {
      it(`gives one result in any order, repeated or in parts (${dataset.task}, ${unit})`, () => {
        for (let seed = 0; seed < randomCases(20, 60); seed++) {
          const random = new SplitMix32(seed * 2 + d);
          const options = { disputed: (['exclude', 'majority', 'given'] as const)[seed % 3]!, unit };
          const events = randomEvents(dataset, random, 1 + random.below(40));
          const expected = everything(effectiveLabels(dataset, events, options));

          const shuffled = random.shuffle([...events, ...events.filter(() => random.uniform() < 0.3)]);
          expect(everything(effectiveLabels(dataset, shuffled, options))).toEqual(expected);

          const inParts = effectiveLabels(dataset, [], options);
          for (let start = 0; start < shuffled.length;) {
            const end = start + 1 + random.below(5);
            const before = everything(inParts) as unknown[];
            const touched = inParts.apply(shuffled.slice(start, end));
            const after = everything(inParts) as unknown[];
            const changed = after.flatMap((state, k) =>
              JSON.stringify(state) === JSON.stringify(before[k]) ? [] : [k],
            );
            // Whoever follows by `apply` alone misses nothing.
            expect(touched).toEqual(expect.arrayContaining(changed));
            start = end;
          }
          expect(everything(inParts)).toEqual(expected);
        }
      });
    }
  }

  it('gives one result where two lines carry the same id', () => {
    const mine = set(1, 'Ann', 'covid');
    const edited = { ...mine, value: 'pneumonia' };
    const there = effectiveLabels(one, [mine, edited], { disputed: 'exclude' }).at(0, 0);
    expect(effectiveLabels(one, [edited, mine], { disputed: 'exclude' }).at(0, 0)).toEqual(there);
  });

  it('ignores events on samples and findings that are not in the table, and counts them', () => {
    const labels = effectiveLabels(
      one,
      [event(1, 'Ann', 'exclude', 'gone'), event(1, 'Ann', 'set', 'a', { finding: 'gone', value: '1' })],
      { disputed: 'exclude' },
    );
    expect(labels.strays).toHaveLength(2);
    expect(labels.touched(0, 0)).toBe(false);
  });
});
