/**
 * The items of a list, fetched in blocks as they come into view and kept within bounds. They live outside the
 * reducer: a scroll through 112,120 tiles would copy the state thousands of times to no one's use.
 */
import type { ItemKey, ReviewItem } from '../../../src/protocol/engineApi';
import { imageOfKey } from '../../../src/protocol/itemKeys';

export type FetchItems = (list: string, start: number, count: number) => Promise<readonly ReviewItem[]>;

const blockSize = 120;
/** Blocks kept: 24,000 items, about 20 MB. */
const mostBlocks = 200;
const mostInFlight = 3;

interface Block {
  items: ReviewItem[];
  /** Labels changed since it was fetched: shown as it is until its new state is here. */
  stale: boolean;
}

export class ItemBlocks {
  private list: string | undefined;
  private total = 0;
  private blocks = new Map<number, Block>();
  private positions = new Map<ItemKey, number>();
  private readonly inFlight = new Set<number>();
  private wanted: readonly number[] = [];
  private generation = 0;
  private read: readonly ReviewItem[] = [];

  constructor(
    private readonly fetch: FetchItems,
    private readonly onLoaded: () => void,
    private readonly onFailed: (error: unknown) => void,
  ) {}

  /** Turns to another list and forgets the old one's items. */
  reset(list: string, total: number): void {
    this.generation += 1;
    this.list = list;
    this.total = total;
    this.blocks = new Map();
    this.positions = new Map();
    this.inFlight.clear();
    this.wanted = [];
  }

  /** Where the block of a position starts and how many items it may hold: what `seed` wants. */
  static blockOf(index: number): { readonly start: number; readonly count: number } {
    return { start: Math.floor(index / blockSize) * blockSize, count: blockSize };
  }

  /** Takes a block that was fetched before the list was turned to, so that nothing flashes empty. */
  seed(start: number, items: readonly ReviewItem[]): void {
    this.keep(start / blockSize, items);
  }

  /** The item at a position, or undefined while it is not here. */
  at(index: number): ReviewItem | undefined {
    return this.blocks.get(Math.floor(index / blockSize))?.items[index % blockSize];
  }

  /** The position of an item that is here; in a list by image that of its image. */
  positionOf(key: ItemKey): number | undefined {
    return this.positions.get(key) ?? this.positions.get(imageOfKey(key));
  }

  /** An item that is here; in a list by image one of those in doubt, or of the image that is read. */
  byKey(key: ItemKey): ReviewItem | undefined {
    const index = this.positionOf(key);
    const item = index === undefined ? undefined : this.at(index);
    if (item === undefined || item.key === key) return item;
    return [...(item.findings ?? []), ...this.read].find((finding) => finding.key === key);
  }

  /** All findings of the image that is read, where an image has several. */
  findingsOf(image: ReviewItem): readonly ReviewItem[] {
    return this.read.some(({ key }) => imageOfKey(key) === imageOfKey(image.key)) ? this.read : [];
  }

  /** Takes all findings of an image, which the list itself does not hold. */
  takeFindings(findings: readonly ReviewItem[]): void {
    this.read = findings;
  }

  /** What should be here: [first, last). Replaces what was wanted before, so fast scrolling skips blocks. */
  want(first: number, last: number): void {
    const wanted: number[] = [];
    const end = Math.min(last, this.total);
    for (let block = Math.floor(first / blockSize); block * blockSize < end; block++) wanted.push(block);
    this.wanted = wanted;
    this.pump();
  }

  /** Takes the new state of items, wherever they are in the list. */
  apply(items: readonly ReviewItem[]): void {
    for (const item of items) {
      const index = this.positionOf(item.key);
      const block = index === undefined ? undefined : this.blocks.get(Math.floor(index / blockSize));
      const known = index === undefined ? undefined : block?.items[index % blockSize];
      if (!block || index === undefined || !known) continue;
      block.items[index % blockSize] = known.key === item.key ? item : withFinding(known, item);
    }
    if (this.read.length === 0) return;
    const now = new Map(items.map((item) => [item.key, item]));
    this.read = this.read.map((item) => now.get(item.key) ?? item);
  }

  /** Labels changed elsewhere: fetch again what is in view, and the rest when it comes into view. */
  markStale(): void {
    for (const block of this.blocks.values()) block.stale = true;
    this.pump();
  }

  private pump(): void {
    const { list } = this;
    if (list === undefined) return;
    for (const number of this.wanted) {
      if (this.inFlight.size >= mostInFlight) return;
      const block = this.blocks.get(number);
      if (this.inFlight.has(number) || (block && !block.stale)) continue;
      this.inFlight.add(number);
      void this.load(list, number, this.generation);
    }
  }

  private async load(list: string, number: number, generation: number): Promise<void> {
    const start = number * blockSize;
    const held = this.blocks.get(number);
    if (held) held.stale = false;
    try {
      const items = await this.fetch(list, start, Math.min(blockSize, this.total - start));
      if (generation !== this.generation) return;
      this.inFlight.delete(number);
      this.keep(number, items);
      this.onLoaded();
      this.pump();
    } catch (error) {
      if (generation !== this.generation) return;
      // Not tried again before something else is wanted: a failing host must not be asked in a loop.
      this.inFlight.delete(number);
      this.onFailed(error);
    }
  }

  private keep(number: number, items: readonly ReviewItem[]): void {
    // A Map keeps the order of insertion: the first is the one fetched longest ago.
    this.blocks.delete(number);
    this.blocks.set(number, { items: [...items], stale: false });
    items.forEach((item, i) => this.positions.set(item.key, number * blockSize + i));
    for (const [old, block] of this.blocks) {
      if (this.blocks.size <= mostBlocks) break;
      if (this.wanted.includes(old)) continue;
      this.blocks.delete(old);
      for (const item of block.items) this.positions.delete(item.key);
    }
  }
}

/** An image with one of its findings as it is now. */
function withFinding(image: ReviewItem, finding: ReviewItem): ReviewItem {
  const findings = image.findings?.map((one) => (one.key === finding.key ? finding : one));
  return findings ? { ...image, findings } : image;
}
