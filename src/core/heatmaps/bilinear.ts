/**
 * Bilinear interpolation of small maps, as PyTorch's `interpolate(mode='bilinear', align_corners=False)`: values
 * stand at the centres of their cells, beyond the outermost centres they go on as they are.
 */

/** The two cells between whose centres each place along an axis lies, and its share of the second. */
export interface AxisTaps {
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly share: Float64Array;
}

/** @param places in cells from the map's edge, so that the centre of cell i is i + 0.5 */
export function axisTaps(places: Float64Array, cells: number): AxisTaps {
  const at = places.map((place) => Math.min(Math.max(place - 0.5, 0), cells - 1));
  const first = Int32Array.from(at, Math.floor);
  return {
    first,
    next: first.map((cell) => Math.min(cell + 1, cells - 1)),
    share: at.map((place, i) => place - first[i]!),
  };
}

/** The taps that enlarge (or shrink, without smoothing) an axis of `cells` to `pixels`. */
export function scaleTaps(cells: number, pixels: number): AxisTaps {
  return axisTaps(
    Float64Array.from({ length: pixels }, (_, i) => ((i + 0.5) * cells) / pixels),
    cells,
  );
}

/**
 * Interpolates a map.
 * @param map row-major, `width` values a row
 * @param into rows × columns of the taps, row-major
 */
export function interpolate(
  map: Float32Array,
  width: number,
  rows: AxisTaps,
  columns: AxisTaps,
  into: Float32Array,
): void {
  const across = columns.first.length;
  for (let y = 0, at = 0; y < rows.first.length; y++) {
    const upper = rows.first[y]! * width;
    const lower = rows.next[y]! * width;
    const down = rows.share[y]!;
    for (let x = 0; x < across; x++, at++) {
      const [left, right, share] = [columns.first[x]!, columns.next[x]!, columns.share[x]!];
      const above = map[upper + left]! * (1 - share) + map[upper + right]! * share;
      const below = map[lower + left]! * (1 - share) + map[lower + right]! * share;
      into[at] = above * (1 - down) + below * down;
    }
  }
}
