/** Reading by words gives what reading byte after byte does, whatever stands there. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import {
  byteWords,
  isEarlierTimeAt,
  isTextAt,
  keyOfId,
  newlineFrom,
  timeText,
  wordText,
} from '../../../src/core/labels/byteWords';

const random = new SplitMix32(9);
/** Bytes near those that decide, at a place that no word begins at. */
function bytesOf(length: number, near: readonly number[]): Uint8Array {
  const whole = new Uint8Array(length + 3);
  const bytes = whole.subarray(3);
  for (let k = 0; k < length; k++) {
    bytes[k] = random.uniform() < 0.7 ? near[random.below(near.length)]! : random.below(256);
  }
  return bytes;
}

describe('bytes read as words', () => {
  it('find each newline', () => {
    for (let round = 0; round < 2000; round++) {
      const bytes = bytesOf(random.below(40), [0x20, 0x09, 0x0b, 0x8a, 0x00, 0x01, 0xff]);
      const words = byteWords(bytes);
      const starts = Array.from({ length: bytes.length + 1 }, (_, start) => start);
      expect(starts.map((start) => newlineFrom(words, start))).toEqual(
        starts.map((start) => bytes.indexOf(0x0a, start)),
      );
    }
  });

  it('take for an id what has only characters from 0 to Z, wherever another stands', () => {
    const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const all = Array.from({ length: 256 }, (_, byte) => byte);
    for (let at = 0; at < id.length; at++) {
      const taken = all.filter((byte) => {
        const bytes = new TextEncoder().encode(`x${id}`);
        bytes[at + 1] = byte;
        return keyOfId(byteWords(bytes), 1) >= 0;
      });
      expect(taken, `at ${at}`).toEqual(all.slice(0x30, 0x5b));
    }
    expect(keyOfId(byteWords(new TextEncoder().encode(id.slice(1))), 0)).toBe(-1);
  });

  it('tell ids apart', () => {
    const keys = new Set<number>();
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    for (let k = 0; k < 20_000; k++) {
      const tail = Array.from({ length: 4 }, (_, c) => alphabet[(k >> (5 * c)) & 31]!).join('');
      keys.add(keyOfId(byteWords(new TextEncoder().encode(`01ARZ3NDEKTSV4RRFFQ69G${tail}`)), 0));
    }
    expect(keys.size).toBeGreaterThan(19_900);
  });

  it('find a text only where all of it stands', () => {
    const text = '","batch":"';
    const bytes = new TextEncoder().encode(`ab${text}`);
    expect(isTextAt(byteWords(bytes), 2, wordText(text))).toBe(true);
    expect(isTextAt(byteWords(bytes), 1, wordText(text))).toBe(false);
    expect(isTextAt(byteWords(bytes.subarray(0, bytes.length - 1)), 2, wordText(text))).toBe(false);
    for (let k = 2; k < bytes.length; k++) {
      const other = bytes.slice();
      other[k]! ^= 1;
      expect(isTextAt(byteWords(other), 2, wordText(text))).toBe(false);
    }
  });

  it('take for an earlier time what is one, in order and in form', () => {
    const until = '2026-03-09T12:34:56.789Z';
    const at = (text: string) =>
      isEarlierTimeAt(byteWords(new TextEncoder().encode(`x${text}`)), 1, timeText(until));
    expect(at(until)).toBe(false);
    for (let k = 0; k < until.length; k++) {
      const texts = Array.from(
        { length: 128 },
        (_, byte) => until.slice(0, k) + String.fromCharCode(byte) + until.slice(k + 1),
      );
      const isForm = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text);
      expect(texts.filter(at)).toEqual(texts.filter((text) => isForm(text) && text < until));
    }
  });
});
