import { describe, expect, it } from 'vitest';
import { NewestFirst } from '../../../src/core/base/newestFirst';

describe('NewestFirst', () => {
  it('runs no more than it may at once, of the rest the newest first', async () => {
    const turns = new NewestFirst(2);
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const all = [0, 1, 2, 3, 4].map((i) =>
      turns.run(async () => {
        begun.push(i);
        await new Promise<void>((resolve) => ends.push(resolve));
        return i;
      }),
    );
    expect(begun).toEqual([0, 1]);
    for (let i = 0; i < all.length; i++) {
      ends[i]?.();
      await new Promise(setImmediate);
    }
    expect(begun).toEqual([0, 1, 4, 3, 2]);
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  });

  it('goes on after a failure', async () => {
    const turns = new NewestFirst(1);
    const failed = turns.run(() => Promise.reject(new Error('no')));
    const next = turns.run(() => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
