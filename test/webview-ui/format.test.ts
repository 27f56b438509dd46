import { describe, expect, it } from 'vitest';
import { Formatter, valuesByKey } from '../../webview-ui/grid/format';
import { errorQueue } from '../../src/core/review/queues';
import { english } from '../../webview-ui/grid/strings';
import { fill } from '../../webview-ui/texts';

const en = new Formatter(english, 'en');

describe('texts', () => {
  it('fill placeholders and leave unknown ones', () => {
    expect(fill('{n} of {total} {more}', { n: 1, total: 2 })).toBe('1 of 2 {more}');
    expect(fill('{toString}', {})).toBe('{toString}');
  });

  it('count in words of the language', () => {
    const { 'multi-class': images, 'multi-label': items } = errorQueue.counted;
    expect(en.plural(images, 1)).toBe('1 image with an error');
    expect(en.plural(images, 112_120)).toBe('112,120 images with errors');
    expect(en.plural(items, 1)).toBe('1 finding with an error');
    expect([en.units(1, false), en.units(2, false), en.units(2, true)]).toEqual([
      '1 image',
      '2 images',
      '2 findings',
    ]);
    const forms = { one: '{n} Fehler', other: '{n} Fehler' };
    expect(new Formatter(english, 'de').plural(forms, 112_120)).toBe('112.120 Fehler');
  });

  it('never call certain what is not', () => {
    expect(en.percent(1)).toBe('100%');
    expect(en.percent(0.9999)).toBe('>99%');
    expect(en.percent(0.0001)).toBe('<1%');
    expect(en.percent(0)).toBe('0%');
    expect(en.percent(0.874)).toBe('87%');
  });

  it('survive a language that is none', () => {
    expect(new Formatter(english, 'not a language').count(1_000)).toMatch(/1.?000/);
  });

  it('name label values', () => {
    expect(en.value('1', true)).toBe('present');
    expect(en.value('1', false)).toBe('1');
    expect(en.value(null, true)).toBe('unmentioned');
    expect(en.value(null, false)).toBe('no label');
  });

  it('show a time that cannot be read as it is', () => {
    expect(en.time('yesterday')).toBe('yesterday');
  });
});

describe('the values of the number keys', () => {
  it('are those of the finding looked at, or of the first', () => {
    const finding = (name: string) =>
      ({ name, values: [], uncertain: 'masked', unmentioned: 'negative' }) as const;
    const project = { findings: [finding('Mass'), finding('Edema')], valuesByKey: [['1', '0'], ['x']] };
    expect(valuesByKey(project, 'Edema')).toEqual(['x']);
    expect(valuesByKey(project, undefined)).toEqual(['1', '0']);
    expect(valuesByKey(project, 'gone')).toEqual(['1', '0']);
    expect(valuesByKey(null, undefined)).toEqual([]);
  });
});
