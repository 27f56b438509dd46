/** A whole tile, as a person sees it in a window of any size. */
import { expect } from 'vitest';
import { eventually } from './eventually';
import type { ReviewPage } from './reviewPage';

/** The whole of the focused tile is between the edges of the list. Gives its place in the list, from 1. */
export function showsWholeTile(page: ReviewPage): Promise<number> {
  return eventually('a whole tile is in view', async () => {
    const at = await page.focusedPosition();
    expect(at).toBeGreaterThan(0);
    expect(await page.isWholeInView(at)).toBe(true);
    const [tile, list] = [await page.tile(at).boundingBox(), await page.tiles.boundingBox()];
    expect(tile!.x + tile!.width).toBeLessThanOrEqual(list!.x + list!.width);
    return at;
  });
}
