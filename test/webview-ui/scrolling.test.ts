import { describe, expect, it } from 'vitest';
import { computeLayout, tilePlace, tilesBetween, topToShow } from '../../webview-ui/grid/tiles/layout';
import { moveByKey } from '../../webview-ui/grid/tiles/moves';
import { ScrollMap } from '../../webview-ui/grid/tiles/scrollMap';

describe('layout', () => {
  const layout = computeLayout(1_000, 1_000, 160, 2);

  it('fills the width and stays inside it', () => {
    expect(layout.columns).toBe(5);
    const right = layout.padding + layout.columns * layout.tileWidth + (layout.columns - 1) * layout.gap;
    expect(right).toBeLessThanOrEqual(1_000 - layout.padding);
    expect(layout.rows).toBe(200);
  });

  it('gives one column in a narrow pane and nothing for an empty list', () => {
    expect(computeLayout(3, 90, 160, 2).columns).toBe(1);
    expect(computeLayout(0, 1_000, 160, 2).contentHeight).toBe(0);
  });

  it('finds exactly the tiles whose rows are touched', () => {
    for (const top of [0, 1, 300, 12_345]) {
      const { first, last } = tilesBetween(layout, top, top + 700);
      const touched = (index: number): boolean => {
        const { y } = tilePlace(layout, index);
        return y + layout.rowHeight > top && y < top + 700;
      };
      expect(first % layout.columns).toBe(0);
      expect(touched(first)).toBe(true);
      if (first > 0) expect(touched(first - 1)).toBe(false);
      expect(touched(last - 1)).toBe(true);
      expect(touched(last)).toBe(false);
    }
    expect(tilesBetween(layout, layout.contentHeight, layout.contentHeight + 700)).toEqual({
      first: 1_000,
      last: 1_000,
    });
  });

  it('scrolls as little as needed', () => {
    expect(topToShow(layout, 0, 500, 700)).toBe(0);
    expect(topToShow(layout, 5, 0, 700)).toBe(0);
    const down = topToShow(layout, 100, 0, 700);
    const { y } = tilePlace(layout, 100);
    expect(y + layout.tileHeight).toBeLessThanOrEqual(down + 700);
    expect(topToShow(layout, 100, down, 700)).toBe(down);
  });
});

describe('ScrollMap', () => {
  it('is the identity for what a browser can scroll', () => {
    const map = new ScrollMap(100_000, 800);
    map.scrolled(4_321);
    expect([map.top, map.offset, map.spacerHeight]).toEqual([4_321, 0, 100_000]);
  });

  describe.each([5_000_000, 60_000_000])('of %d px', (height) => {
    const make = (): ScrollMap => new ScrollMap(height, 800);

    it('reaches both ends by the scrollbar', () => {
      const map = make();
      map.scrolled(ScrollMap.tallest - 800);
      expect(map.top).toBe(height - 800);
      map.scrolled(0);
      expect(map.top).toBe(0);
    });

    it('reaches every part by the scrollbar, in proportion', () => {
      const map = make();
      map.scrolled((ScrollMap.tallest - 800) * 0.75);
      expect(map.top / (height - 800)).toBeCloseTo(0.75, 6);
    });

    it('moves 1:1 with the wheel, and settling moves nothing', () => {
      const map = make();
      let physical = map.goTo(height / 2);
      const before = map.top;
      for (let i = 0; i < 10; i++) {
        physical += 120;
        map.scrolled(physical);
      }
      expect(map.top).toBeCloseTo(before + 1_200, 6);
      const top = map.top;
      map.settle();
      expect(map.top).toBe(top);
    });

    it('lets the wheel go on to the very ends', () => {
      for (const [from, step, end] of [
        [5_000, -120, 0],
        [height - 6_000, 120, height - 800],
      ] as const) {
        const map = make();
        let physical = map.goTo(from);
        for (let i = 0; i < 200; i++) {
          physical = Math.min(Math.max(physical + step, 0), ScrollMap.tallest - 800);
          map.scrolled(physical);
          if (map.cornered) physical = map.settle();
        }
        expect(Math.abs(map.top - end)).toBeLessThan(800);
      }
    });
  });
});

describe('navigation keys', () => {
  const move = (key: string, index: number, total = 23): number | undefined =>
    moveByKey(key, index, total, 5, 3);

  it.each([
    ['ArrowRight', 4, 5],
    ['ArrowRight', 22, 22],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 7, 12],
    ['ArrowDown', 19, 22], // a short last row
    ['ArrowDown', 21, 21],
    ['ArrowUp', 3, 3],
    ['ArrowUp', 8, 3],
    ['PageDown', 1, 16],
    ['PageDown', 20, 22],
    ['PageUp', 16, 1],
    ['PageUp', 8, 3],
    ['Home', 12, 0],
    ['End', 12, 22],
  ])('%s from %d leads to %d', (key, from, to) => {
    expect(move(key, from)).toBe(to);
  });

  it('leaves other keys and empty lists alone', () => {
    expect(move('a', 3)).toBeUndefined();
    expect(move('1', 3)).toBeUndefined();
    expect(move('End', 0, 0)).toBeUndefined();
  });
});
