import { describe, expect, it, vi } from 'vitest';
import type { GridMethods } from '../../src/protocol/gridApi';
import {
  RejectedRequest,
  checkedGridMethods,
  parseFocus,
  parseGridEdit,
  parseItemQuery,
  parseKeys,
  parsePickRequest,
} from '../../src/protocol/gridRequests';

const query = { queue: 'errors', splits: ['train'], sort: 'loss', descending: true };

describe('parseItemQuery', () => {
  it('keeps the known fields and drops the rest', () => {
    const full = {
      ...query,
      finding: 'Edema',
      given: ['1'],
      predicted: ['0'],
      samples: ['a.png'],
      batch: '01J',
      where: 'age > 3',
    };
    expect(parseItemQuery({ ...full, file: '/etc/passwd', __proto__: { queue: 'all' } })).toEqual(full);
  });

  it.each([
    ['nothing', undefined],
    ['a list', [query]],
    ['a queue that is no text', { ...query, queue: ['errors'] }],
    ['no sort key', { ...query, sort: undefined }],
    ['an unknown split', { ...query, splits: ['train', 'holdout'] }],
    ['too many splits', { ...query, splits: ['train', 'train', 'train', 'train'] }],
    ['no direction', { ...query, descending: 1 }],
    ['a number as expression', { ...query, where: 3 }],
    ['an endless expression', { ...query, where: 'x'.repeat(30_000) }],
    ['classes that are no texts', { ...query, given: [{}] }],
    ['given as text', { ...query, given: 'normal' }],
  ])('rejects %s', (_name, value) => {
    expect(() => parseItemQuery(value)).toThrow(RejectedRequest);
  });
});

describe('parseGridEdit', () => {
  it('keeps a value with set, null too', () => {
    const full = { op: 'set', items: ['a'], list: 'l', value: null, reason: 'r', ms: 12 };
    expect(parseGridEdit(full)).toEqual(full);
    const keep = { op: 'keep', items: ['a'], list: 'l' };
    expect(parseGridEdit({ ...keep, extra: 1 })).toEqual(keep);
    expect(parseGridEdit({ ...keep, items: 'all' })).toEqual({ ...keep, items: 'all' });
  });

  it('keeps what stands around an answer that is still to be picked', () => {
    const full = { items: ['a'], list: 'l', reason: 'r', ms: 12 };
    expect(parsePickRequest({ ...full, op: 'set', value: 'x', role: 'adjudicator' })).toEqual(full);
    expect(() => parsePickRequest({ ...full, items: 'all' })).toThrow(RejectedRequest);
  });

  it.each([
    ['an unknown op', { op: 'undo', items: ['a'] }],
    ['an inherited op', { op: 'constructor', items: ['a'] }],
    ['no items', { op: 'keep', items: [] }],
    ['items that are no keys', { op: 'keep', items: [1] }],
    ['a word that is no list', { op: 'keep', items: 'some' }],
    ['a list that has no name', { op: 'keep', items: ['a'], list: 7 }],
    ['a value without set', { op: 'keep', items: ['a'], value: 'normal' }],
    ['set without a value', { op: 'set', items: ['a'] }],
    ['negative time', { op: 'keep', items: ['a'], ms: -1 }],
    ['broken time', { op: 'keep', items: ['a'], ms: Number.NaN }],
  ])('rejects %s', (_name, value) => {
    expect(() => parseGridEdit({ list: 'l', ...value })).toThrow(RejectedRequest);
  });
});

describe('the small parsers', () => {
  it('narrow focus and keys', () => {
    expect(parseFocus({ gridFocused: true, textFocused: false, selected: 3, more: 1 })).toEqual({
      gridFocused: true,
      textFocused: false,
      selected: 3,
    });
    expect(() => parseFocus({ gridFocused: true, textFocused: false })).toThrow(RejectedRequest);
    expect(() => parseKeys('a')).toThrow(RejectedRequest);
    expect(() => parseKeys(new Array(200_001).fill('a'))).toThrow(RejectedRequest);
  });
});

describe('checkedGridMethods', () => {
  const handlers = {
    items: vi.fn(() => Promise.resolve([])),
    reveal: vi.fn(() => Promise.resolve()),
    heatmaps: vi.fn(() => Promise.resolve([])),
    log: vi.fn(() => Promise.resolve()),
  };
  const methods = checkedGridMethods(handlers as unknown as GridMethods) as unknown as Record<
    string,
    (...params: unknown[]) => Promise<unknown>
  >;

  it('lets sound requests through, without further parameters', async () => {
    await methods['items']?.('list', 0, 100, 'more');
    expect(handlers.items).toHaveBeenCalledWith('list', 0, 100);
    await methods['heatmaps']?.(['a.png'], 'Edema', { root: '/' });
    expect(handlers.heatmaps).toHaveBeenCalledWith(['a.png'], 'Edema');
    await methods['log']?.('x'.repeat(5_000));
    expect(handlers.log).toHaveBeenCalledWith('x'.repeat(2_000));
  });

  it.each([
    ['items', ['list', -1, 10]],
    ['items', ['list', 0, 1e9]],
    ['items', ['list', 0.5, 10]],
    ['reveal', [{ path: '/' }]],
    ['heatmaps', ['a.png', 'Edema']],
    ['heatmaps', [[1], 'Edema']],
    ['heatmaps', [['a.png']]],
    ['heatmaps', [['a.png'], '']],
    ['heatmaps', [['a.png'], ['Edema']]],
    ['heatmaps', [new Array(201).fill('a.png'), 'Edema']],
  ])('rejects %s%j before the handler sees it', async (method, params) => {
    handlers.items.mockClear();
    handlers.reveal.mockClear();
    handlers.heatmaps.mockClear();
    await expect(methods[method]?.(...params)).rejects.toBeInstanceOf(RejectedRequest);
    expect(handlers.items).not.toHaveBeenCalled();
    expect(handlers.reveal).not.toHaveBeenCalled();
    expect(handlers.heatmaps).not.toHaveBeenCalled();
  });
});
