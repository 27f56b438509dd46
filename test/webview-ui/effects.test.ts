import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ItemQuery, ReviewItem } from '../../src/protocol/engineApi';
import type { GridEdit, GridMethods } from '../../src/protocol/gridApi';
import { RemoteError } from '../../src/protocol/rpc';
import { Commands } from '../../webview-ui/grid/effects/commands';
import type { EffectContext } from '../../webview-ui/grid/effects/context';
import { Edits } from '../../webview-ui/grid/effects/edits';
import { Lists } from '../../webview-ui/grid/effects/lists';
import { Selection } from '../../webview-ui/grid/effects/selection';
import { Formatter } from '../../webview-ui/grid/format';
import { Store } from '../../webview-ui/grid/state/store';
import { english } from '../../webview-ui/grid/strings';
import { ItemBlocks } from '../../webview-ui/grid/tiles/itemBlocks';
import { item, itemList, outcome, project, state } from './support/builders';

const keysOf = ({ items }: GridEdit): readonly string[] => (items === 'all' ? [] : items);

type Host = { [K in keyof GridMethods]?: (...params: never[]) => unknown };

/** A page without views: effects over a host that answers from these lists. */
async function open(
  lists: Record<string, readonly ReviewItem[]>,
  host: Host = {},
  queryList = () => 'first',
) {
  const said: string[] = [];
  const store = new Store();
  const methods: Host = {
    query: () => itemList(queryList(), lists[queryList()]?.length ?? 0),
    items: (list: string, start: number, count: number) => (lists[list] ?? []).slice(start, start + count),
    keys: (list: string) => (lists[list] ?? []).map(({ key }) => key),
    edit: (edit: GridEdit) =>
      outcome(keysOf(edit).map((key) => item(Number(key.slice(1)), { edited: true }))),
    ...host,
  };
  const call = vi.fn(async (method: keyof GridMethods, ...params: unknown[]): Promise<unknown> => {
    await Promise.resolve();
    return (methods[method] as ((...params: unknown[]) => unknown) | undefined)?.(...params);
  });
  const rpc = { call } as unknown as EffectContext['rpc'];
  const items = new ItemBlocks(
    (list, start, count) => rpc.call('items', list, start, count),
    vi.fn(),
    vi.fn(),
  );
  const context: EffectContext = {
    store,
    rpc,
    items,
    formatter: new Formatter(english, 'en'),
    say: (text) => said.push(text),
  };
  const queries = new Lists(context);
  const edits = new Edits(context, queries);
  const selection = new Selection(context, queries);
  const retryHeatmaps = vi.fn();
  const commands = new Commands(context, queries, edits, selection, {
    focusFilter: vi.fn(),
    takeKeys: vi.fn(),
    hintLabels: vi.fn(),
    showKeys: vi.fn(),
    retryHeatmaps,
  });
  store.dispatch({ type: 'started', project: project(), settings: state().settings });
  await queries.run({ key: null, selected: new Set() }, 'query');
  const asked = (method: keyof GridMethods): unknown[][] =>
    call.mock.calls.filter(([name]) => name === method).map(([, ...params]) => params);
  return { store, items, queries, edits, selection, commands, retryHeatmaps, said, asked };
}

const first = [item(0), item(1), item(2), item(3)];

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', () => 0);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('editing', () => {
  it('acts on the focused item, then moves on', async () => {
    const { store, edits, asked } = await open({ first });
    await edits.edit('accept');
    expect(asked('edit')).toEqual([
      [{ op: 'accept', items: ['s0'], list: 'first', ms: expect.any(Number) as number }],
    ]);
    expect(store.state.focus).toEqual({ index: 1, key: 's1' });
    expect(store.state.pending.size).toBe(0);
  });

  it('acts on the selection and stays', async () => {
    const { store, edits, asked, selection } = await open({ first });
    await selection.range(2, false);
    await edits.labelByIndex(1);
    const items = ['s0', 's1', 's2'];
    expect(asked('edit')).toEqual([[{ op: 'set', value: 'effusion', items, list: 'first' }]]);
    expect(store.state.focus.index).toBe(2);
  });

  it('names a whole long list instead of its items', async () => {
    const long = Array.from({ length: 1500 }, (_, i) => item(i));
    const { edits, asked, selection } = await open({ first: long });
    await selection.all();
    await edits.edit('keep');
    expect(asked('edit')).toEqual([[{ op: 'keep', items: 'all', list: 'first' }]]);
    await selection.range(1200, false);
    await edits.edit('keep');
    expect(keysOf(asked('edit')[1]?.[0] as GridEdit)).toHaveLength(1201);
  });

  it('is shown at once, and rolled back when it cannot be saved', async () => {
    const { store, items, edits, said } = await open(
      { first },
      {
        edit: () => {
          throw new RemoteError({ code: 'OVR405', message: 'The label file is locked' });
        },
      },
    );
    const editing = edits.edit('keep');
    expect(store.state.pending.get('s0')?.op).toBe('keep');
    await editing;
    expect(store.state.pending.size).toBe(0);
    expect(items.at(0)?.kept).toBe(false);
    expect(store.state.fault).toMatchObject({ code: 'OVR405' });
    expect(said.at(-1)).toBe('Not saved: The label file is locked');
  });

  it('keeps the order of edits', async () => {
    const order: string[] = [];
    const { edits } = await open(
      { first },
      {
        edit: async (edit: GridEdit) => {
          await new Promise((resolve) => setTimeout(resolve, keysOf(edit)[0] === 's0' ? 20 : 0));
          order.push(keysOf(edit)[0] ?? '');
          return outcome([item(0)]);
        },
      },
    );
    await Promise.all([edits.edit('accept'), edits.edit('accept'), edits.edit('accept')]);
    expect(order).toEqual(['s0', 's1', 's2']);
  });

  it('sends the reason once', async () => {
    const { store, edits, asked } = await open({ first });
    store.dispatch({ type: 'reasonSet', reason: ' seen on the lateral ' });
    await edits.edit('keep');
    await edits.edit('keep');
    expect(asked('edit').map(([edit]) => (edit as GridEdit).reason)).toEqual([
      'seen on the lateral',
      undefined,
    ]);
  });

  it('is refused in a workspace that is not trusted', async () => {
    const { store, edits, said, asked } = await open({ first });
    const settings = { ...state().settings, readOnly: true };
    store.dispatch({ type: 'started', project: project(), settings });
    await edits.edit('accept');
    expect(asked('edit')).toEqual([]);
    expect(said.at(-1)).toBe(english.readOnly);
  });

  it.each(['accept', 'keep', 'include'] as const)('of what is hidden is refused: %s', async (op) => {
    const { edits, said, asked } = await open({ first: [item(0, { hidden: true })] });
    await edits.edit(op);
    expect(asked('edit')).toEqual([]);
    expect(said.at(-1)).toBe(english.blindRefusal);
  });

  it('says when there is no such label', async () => {
    const { edits, asked, said } = await open({ first });
    await edits.labelByIndex(8);
    expect(asked('edit')).toEqual([]);
    expect(said.at(-1)).toBe('There is no label 9.');
  });
});

describe('lists', () => {
  it('keep focus and selection by key when a run re-ranks them', async () => {
    let which = 'first';
    const second = [item(9), item(3), item(2), item(0)];
    const page = await open({ first, second }, {}, () => which);
    page.store.dispatch({ type: 'focused', index: 2, key: 's2' });
    page.store.dispatch({ type: 'selected', keys: ['s0', 's1'], add: false });
    which = 'second';
    await page.queries.rerank(true);
    expect(page.store.state.focus).toEqual({ index: 2, key: 's2' });
    expect([...page.store.state.selected]).toEqual(['s0']);
    expect(page.items.at(0)?.key).toBe('s9');
    expect(page.said.at(-1)).toBe('Re-ranked after the new run: 4 images');
    // Its intervals came: nothing that is to be said again.
    const { length } = page.said;
    await page.queries.rerank();
    expect(page.said.slice(length)).toEqual([]);
  });

  it('go to the top when the focused item is gone', async () => {
    let which = 'first';
    const page = await open({ first, second: [item(7), item(8)] }, {}, () => which);
    page.store.dispatch({ type: 'focused', index: 3, key: 's3' });
    which = 'second';
    await page.queries.rerank();
    expect(page.store.state.focus).toEqual({ index: 0, key: 's7' });
  });

  /** A page whose next list comes when `arrive` is called; by then `which` has become the second. */
  async function opensSlowly(second: readonly ReviewItem[]) {
    let which = 'first';
    let arrive: () => void = () => undefined;
    let wait = Promise.resolve();
    const page = await open(
      { first, second },
      {
        query: async () => {
          await wait;
          return itemList(which, which === 'first' ? first.length : second.length);
        },
      },
      () => which,
    );
    wait = new Promise((resolve) => (arrive = resolve));
    which = 'second';
    return { ...page, arrive: () => arrive() };
  }

  it('make a move that came while they were on their way, from their top', async () => {
    const page = await opensSlowly([item(3), item(2), item(1), item(0)]);
    page.store.dispatch({ type: 'focused', index: 2, key: 's2' });
    const changing = page.queries.change({ queue: 'all' });
    await page.commands.run({ name: 'next' });
    // What is seen is what an answer hits: the list on show goes along.
    expect(page.store.state.focus).toEqual({ index: 3, key: 's3' });
    page.arrive();
    await changing;
    expect(page.store.state.focus).toEqual({ index: 1, key: 's2' });
    await page.commands.run({ name: 'next' });
    expect(page.store.state.focus).toEqual({ index: 2, key: 's1' });
  });

  it('fetch the items that the moves lead to', async () => {
    const page = await opensSlowly(Array.from({ length: 500 }, (_, i) => item(500 - i)));
    const changing = page.queries.change({ queue: 'all' });
    page.queries.moved((_, total) => total - 1);
    page.arrive();
    await changing;
    expect(page.store.state.focus).toEqual({ index: 499, key: 's1' });
  });

  it('stay with what the reviewer has gone on to when a run re-ranks them', async () => {
    const page = await opensSlowly([item(3), item(2), item(1), item(0)]);
    const ranking = page.queries.rerank();
    await page.commands.run({ name: 'next' });
    page.arrive();
    await ranking;
    expect(page.store.state.focus).toEqual({ index: 2, key: 's1' });
  });

  it('show the answer to the last question only', async () => {
    const answers: (() => void)[] = [];
    let n = 0;
    const page = await open({ first, 'list-1': [item(1)], 'list-2': [item(2)] });
    const rpc = (page.queries as unknown as { context: EffectContext }).context.rpc as {
      call: (method: string, ...params: unknown[]) => Promise<unknown>;
    };
    const original = rpc.call;
    rpc.call = (method, ...params) => {
      if (method !== 'query') return original(method, ...params);
      const list = itemList(`list-${++n}`, 1);
      return new Promise((resolve) => answers.push(() => resolve(list)));
    };
    const both = [page.queries.change({ queue: 'all' }), page.queries.change({ queue: 'disputed' })];
    answers[1]?.();
    answers[0]?.();
    await Promise.all(both);
    expect(page.store.state.list?.list).toBe('list-2');
  });

  it('of a blind reading ask without hints', async () => {
    const page = await open({ first });
    page.store.dispatch({ type: 'projectChanged', project: project({ blind: true }) });
    await page.queries.change({ predicted: ['effusion'] });
    const query = page.asked('query').at(-1)?.[0] as ItemQuery;
    expect(query.sort).toBe('path');
    expect(query.predicted).toBeUndefined();
  });
});

describe('commands', () => {
  it('of a tile menu act on the selection only when the tile belongs to it', async () => {
    const page = await open({ first });
    page.store.dispatch({ type: 'selected', keys: ['s1', 's2'], add: false });
    await page.commands.run({ name: 'keep' }, ['s2']);
    await page.commands.run({ name: 'keep' }, ['s3']);
    expect(page.asked('edit').map(([edit]) => (edit as GridEdit).items)).toEqual([['s1', 's2'], ['s3']]);
  });

  it('select all of a list of which only a part is here', async () => {
    const long = Array.from({ length: 500 }, (_, i) => item(i));
    const page = await open({ first: long });
    await page.commands.run({ name: 'selectAll' });
    expect(page.store.state.selected.size).toBe(500);
  });

  it('start one training at a time', async () => {
    let end: () => void = () => undefined;
    const page = await open({ first }, { finetune: () => new Promise<void>((resolve) => (end = resolve)) });
    const training = page.commands.finetune();
    await page.commands.finetune();
    expect(page.store.state.finetuning).toBe(true);
    await Promise.resolve();
    end();
    await training;
    expect(page.asked('finetune')).toHaveLength(1);
    expect(page.store.state.finetuning).toBe(false);
  });

  it('turn the heat map on in Read mode, which begins for it, and off', async () => {
    const page = await open({ first });
    await page.commands.run({ name: 'toggleHeatmap' });
    expect(page.store.state).toMatchObject({
      reading: true,
      heatmaps: { inDetail: true, onTiles: false },
    });
    expect(page.retryHeatmaps).toHaveBeenCalledTimes(1);
    await page.commands.run({ name: 'toggleHeatmap' });
    expect(page.store.state).toMatchObject({ reading: true, heatmaps: { inDetail: false } });
    expect(page.said.slice(-2)).toEqual(['Heat map on.', 'Heat map off.']);
  });

  it('show a heat map that is on already when only Read mode has not begun', async () => {
    const page = await open({ first });
    page.store.dispatch({ type: 'heatmapsSet', change: { inDetail: true } });
    await page.commands.run({ name: 'toggleHeatmap' });
    expect(page.store.state).toMatchObject({ reading: true, heatmaps: { inDetail: true } });
  });

  it('turn the heat maps of the tiles on and off by themselves', async () => {
    const page = await open({ first });
    await page.commands.run({ name: 'toggleTileHeatmaps' });
    expect(page.store.state).toMatchObject({
      reading: false,
      heatmaps: { inDetail: false, onTiles: true },
    });
    await page.commands.run({ name: 'toggleTileHeatmaps' });
    expect(page.store.state.heatmaps.onTiles).toBe(false);
  });

  it('say why there are no heat maps before the first run', async () => {
    const page = await open({ first });
    page.store.dispatch({ type: 'projectChanged', project: project({ latestRun: null }) });
    await page.commands.run({ name: 'toggleTileHeatmaps' });
    expect(page.store.state.heatmaps.onTiles).toBe(false);
    expect(page.store.state.fault?.message).toMatch(/^No run yet/);
    await page.commands.run({ name: 'toggleHeatmap' });
    // Read mode begins with the reason in it.
    expect(page.store.state).toMatchObject({ reading: true, heatmaps: { inDetail: false } });
    expect(page.said.at(-1)).toMatch(/^No run yet/);
  });
});
