/**
 * Lists that pages look at. A list is the order of items as it was queried: it does not move while labels
 * change under it, and the items in it are read fresh.
 */
import { randomUUID } from 'node:crypto';
import { OverreadError } from '../core/base/errors';
import type { ImageGroups } from '../core/review/imageGroups';

/** What a list holds, in order. */
export interface Listed {
  /** Item numbers; of images those of their findings. */
  readonly rows: Int32Array;
  /** The images that are listed; null in a list of items. */
  readonly images: ImageGroups | null;
}

export interface List extends Listed {
  readonly root: string;
  readonly queue: string;
  /** Items that are one place of the list: all of an image, or one. */
  readonly width: number;
  /** Where the places that a page asked for last stand in the list, from 0; by item number, of images by sample. */
  readonly given: Map<number, number>;
}

/** How many places a list has. */
export function lengthOf({ rows, images }: Listed): number {
  return images ? images.samples.length : rows.length;
}

/** Where an item stands in a list, from 0, as far as a page has asked for it. */
export function placeIn({ given, width }: List, row: number): number | undefined {
  return given.get(Math.floor(row / width));
}

/** Lists a window may hold; the oldest is forgotten first, and its page asks again. */
const maxLists = 32;
/** As many as a page keeps (`ItemBlocks`), and a few that are on their way. */
const mostGiven = 26_000;

export class ItemLists {
  private readonly lists = new Map<string, List>();

  /** @param findings of an image */
  add(root: string, queue: string, listed: Listed, findings: number): string {
    const id = randomUUID();
    const { rows, images } = listed;
    this.lists.set(id, { root, rows, images, queue, width: images ? findings : 1, given: new Map() });
    const oldest = this.lists.keys().next().value;
    if (this.lists.size > maxLists && oldest !== undefined) this.lists.delete(oldest);
    return id;
  }

  /** @throws OverreadError OVR803 when the list is gone: the table changed, or it was released */
  get(id: string): List {
    const list = this.lists.get(id);
    if (list) return list;
    throw new OverreadError({
      code: 'OVR803',
      message: 'This list of items is out of date',
      fix: 'Ask again',
    });
  }

  /** A list of this project; undefined for one that is gone. */
  find(root: string, id: string): List | undefined {
    const list = this.lists.get(id);
    return list?.root === root ? list : undefined;
  }

  /** The item numbers of a piece of a list, of images the samples, which a page is about to have. */
  give({ rows, images, given }: List, start: number, count: number): Int32Array {
    const piece = (images?.samples ?? rows).subarray(start, start + count);
    piece.forEach((number, offset) => {
      // Inserted again, so that the oldest go first.
      given.delete(number);
      given.set(number, start + offset);
    });
    for (const number of given.keys()) {
      if (given.size <= mostGiven) break;
      given.delete(number);
    }
    return piece;
  }

  /** Whether a page may have an item of a project, by its number. */
  isGiven(root: string): (row: number) => boolean {
    const lists = [...this.lists.values()].filter((list) => list.root === root);
    return (row) => lists.some((list) => placeIn(list, row) !== undefined);
  }

  release(id: string): void {
    this.lists.delete(id);
  }

  /** Forgets the lists of a project whose table changed: its item numbers mean something else now. */
  releaseProject(root: string): void {
    for (const [id, list] of this.lists) if (list.root === root) this.lists.delete(id);
  }
}
