/** Long work in pieces: one result however it is divided, and turns that end when their time is over. */
import { describe, expect, it } from 'vitest';
import { atOnce, inTurns, ofRanges, type Pieces, type Turns } from '../../../src/core/base/pieces';

/** A clock that goes on by a piece's time with each look. */
function fakeTurns(ms: number, perPiece: number): Turns & { readonly given: number[] } {
  const given: number[] = [];
  let now = 0;
  return {
    ms,
    given,
    now: () => (now += perPiece),
    next: () => Promise.resolve(void given.push(now)),
  };
}

function* sum(length: number, ranges: [number, number][] = []): Pieces<number> {
  let total = 0;
  const add = (from: number, to: number): void => {
    ranges.push([from, to]);
    for (let n = from; n < to; n++) total += n;
  };
  yield* ofRanges(length, add, 10);
  return total;
}

describe('long work', () => {
  it('comes to the same at once and in turns, each number once', async () => {
    for (const length of [0, 1, 10, 11, 99]) {
      const ranges: [number, number][] = [];
      expect(atOnce(sum(length, ranges))).toBe((length * Math.max(0, length - 1)) / 2);
      expect(ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, k) => from + k))).toEqual(
        Array.from({ length }, (_, n) => n),
      );
      expect(await inTurns(sum(length), fakeTurns(4, 1))).toBe((length * Math.max(0, length - 1)) / 2);
    }
  });

  it('gives way once a turn has lasted its time, and not before', async () => {
    // Ten pieces of one millisecond and the end, after which whoever waits has a turn of their own.
    const short = fakeTurns(1, 1);
    await inTurns(sum(100), short);
    expect(short.given).toHaveLength(11);
    const longer = fakeTurns(4, 1);
    await inTurns(sum(100), longer);
    expect(longer.given).toHaveLength(3);
    const slow = fakeTurns(4, 50);
    await inTurns(sum(100), slow);
    expect(slow.given).toHaveLength(11);
  });

  it('ends in the turn that it has hardly used', async () => {
    // The end takes a look at the clock, of a millisecond: a quarter of the turn.
    const turns = fakeTurns(4, 1);
    await inTurns(sum(0), turns);
    expect(turns.given).toEqual([]);
    const long = fakeTurns(4, 3);
    await inTurns(sum(0), long);
    expect(long.given).toHaveLength(1);
  });

  it('ends with what it throws', async () => {
    function* failing(): Pieces<number> {
      yield;
      throw new RangeError('no');
    }
    expect(() => atOnce(failing())).toThrow('no');
    await expect(inTurns(failing(), fakeTurns(1, 1))).rejects.toThrow('no');
  });

  it('lets the event loop have what waits for it', async () => {
    let heard = 0;
    let isOver = false;
    const listen = (): void => {
      heard++;
      if (!isOver) setImmediate(listen);
    };
    setImmediate(listen);
    // Turns of no time at all: each piece is one.
    const turns = { ms: 0, now: () => 0, next: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    await inTurns(sum(100), turns);
    isOver = true;
    expect(heard).toBeGreaterThanOrEqual(9);
  });
});
