import { describe, expect, it } from 'vitest';
import { parseSaved, toSaved } from '../../webview-ui/grid/state/persist';
import { initialState } from '../../webview-ui/grid/state/model';
import { itemList, state } from './support/builders';

describe('the saved state', () => {
  const full = state({
    list: itemList('a', 5),
    focus: { index: 3, key: 's3' },
    selected: new Set(['s1', 's2']),
    reason: 'draft',
    lastChange: {
      op: 'edit',
      count: 1,
      path: 'images/1.png',
      to: [{ value: 'Pneumonia', previous: null, excluded: false, kept: false, count: 1 }],
      query: state().query,
    },
    shownFrom: { query: state().query, focus: 's1', sitting: null },
    sitting: { queue: 'errors', run: 'run', total: 23, answered: 1 },
    detailOpen: true,
    detailWidth: 500,
    heatmaps: { inDetail: true, onTiles: false, opacity: 35, output: 'effusion' },
  });

  it('comes back as it was, through JSON', () => {
    const saved = toSaved(full, 9);
    expect(parseSaved(JSON.parse(JSON.stringify(saved)))).toEqual(saved);
  });

  it('holds keys and no positions', () => {
    const saved = toSaved(full, 9);
    expect(saved?.focus).toBe('s3');
    expect(JSON.stringify(saved)).not.toContain('index');
  });

  it('is nothing before the project is known', () => {
    expect(toSaved(initialState, 0)).toBeUndefined();
  });

  it('leaves a very large selection out', () => {
    const many = new Set(Array.from({ length: 6_000 }, (_, i) => `s${i}`));
    expect(toSaved({ ...full, selected: many }, 9)?.selected).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'v1'],
    ['another version', { ...toSaved(full, 9), v: 2 }],
    ['no root', { ...toSaved(full, 9), root: 5 }],
    ['a query that is none', { ...toSaved(full, 9), query: { queue: 'errors' } }],
  ])('is dropped when it is %s', (_name, value) => {
    expect(parseSaved(value)).toBeUndefined();
  });

  it('replaces single fields that do not fit', () => {
    const odd = {
      ...toSaved(full, 9),
      tileSize: 1e9,
      detailWidth: 'wide',
      selected: [1, 's2', null],
      focus: 3,
    };
    expect(parseSaved(odd)).toMatchObject({ tileSize: 160, detailWidth: 420, selected: ['s2'], focus: null });
  });

  it('has no last change, and no list, where they are none', () => {
    const odd = {
      ...toSaved(full, 9),
      lastChange: { ...full.lastChange, to: [{ value: 7 }] },
      list: { list: 'a', seen: -1 },
    };
    expect(parseSaved(odd)).toMatchObject({ lastChange: null, list: null });
  });

  it('has no heat maps on when it is older than they are', () => {
    const { heatmaps: _heatmaps, ...older } = toSaved(full, 9)!;
    expect(parseSaved(older)?.heatmaps).toEqual(initialState.heatmaps);
  });

  it('replaces what does not fit of the heat maps', () => {
    const odd = {
      ...toSaved(full, 9),
      heatmaps: { inDetail: 'yes', onTiles: true, opacity: 300, output: 7 },
    };
    expect(parseSaved(odd)?.heatmaps).toEqual({ inDetail: false, onTiles: true, opacity: 60, output: null });
  });
});
