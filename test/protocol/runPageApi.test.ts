/** What the page of a run may send, and what may be restored from a former window. */
import { describe, expect, it } from 'vitest';
import { checkedRunPageMethods, parseRunPageState, type RunPageMethods } from '../../src/protocol/runPageApi';

describe('parseRunPageState', () => {
  const state = { v: 1, root: '/project', run: '2026-11-23T081500.123Z-first' };

  it('gives the known fields and nothing else', () => {
    expect(parseRunPageState({ ...state, more: 1 })).toEqual(state);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'v1'],
    ['another version', { ...state, v: 2 }],
    ['no root', { ...state, root: 5 }],
    ['no run', { ...state, run: null }],
  ])('drops %s', (_name, value) => {
    expect(parseRunPageState(value)).toBeUndefined();
  });
});

describe('checkedRunPageMethods', () => {
  const seen: unknown[][] = [];
  const note =
    (name: string) =>
    (...params: unknown[]): Promise<never> => {
      seen.push([name, ...params]);
      return Promise.resolve(undefined as never);
    };
  const names = [
    'ready',
    'bands',
    'thresholds',
    'tryTarget',
    'showChanged',
    'keepTarget',
    'guarantee',
    'report',
    'log',
  ] as const;
  const handlers = Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as RunPageMethods;
  const checked = checkedRunPageMethods(handlers) as unknown as Record<
    keyof RunPageMethods,
    (...params: unknown[]) => Promise<unknown>
  >;

  it('hands on what is as it should be, and no more', async () => {
    await checked.ready(true, 'more');
    await checked.tryTarget('Mass', { sensitivity: 0.9 }, false);
    await checked.tryTarget('Mass', 'youden', false);
    await checked.showChanged('Mass', 0.25, false);
    await checked.keepTarget('Mass', { threshold: 0.25 });
    await checked.keepTarget('Mass', null);
    await checked.guarantee({ output: 'Mass', figure: 'npv', atLeast: 0.98, confidence: 0.95, file: '/etc' });
    expect(seen).toEqual([
      ['ready', true],
      ['tryTarget', 'Mass', { sensitivity: 0.9 }, false],
      ['tryTarget', 'Mass', 'youden', false],
      ['showChanged', 'Mass', 0.25, false],
      ['keepTarget', 'Mass', { threshold: 0.25 }],
      ['keepTarget', 'Mass', null],
      ['guarantee', { output: 'Mass', figure: 'npv', atLeast: 0.98, confidence: 0.95 }],
    ]);
  });

  it('refuses everything else', async () => {
    const odd: [keyof RunPageMethods, ...unknown[]][] = [
      ['ready', 'yes'],
      ['bands'],
      ['thresholds', '', false],
      ['thresholds', 'x'.repeat(1001), false],
      ['tryTarget', 'Mass', 'best', false],
      ['tryTarget', 'Mass', { sensitivity: 1 }, false],
      ['tryTarget', 'Mass', { sensitivity: 0.9, specificity: 0.9 }, false],
      ['tryTarget', 'Mass', { file: '/etc/passwd' }, false],
      ['tryTarget', 'Mass', null, false],
      ['showChanged', 'Mass', NaN, false],
      ['showChanged', 'Mass', '0.5', false],
      ['keepTarget', { toString: () => 'Mass' }, 'youden'],
      ['keepTarget', 'Mass'],
      ['guarantee', 'Mass'],
      ['guarantee', { output: 'Mass', figure: 'auroc', atLeast: 0.98, confidence: 0.95 }],
      ['guarantee', { output: 'Mass', figure: 'ppv', atLeast: 1, confidence: 0.95 }],
      ['log', { html: '<b>' }],
    ];
    for (const [name, ...params] of odd) {
      await expect(checked[name](...params), `${name} ${JSON.stringify(params)}`).rejects.toMatchObject({
        code: 'OVR004',
      });
    }
  });
});
