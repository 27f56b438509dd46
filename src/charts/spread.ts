/**
 * Places for labels that want to stand at `wanted`, at least `gap` apart and within the ends, in the same order.
 * They move no further than they must; when there is no room for all, the gap shrinks.
 *
 * @param wanted rising
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const step = wanted.length < 2 ? gap : Math.min(gap, (high - low) / (wanted.length - 1));
  const places = [...wanted];
  for (let i = 0; i < places.length; i++) {
    const least = i === 0 ? low : places[i - 1]! + step;
    places[i] = Math.max(places[i]!, least);
  }
  for (let i = places.length - 1; i >= 0; i--) {
    const most = i === places.length - 1 ? high : places[i + 1]! - step;
    places[i] = Math.min(places[i]!, most);
  }
  return places;
}
