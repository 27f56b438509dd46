/** The layers of `npm test` beside one another: no more work than cores, no order broken, no output mixed. */
import { describe, expect, it } from 'vitest';
import { LayerPrinter } from '../../scripts/test/printer.mjs';
import { runSideBySide, type Scheduled } from '../../scripts/test/schedule.mjs';

interface Layer extends Scheduled {
  /** Turns of the clock that it takes. */
  readonly turns: number;
}

/** Runs layers on a clock of their own. @returns the layers under way at each of its turns */
async function turnsOf(layers: readonly Layer[], cores: number): Promise<string[]> {
  const running = new Map<string, { left: number; end: () => void }>();
  const seen: string[] = [];
  let done = false;
  const all = runSideBySide(
    layers,
    cores,
    ({ name, turns }) => new Promise<void>((end) => running.set(name, { left: turns, end })),
  ).finally(() => {
    done = true;
  });
  // Whatever the end of a layer sets going has begun by then.
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  for (await turn(); !done; await turn()) {
    seen.push([...running.keys()].join(' '));
    for (const [name, layer] of running) {
      if (--layer.left > 0) continue;
      running.delete(name);
      layer.end();
    }
    await turn();
  }
  await all;
  return seen;
}

const layer = (name: string, cores: number, turns = 1, rest: Partial<Layer> = {}): Layer => ({
  ...{ name, cores, turns, after: [] },
  ...rest,
});

describe('layers side by side', () => {
  it('keep the cores busy and no more than busy, wide ones alone', async () => {
    const layers = [
      layer('wide', 2, 2),
      layer('long', 1, 3),
      layer('a', 1),
      layer('b', 1),
      layer('huge', Infinity),
    ];
    expect(await turnsOf(layers, 2)).toEqual(['wide', 'wide', 'long a', 'long b', 'long', 'huge']);
    expect(await turnsOf(layers, 3)).toEqual(['wide long', 'wide long', 'long a b', 'huge']);
  });

  it('go before an earlier one for which there is no room', async () => {
    const layers = [layer('a', 1, 3), layer('wide', 2), layer('b', 1), layer('c', 1)];
    expect(await turnsOf(layers, 2)).toEqual(['a b', 'a c', 'a', 'wide']);
  });

  it('wait for those that they need, where these are run at all, and for those of their place', async () => {
    const needs = { after: ['build', 'absent'] };
    const layers = [
      layer('test', 1, 1, { ...needs, place: 'out' }),
      layer('other', 1, 1, { ...needs, place: 'out' }),
      layer('build', 1),
      layer('free', 1, 2),
    ];
    expect(await turnsOf(layers, 4)).toEqual(['build free', 'free test', 'other']);
  });

  it('that wait for each other are an error', async () => {
    const layers = [layer('a', 1, 1, { after: ['b'] }), layer('b', 1, 1, { after: ['a'] })];
    await expect(runSideBySide(layers, 2, () => Promise.resolve())).rejects.toThrow('a,b');
  });
});

describe('what layers side by side print', () => {
  it('is shown one after the other, that of the first as it comes', () => {
    let shown = '';
    const printer = new LayerPrinter(['a', 'b', 'c'], (text) => (shown += text));
    printer.print('b', 'b1 ');
    printer.print('a', 'a1 ');
    printer.print('c', 'c1 ');
    expect(shown).toBe('a1 ');
    printer.end('c');
    printer.print('a', 'a2 ');
    printer.end('a');
    expect(shown).toBe('a1 a2 b1 ');
    printer.print('b', 'b2 ');
    printer.end('b');
    expect(shown).toBe('a1 a2 b1 b2 c1 ');
    // A process that it left behind.
    printer.print('c', 'late');
    expect(shown).toBe('a1 a2 b1 b2 c1 ');
  });
});
