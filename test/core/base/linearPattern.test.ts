/** Patterns of overread.yaml: JavaScript's meaning, in linear time whatever they are. */
import { expect, it } from 'vitest';
import { extractPattern, patternFault } from '../../../src/core/base/linearPattern';

const texts = [
  'patient00001/study1/view1.jpg',
  ' 00000013_005.png ',
  'a\u00a0b c\u2003d',
  'line\rend\u2028x',
  'Ärzte-Straße_12',
  '',
  null,
];

/** A text on which the pattern's own engine runs out of time, so that all cells go the linear way. */
const slow = `${'a'.repeat(60)}!`;

it.each([
  'patient(\\d+)',
  '^(\\d+)_',
  '(?<study>study\\d)',
  '\\S+',
  '[\\s,]+(.)',
  '[^\\s]+\\s(\\S)',
  'd.?$',
  '.+',
  '(\\w+)[-_.](\\w+)',
  '\\p{Lu}(\\p{Ll}+)',
  '\\u0061|\\u{42}',
  '[.\\]]png',
  'x*',
])('finds the same in both ways: %s', (pattern) => {
  const quick = extractPattern(pattern, texts);
  const linear = extractPattern(`(?:${pattern})|^(?:a+)+$`, [...texts, slow]);
  // The second alternative finds nothing in these texts; it only makes the pattern slow on the last.
  expect(linear.slice(0, texts.length)).toEqual(quick);
  const expression = new RegExp(pattern, 'u');
  expect(quick).toEqual(
    texts.map((text) => {
      const match = expression.exec(text?.trim() ?? '');
      return match ? (match[1] ?? match[0]) || null : null;
    }),
  );
});

// What goes back and tries again takes longer than any limit: 2 to the power of 60 steps for the first.
it('takes a time that grows with the text, however the pattern is nested', { timeout: 60_000 }, () => {
  expect(extractPattern('^((a+)+)+$', [slow, 'aaa'])).toEqual([null, 'aaa']);
  expect(extractPattern('(\\d*)*\\d*(\\d*)+x', ['1'.repeat(20_000)])).toEqual([null]);
});

it('says what cannot be used', () => {
  expect(patternFault('patient(\\d+)')).toBeUndefined();
  expect(patternFault('(?<=x)y')).toBe('it looks ahead or behind');
  expect(patternFault('a(?!b)')).toBe('it looks ahead or behind');
  expect(patternFault('(a)\\1')).toBe('it refers back to a group');
  expect(patternFault('(')).toBeDefined();
  expect(patternFault('a{5000}')).toContain('repeat count');
});
