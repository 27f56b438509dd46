/** What the page of a comparison may send, and what may be restored from a former window. */
import { describe, expect, it } from 'vitest';
import {
  checkedComparisonMethods,
  parseComparisonState,
  type ComparisonMethods,
} from '../../src/protocol/comparisonApi';

describe('parseComparisonState', () => {
  const state = { v: 1, root: '/project', comparison: '2026-11-23T081500.123Z-all' };

  it('gives the known fields and nothing else', () => {
    expect(parseComparisonState({ ...state, more: 1 })).toEqual(state);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'v1'],
    ['another version', { ...state, v: 2 }],
    ['no root', { ...state, root: 5 }],
    ['no comparison', { ...state, comparison: null }],
  ])('drops %s', (_name, value) => {
    expect(parseComparisonState(value)).toBeUndefined();
  });
});

describe('checkedComparisonMethods', () => {
  const logged: string[] = [];
  const handlers: ComparisonMethods = {
    ready: () => Promise.reject(new Error('not asked for here')),
    reveal: () => Promise.resolve(),
    openTable: () => Promise.resolve(),
    use: (model) => Promise.resolve(`network ${model}`),
    showDifferences: (first, second) => Promise.resolve(`${first} and ${second}`),
    log: (message) => {
      logged.push(message);
      return Promise.resolve();
    },
  };
  const checked = checkedComparisonMethods(handlers) as unknown as Record<
    keyof ComparisonMethods,
    (...params: unknown[]) => Promise<unknown>
  >;

  it('takes a message for the log, cut to a length', async () => {
    await checked.log('x'.repeat(5000));
    expect(logged).toEqual(['x'.repeat(2000)]);
  });

  it('refuses a message that is no text', async () => {
    await expect(checked.log({ html: '<b>' })).rejects.toMatchObject({ code: 'OVR004' });
  });

  it('takes networks by their numbers alone', async () => {
    await expect(checked.use(2, '/etc/passwd')).resolves.toBe('network 2');
    await expect(checked.showDifferences(0, 1)).resolves.toBe('0 and 1');
    for (const odd of [-1, 1.5, NaN, '1', null, { toString: () => '1' }]) {
      await expect(checked.use(odd)).rejects.toMatchObject({ code: 'OVR004' });
      await expect(checked.showDifferences(0, odd)).rejects.toMatchObject({ code: 'OVR004' });
    }
  });

  it('passes no parameter on: a page names no file', async () => {
    await expect(checked.reveal('/etc/passwd')).resolves.toBeUndefined();
    await expect(checked.openTable('/etc/passwd')).resolves.toBeUndefined();
  });
});
