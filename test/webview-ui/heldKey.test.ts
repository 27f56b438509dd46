import { describe, expect, it } from 'vitest';
import { HeldKey } from '../../webview-ui/grid/read/heldKey';

function keyOf(start: boolean) {
  const state = { on: start };
  const key = new HeldKey({
    isOn: () => state.on,
    turn: () => {
      state.on = !state.on;
    },
  });
  return { state, key };
}

describe('a key that works while it is held', () => {
  it('stays on after a tap, and goes with the next', () => {
    const { state, key } = keyOf(false);
    key.press(0, false);
    expect(state.on).toBe(true);
    key.release(80);
    expect(state.on).toBe(true);
    key.press(500, false);
    expect(state.on).toBe(true);
    key.release(580);
    expect(state.on).toBe(false);
  });

  it('ends when it is let go of, however often it repeats itself', () => {
    const { state, key } = keyOf(false);
    key.press(0, false);
    for (let at = 25; at < 1000; at += 25) key.press(at, true);
    expect(state.on).toBe(true);
    key.release(1000);
    expect(state.on).toBe(false);
  });

  it('that is held while it is on leaves it on', () => {
    const { state, key } = keyOf(true);
    key.press(0, false);
    key.release(900);
    expect(state.on).toBe(true);
  });

  it('does nothing for a release without a press, and none for what somebody else turned off', () => {
    const { state, key } = keyOf(true);
    key.release(10);
    expect(state.on).toBe(true);
    const other = keyOf(false);
    other.key.press(0, false);
    other.state.on = false;
    other.key.release(900);
    expect(other.state.on).toBe(false);
  });
});
