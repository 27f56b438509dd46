/** Which images lie at a place, and inside a line that was drawn. */

/** Points in cells, so that the nearest is found without asking all. */
export class PointGrid {
  private readonly cells = new Map<number, number[]>();
  private readonly left: number;
  private readonly bottom: number;
  private readonly side: number;

  constructor(private readonly xy: Float32Array) {
    let [left, right, bottom, top, count] = [Infinity, -Infinity, Infinity, -Infinity, 0];
    for (let i = 0; i < xy.length; i += 2) {
      const [x, y] = [xy[i] ?? NaN, xy[i + 1] ?? NaN];
      if (Number.isNaN(x)) continue;
      count++;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [bottom, top] = [Math.min(bottom, y), Math.max(top, y)];
    }
    this.left = left;
    this.bottom = bottom;
    // About two points in a cell.
    this.side = Math.max(right - left, top - bottom, 1e-6) / Math.max(1, Math.sqrt(count / 2));
    for (let n = 0; n < xy.length / 2; n++) {
      const [x, y] = [xy[2 * n] ?? NaN, xy[2 * n + 1] ?? NaN];
      if (Number.isNaN(x)) continue;
      const key = this.key(this.column(x), this.row(y));
      const cell = this.cells.get(key);
      if (cell) cell.push(n);
      else this.cells.set(key, [n]);
    }
  }

  /** The nearest point within a distance; undefined where there is none. */
  nearest(x: number, y: number, within: number): number | undefined {
    const reach = Math.ceil(within / this.side);
    // Zoomed far out, a circle of cells holds everything: then one cell around is near enough.
    const cells = Math.min(reach, 6);
    let best: number | undefined;
    let least = within * within;
    for (let c = this.column(x) - cells; c <= this.column(x) + cells; c++) {
      for (let r = this.row(y) - cells; r <= this.row(y) + cells; r++) {
        for (const n of this.cells.get(this.key(c, r)) ?? []) {
          const square = this.square(n, x, y);
          if (square <= least) [least, best] = [square, n];
        }
      }
    }
    return best;
  }

  /** The so many nearest to a place, the nearest first. */
  closest(x: number, y: number, count: number): number[] {
    return Array.from({ length: this.xy.length / 2 }, (_, n) => n)
      .filter((n) => !Number.isNaN(this.xy[2 * n] ?? NaN))
      .map((n) => ({ n, square: this.square(n, x, y) }))
      .sort((a, b) => a.square - b.square)
      .slice(0, count)
      .map(({ n }) => n);
  }

  private square(n: number, x: number, y: number): number {
    return ((this.xy[2 * n] ?? NaN) - x) ** 2 + ((this.xy[2 * n + 1] ?? NaN) - y) ** 2;
  }

  private column(x: number): number {
    return Math.floor((x - this.left) / this.side);
  }

  private row(y: number): number {
    return Math.floor((y - this.bottom) / this.side);
  }

  private key(column: number, row: number): number {
    return column * 65_536 + row;
  }
}

export type Place = readonly [x: number, y: number];

/** The points inside a closed line, by the even-odd rule. */
export function pointsInside(xy: Float32Array, line: readonly Place[]): number[] {
  const found: number[] = [];
  for (let n = 0; n < xy.length / 2; n++) {
    const [x, y] = [xy[2 * n] ?? NaN, xy[2 * n + 1] ?? NaN];
    if (!Number.isNaN(x) && isInside(line, x, y)) found.push(n);
  }
  return found;
}

function isInside(line: readonly Place[], x: number, y: number): boolean {
  let inside = false;
  let [bx, by] = line.at(-1) ?? [NaN, NaN];
  for (const [ax, ay] of line) {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    [bx, by] = [ax, ay];
  }
  return inside;
}
