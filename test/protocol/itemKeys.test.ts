import { describe, expect, it } from 'vitest';
import { imageKey, itemKey } from '../../src/core/review/itemKey';
import { findingOfKey, imageOfKey, keyOfFinding } from '../../src/protocol/itemKeys';

describe('keys as the page takes them apart', () => {
  it.each([
    ['a/b c.png', 'Pleural thickening'],
    ['ä%2F', "Crohn's; a/b"],
    ['s', 'class'],
  ])('are those that the engine makes: %s, %s', (sample, finding) => {
    const key = itemKey(sample, finding);
    expect(imageOfKey(key)).toBe(imageKey(sample));
    expect(imageOfKey(imageKey(sample))).toBe(imageKey(sample));
    expect(keyOfFinding(imageKey(sample), finding)).toBe(key);
    expect(keyOfFinding(itemKey(sample, 'Other'), finding)).toBe(key);
    expect([findingOfKey(key), findingOfKey(imageKey(sample))]).toEqual([finding, '']);
  });
});
