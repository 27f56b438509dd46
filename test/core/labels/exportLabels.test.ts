import { describe, expect, it } from 'vitest';
import { momentOf, parseMoment } from '../../../src/core/labels/asOf';
import { exportLabelLines } from '../../../src/core/labels/exportLabels';
import { tableOf } from '../../../src/core/labels/eventTable';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { event, multiLabel, sample } from './builders';

const dataset = multiLabel([sample('a, "1".png', ['1', null])], [{ name: 'Mass' }, { name: 'Oedema' }]);
const id = 'a, "1".png';
const events = [
  event(1, 'Zoë', 'set', id, { finding: 'Oedema', value: 'uncertain', reason: 'blurred,\nsee CT' }),
  event(2, 'Bob', 'set', id, { finding: 'Oedema', value: '1' }),
  event(3, 'Xi', 'exclude', id, { finding: 'Mass' }),
];
const header = 'sample,finding,value,given,source,annotator,time,reason,excluded,disputed\n';

const exported = (asOf?: string): string => {
  const until = asOf === undefined ? {} : { asOf: parseMoment(asOf) };
  return [...exportLabelLines(effectiveLabels(dataset, events, { disputed: 'exclude', ...until }))].join('');
};

describe('exported labels', () => {
  it('say who, when and why, and mark what is excluded or disputed', () => {
    expect(exported()).toBe(
      `${header}"a, ""1"".png",Mass,1,1,given,,,,true,false\n"a, ""1"".png",Oedema,,,disputed,,,,false,true\n`,
    );
  });

  it('are those of a moment when asked for', () => {
    const asOf = events[0]!.time;
    expect(exported(asOf)).toBe(
      `${header}"a, ""1"".png",Mass,1,1,given,,,,false,false\n` +
        `"a, ""1"".png",Oedema,uncertain,,reading,Zoë,${asOf},"blurred,\nsee CT",false,false\n`,
    );
    expect(exported('')).not.toContain('Zoë');
  });
});

describe('moments', () => {
  it('are times, ids or the time before everything', () => {
    expect(momentOf(tableOf([]))).toBe('');
    expect(momentOf(tableOf([events[2]!, events[0]!]))).toBe(events[2]!.time);
    const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    expect(parseMoment(ulid)).toEqual({ time: 1469922850259, id: ulid });
    expect(() => parseMoment('last Tuesday')).toThrow(/neither a time nor the id/);
  });
});
