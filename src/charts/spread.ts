/**
 * Places for labels that want to stand at `wanted`, at least `gap` apart and within the ends, in the same order.
 * They move no further than they must; when there is no room for all, the gap shrinks.
 *
 * @param wanted rising
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const step = wanted.length < 2 ? gap : Math.min(gap, (high - low) / (wanted.length - 1));
  let least = low;
  const pushedUp = wanted.map((place) => {
    const at = Math.max(place, least);
    least = at + step;
    return at;
  });
  let most = high;
  const places = pushedUp.reverse().map((place) => {
    const at = Math.min(place, most);
    most = at - step;
    return at;
  });
  return places.reverse();
}
