import { describe, expect, it } from 'vitest';
import { shownItem } from '../../webview-ui/grid/state/shown';
import { item, state } from './support/builders';

describe('what a tile shows', () => {
  it('says whether the model agrees', () => {
    expect(shownItem(item(1), state()).agrees).toBe(false);
    expect(shownItem(item(1, { value: 'effusion', wrong: false }), state()).agrees).toBe(true);
    expect(shownItem(item(1, { value: null, wrong: false }), state()).agrees).toBeNull();
    expect(shownItem(item(1, { predicted: null, wrong: false }), state()).agrees).toBeNull();
    expect(shownItem(item(1, { value: 'uncertain', wrong: false }), state()).agrees).toBeNull();
  });

  it.each([
    [{ id: 1, op: 'set', value: 'effusion' }, 'effusion', true],
    [{ id: 1, op: 'set', value: 'other' }, 'other', false],
    [{ id: 1, op: 'accept' }, 'effusion', true],
    [{ id: 1, op: 'uncertain' }, 'uncertain', null],
    [{ id: 1, op: 'keep' }, 'normal', false],
  ] as const)('shows the value of the pending edit %o as saving, not as saved', (pending, value, agrees) => {
    const shown = shownItem(item(1), state({ pending: new Map([['s1', pending]]) }));
    expect(shown).toMatchObject({
      value,
      agrees,
      pending: true,
      edited: false,
      kept: false,
      excluded: false,
    });
  });

  it('shows the answer to a hidden item while it is saved, and nothing beside it', () => {
    const hidden = item(1, {
      hidden: true,
      path: '',
      given: null,
      value: null,
      predicted: null,
      wrong: false,
    });
    expect(shownItem(hidden, state())).toMatchObject({ hidden: true, value: null, agrees: null });
    const pending = new Map([['s1', { id: 1, op: 'set', value: 'effusion' } as const]]);
    expect(shownItem(hidden, state({ pending }))).toMatchObject({
      value: 'effusion',
      agrees: null,
      pending: true,
    });
  });
});
