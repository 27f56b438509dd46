import { describe, expect, it } from 'vitest';
import { isHidden, shownItem } from '../../webview-ui/grid/state/shown';
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

  it('hides the model, and the answers of others, in blind mode until it is answered', () => {
    const blind = state({ settings: { ...state().settings, blind: true } });
    const edited = item(1, { edited: true, kept: true, disputed: true });
    expect(isHidden(blind, 's1')).toBe(true);
    expect(shownItem(edited, blind)).toMatchObject({
      hidden: true,
      predicted: null,
      confidence: null,
      agrees: null,
      edited: false,
      kept: false,
      disputed: false,
    });
    const answered = { ...blind, answered: new Set(['s1']) };
    expect(shownItem(edited, answered)).toMatchObject({
      hidden: false,
      predicted: 'effusion',
      agrees: false,
    });
  });
});
