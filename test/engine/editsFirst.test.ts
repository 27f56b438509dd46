/** Long work of the engine gives way to edits that have their turn, and to no more than those. */
import { describe, expect, it } from 'vitest';
import { inTurns, type Pieces } from '../../src/core/base/pieces';
import { EditsFirst } from '../../src/engine/editsFirst';

/** Each piece ends its turn. */
class ShortTurns extends EditsFirst {
  override readonly ms = 0;
}

function* pieces(count: number, done: string[]): Pieces<void> {
  for (let n = 1; n <= count; n++) {
    done.push(`piece ${n}`);
    yield;
  }
}

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work beside edits', () => {
  it('stands still while an edit has its turn', async () => {
    const turns = new ShortTurns();
    const done: string[] = [];
    let end = (): void => undefined;
    const work = inTurns(pieces(3, done), turns);
    const edit = turns.during(async () => {
      await new Promise<void>((resolve) => (end = resolve));
      done.push('edit');
    });
    for (let n = 0; n < 10; n++) await soon();
    expect(done).toEqual(['piece 1']);
    end();
    await Promise.all([edit, work]);
    expect(done).toEqual(['piece 1', 'edit', 'piece 2', 'piece 3']);
  });

  it('does not begin while an edit has its turn: of a batch some items may be as before and some as after', async () => {
    const turns = new ShortTurns();
    const done: string[] = [];
    const edit = turns.during(async () => {
      for (let n = 0; n < 10; n++) await soon();
      done.push('edit');
    });
    await Promise.all([edit, inTurns(pieces(2, done), turns)]);
    expect(done).toEqual(['edit', 'piece 1', 'piece 2']);
  });

  it('goes on although one edit follows the other, and when one fails', async () => {
    const turns = new ShortTurns();
    const done: string[] = [];
    let isOver = false;
    const edits = async (): Promise<void> => {
      while (!isOver) {
        const failing = turns.during(async () => {
          await soon();
          throw new Error('no disk');
        });
        await expect(failing).rejects.toThrow('no disk');
      }
    };
    const editing = edits();
    await inTurns(pieces(5, done), turns);
    isOver = true;
    await editing;
    expect(done).toHaveLength(5);
  });
});
