/** Where the items that a page asked for last stand in its list; bounded, because lists are long. */
import type { ItemKey, ReviewItem } from '../../protocol/engineApi';

/** Far more tiles than a person can have seen since the list was made. */
const mostRemembered = 4096;

export class ShownItems {
  private readonly ranks = new Map<ItemKey, number>();

  remember(start: number, items: readonly ReviewItem[]): void {
    items.forEach((item, offset) => {
      // Re-inserted, so that the oldest go first.
      this.ranks.delete(item.key);
      this.ranks.set(item.key, start + offset);
    });
    for (const key of this.ranks.keys()) {
      if (this.ranks.size <= mostRemembered) break;
      this.ranks.delete(key);
    }
  }

  readonly rank = (key: ItemKey): number | undefined => this.ranks.get(key);

  clear(): void {
    this.ranks.clear();
  }
}
