/**
 * Lists that pages look at. A list is the order of items as it was queried: it does not move while labels
 * change under it, and the items in it are read fresh.
 */
import { randomUUID } from 'node:crypto';
import { OverreadError } from '../core/base/errors';

export interface List {
  readonly root: string;
  readonly rows: Int32Array;
  readonly queue: string;
  /** Where the items that a page asked for last stand in the list, from 0; by item number. */
  readonly given: Map<number, number>;
}

/** Lists a window may hold; the oldest is forgotten first, and its page asks again. */
const maxLists = 32;
/** As many as a page keeps (`ItemBlocks`), and a few that are on their way. */
const mostGiven = 26_000;

export class ItemLists {
  private readonly lists = new Map<string, List>();

  add(root: string, queue: string, rows: Int32Array): string {
    const id = randomUUID();
    this.lists.set(id, { root, rows, queue, given: new Map() });
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

  /** The item numbers of a piece of a list, which a page is about to have. */
  give({ rows, given }: List, start: number, count: number): Int32Array {
    const piece = rows.subarray(start, start + count);
    piece.forEach((row, offset) => {
      // Inserted again, so that the oldest go first.
      given.delete(row);
      given.set(row, start + offset);
    });
    for (const row of given.keys()) {
      if (given.size <= mostGiven) break;
      given.delete(row);
    }
    return piece;
  }

  /** Whether a page may have an item of a project, by its number. */
  isGiven(root: string): (row: number) => boolean {
    const lists = [...this.lists.values()].filter((list) => list.root === root);
    return (row) => lists.some(({ given }) => given.has(row));
  }

  release(id: string): void {
    this.lists.delete(id);
  }

  /** Forgets the lists of a project whose table changed: its item numbers mean something else now. */
  releaseProject(root: string): void {
    for (const [id, list] of this.lists) if (list.root === root) this.lists.delete(id);
  }
}
