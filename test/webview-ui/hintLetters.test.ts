import { describe, expect, it } from 'vitest';
import { hintsFor } from '../../webview-ui/grid/answers/hintLetters';

describe('letters on labels', () => {
  it.each([0, 1, 9, 26, 27, 30, 40, 51, 52, 100, 676])(
    'are one hint for each of %i, none the beginning of another',
    (count) => {
      const hints = hintsFor(count);
      expect(hints).toHaveLength(count);
      expect(new Set(hints).size).toBe(count);
      for (const hint of hints) {
        expect(hint).toMatch(/^[a-z]{1,2}$/);
        expect(hints.filter((other) => other !== hint && other.startsWith(hint))).toEqual([]);
      }
    },
  );

  it('are single ones as long as they last', () => {
    expect(hintsFor(26).every((hint) => hint.length === 1)).toBe(true);
    expect(hintsFor(30).filter((hint) => hint.length === 1)).toHaveLength(25);
  });
});
