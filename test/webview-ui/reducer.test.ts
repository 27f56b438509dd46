import { describe, expect, it } from 'vitest';
import type { Action } from '../../webview-ui/grid/state/actions';
import type { GridState } from '../../webview-ui/grid/state/model';
import { reduce } from '../../webview-ui/grid/state/reducer';
import { item, itemList, outcome, state } from './support/builders';

const run = (from: GridState, ...actions: readonly Action[]): GridState => actions.reduce(reduce, from);
const listed = state({ list: itemList('a', 10), focus: { index: 2, key: 's2' } });

describe('edits', () => {
  const started: Action = {
    type: 'editStarted',
    keys: ['s1', 's2'],
    edit: { id: 7, op: 'set', value: 'effusion', reason: 'why' },
  };

  it('are pending until they are acknowledged', () => {
    const pending = run({ ...listed, reason: 'why' }, started);
    expect([...pending.pending.keys()]).toEqual(['s1', 's2']);
    expect(pending.reason).toBe('');
    const done = run(pending, { type: 'editDone', id: 7, outcome: outcome([item(1), item(2)]) });
    expect(done.pending.size).toBe(0);
    expect(done.project?.editsSinceRun).toBe(1);
    expect(done.project?.queues['errors']).toBe(2);
    expect(done.canRedo).toBe(false);
  });

  it('roll back when they fail, and give the reason back', () => {
    const failed = run({ ...listed, reason: 'why' }, started, {
      type: 'editFailed',
      id: 7,
      fault: { code: 'OVR405', message: 'locked' },
    });
    expect(failed.pending.size).toBe(0);
    expect(failed.reason).toBe('why');
    expect(failed.fault?.code).toBe('OVR405');
  });

  it('do not overwrite a reason that was typed meanwhile', () => {
    const failed = run(
      { ...listed, reason: 'why' },
      started,
      { type: 'reasonSet', reason: 'another' },
      { type: 'editFailed', id: 7, fault: { code: 'OVR405', message: 'locked' } },
    );
    expect(failed.reason).toBe('another');
  });

  it('leave the mark of a later edit on the same item', () => {
    const both = run(
      listed,
      started,
      { type: 'editStarted', keys: ['s2'], edit: { id: 8, op: 'keep' } },
      { type: 'editDone', id: 7, outcome: outcome([item(1), item(2)]) },
    );
    expect([...both.pending]).toEqual([['s2', { id: 8, op: 'keep' }]]);
  });
});

describe('focus and selection', () => {
  it('keep the focus inside the list', () => {
    expect(run(listed, { type: 'focused', index: 99, key: 's99' }).focus).toEqual({ index: 9, key: null });
    expect(run(listed, { type: 'focused', index: -1, key: null }).focus.index).toBe(0);
  });

  it('know the key of the focused item only for that position', () => {
    const unknown = run(listed, { type: 'focused', index: 3, key: null });
    expect(run(unknown, { type: 'focusKnown', index: 3, key: 's3' }).focus.key).toBe('s3');
    expect(run(unknown, { type: 'focusKnown', index: 4, key: 's4' })).toBe(unknown);
  });

  it('end with a plain move and with an answer to one of them', () => {
    const selected = { ...listed, selected: new Set(['s1', 's2']), anchor: 1 };
    const move = { type: 'focused', index: 3, key: 's3' } as const;
    expect(run(selected, move)).toMatchObject({ anchor: 3, selected: new Set() });
    const stays = run(selected, { ...move, keep: true });
    expect(stays).toMatchObject({ anchor: 1, focus: { index: 3 } });
    expect([...stays.selected]).toEqual(['s1', 's2']);
    // Also where the focus is there already.
    expect(run(selected, { type: 'focused', index: 2, key: 's2' }).selected.size).toBe(0);
    const answer = (keys: readonly string[]) =>
      run(selected, { type: 'editStarted', keys, edit: { id: 1, op: 'keep' } }).selected.size;
    expect([answer(['s2', 's1']), answer(['s7'])]).toEqual([0, 2]);
  });

  it('toggle, replace, extend and clear', () => {
    const one = run(listed, { type: 'toggled', index: 4, key: 's4' });
    expect(one.anchor).toBe(4);
    const more = run(one, { type: 'selected', keys: ['s5', 's6'], add: true });
    expect([...more.selected]).toEqual(['s4', 's5', 's6']);
    expect([...run(more, { type: 'selected', keys: ['s1'], add: false }).selected]).toEqual(['s1']);
    expect([...run(more, { type: 'toggled', index: 4, key: 's4' }).selected]).toEqual(['s5', 's6']);
    const none = run(more, { type: 'selectionCleared' });
    expect(none.selected.size).toBe(0);
    expect(run(none, { type: 'selectionCleared' })).toBe(none);
  });

  it('change no input', () => {
    const before = new Set(['s1']);
    run({ ...listed, selected: before }, { type: 'toggled', index: 4, key: 's4' });
    expect([...before]).toEqual(['s1']);
  });
});

describe('queries', () => {
  it('say a fault of the expression beside the field, others as a failure', () => {
    const busy = run(listed, { type: 'querying' });
    const filter = run(busy, { type: 'queryFailed', fault: { code: 'OVR901', message: 'no column x' } });
    expect(filter.filterFault?.message).toBe('no column x');
    expect(filter.fault).toBeNull();
    expect(filter.list).toBe(listed.list);
    const other = run(busy, { type: 'queryFailed', fault: { code: 'OVR004', message: 'gone' } });
    expect(other.fault?.message).toBe('gone');
    expect(other.querying).toBe(false);
  });

  it('take a new list with its focus and selection', () => {
    const next = run(
      { ...listed, filterFault: { code: 'OVR900', message: '' }, selected: new Set(['s1', 's9']) },
      {
        type: 'listed',
        list: itemList('b', 3),
        focus: { index: 1, key: 's9' },
        selected: new Set(['s9']),
        sitting: null,
      },
    );
    expect(next).toMatchObject({ filterFault: null, anchor: 1, querying: false });
    expect([...next.selected]).toEqual(['s9']);
  });
});

describe('settings', () => {
  it('stay in their ranges', () => {
    expect(run(listed, { type: 'tileSizeSet', size: 9_999 }).settings.tileSize).toBe(320);
    expect(run(listed, { type: 'detailWidthSet', width: 10 }).detailWidth).toBe(280);
  });
});

describe('heat maps', () => {
  it('are changed one by one, with an opacity of whole percent', () => {
    const on = run(listed, { type: 'heatmapsSet', change: { onTiles: true } });
    expect(on.heatmaps).toEqual({ inDetail: false, onTiles: true, opacity: 60, output: null });
    const chosen = run(on, { type: 'heatmapsSet', change: { output: 'normal', opacity: 33.4 } });
    expect(chosen.heatmaps).toEqual({ inDetail: false, onTiles: true, opacity: 33, output: 'normal' });
  });

  it.each([
    [140, 100],
    [-1, 0],
  ])('keep an opacity of %i in range', (opacity, kept) => {
    expect(run(listed, { type: 'heatmapsSet', change: { opacity } }).heatmaps.opacity).toBe(kept);
  });
});
