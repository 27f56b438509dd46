import { describe, expect, it } from 'vitest';
import { eventsUntil, momentOf, parseMoment } from '../../../src/core/labels/asOf';
import { exportLabelsCsv } from '../../../src/core/labels/exportLabels';
import { event, multiLabel, sample } from './builders';

const dataset = multiLabel([sample('a, "1".png', ['1', null])], [{ name: 'Mass' }, { name: 'Oedema' }]);
const id = 'a, "1".png';
const events = [
  event(1, 'Zoë', 'set', id, { finding: 'Oedema', value: 'uncertain', reason: 'blurred,\nsee CT' }),
  event(2, 'Bob', 'set', id, { finding: 'Oedema', value: '1' }),
  event(3, 'Xi', 'exclude', id, { finding: 'Mass' }),
];
const header = 'sample,finding,value,given,source,annotator,time,reason,excluded,disputed\n';

describe('exported labels', () => {
  it('say who, when and why, and mark what is excluded or disputed', () => {
    expect(exportLabelsCsv(dataset, events, { disputed: 'exclude' })).toBe(
      `${header}"a, ""1"".png",Mass,1,1,given,,,,true,false\n"a, ""1"".png",Oedema,,,disputed,,,,false,true\n`,
    );
  });

  it('are those of a moment when asked for', () => {
    const asOf = events[0]!.time;
    expect(exportLabelsCsv(dataset, events, { disputed: 'exclude', asOf })).toBe(
      `${header}"a, ""1"".png",Mass,1,1,given,,,,false,false\n` +
        `"a, ""1"".png",Oedema,uncertain,,reading,Zoë,${asOf},"blurred,\nsee CT",false,false\n`,
    );
    expect(exportLabelsCsv(dataset, events, { disputed: 'exclude', asOf: '' })).not.toContain('Zoë');
  });
});

describe('moments', () => {
  it('are times, ids or the time before everything', () => {
    expect(momentOf([])).toBe('');
    expect(momentOf([events[2]!, events[0]!])).toBe(events[2]!.time);
    expect(eventsUntil(events, momentOf(events))).toEqual(events);
    expect(eventsUntil(events, '')).toEqual([]);
    const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    expect(parseMoment(ulid)).toEqual({ time: 1469922850259, id: ulid });
    expect(() => parseMoment('last Tuesday')).toThrow(/neither a time nor the id/);
  });
});
