/**
 * Lists that pages look at. A list is the order of items as it was queried: it does not move while labels
 * change under it, and the items in it are read fresh.
 */
import { randomUUID } from 'node:crypto';
import { OverreadError } from '../core/base/errors';

interface List {
  readonly root: string;
  readonly rows: Int32Array;
}

/** Lists a window may hold; the oldest is forgotten first, and its page asks again. */
const maxLists = 32;

export class ItemLists {
  private readonly lists = new Map<string, List>();

  add(root: string, rows: Int32Array): string {
    const id = randomUUID();
    this.lists.set(id, { root, rows });
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

  release(id: string): void {
    this.lists.delete(id);
  }

  /** Forgets the lists of a project whose table changed: its item numbers mean something else now. */
  releaseProject(root: string): void {
    for (const [id, list] of this.lists) if (list.root === root) this.lists.delete(id);
  }
}
