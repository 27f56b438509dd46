/**
 * The offer that is being answered in this window: labels that are looked at blind, each with how it came in
 * (docs/suspects.md#offers). Those that the reader has answered before are blind again until they are answered here.
 */
import type { Dataset } from '../core/dataset/model';
import type { Shown } from '../core/labels/model';
import type { Selection } from '../core/review/filterTables';
import { emptyMarks, setMark } from '../core/review/marks';
import { openOffer, shownOf, type Offer, type OfferItem } from '../core/suspects/learned/offerFile';
import type { OfferProgress } from '../protocol/engineApi';
import type { LiveProject } from './liveProject';

interface Opened {
  readonly offer: Offer;
  readonly of: Dataset;
  /** By item number. */
  readonly items: ReadonlyMap<number, OfferItem>;
  /** Items that were answered from this offer. */
  readonly answered: Set<number>;
}

export class OfferedItems {
  private opened: Opened | undefined;

  constructor(
    private readonly project: LiveProject,
    private readonly reader: { name(): string },
  ) {}

  /** Takes up an offer that was drawn. @throws OVR413 the cache has no such offer */
  async open(id: string): Promise<void> {
    if (this.current?.offer.offer === id) return;
    const offer = await openOffer(this.project.root, id);
    const { catalog, dataset } = this.project;
    const items = new Map<number, OfferItem>();
    for (const item of offer.items) {
      for (const row of catalog.rowsOf(item.sample, item.finding)) items.set(row, item);
    }
    this.opened = { offer, of: dataset, items, answered: new Set() };
  }

  /** Its items, as what a filter selects. */
  selection(): Selection {
    const marks = emptyMarks(this.project.labels.items);
    for (const row of this.current?.items.keys() ?? []) setMark(marks, row);
    return { of: 'item', marks };
  }

  /** Whether an item of it is still to be answered. */
  isOpen(row: number): boolean {
    const item = this.current?.items.get(row);
    if (!item || this.current?.answered.has(row) === true) return false;
    return item.by === 'repeat' || this.project.labels.heardFrom(row, this.reader.name()) !== 'now';
  }

  /** Whether an open item was answered before, and is offered again. */
  isRepeat(row: number): boolean {
    return this.isOpen(row) && this.current?.items.get(row)?.by === 'repeat';
  }

  /** What the event that answers an open item records; undefined for another one. */
  shownOf(row: number): Pick<Shown, 'queue' | 'propensity' | 'offer'> | undefined {
    const item = this.isOpen(row) ? this.current?.items.get(row) : undefined;
    return item && this.current && shownOf(item, this.current.offer.offer);
  }

  /** Takes up an edit of the reader. @returns how far the offer is answered; undefined where it touched none of it */
  take(op: 'edit' | 'undo' | 'redo', rows: Iterable<number>): OfferProgress | undefined {
    const { current } = this;
    if (!current) return undefined;
    let touched = false;
    for (const row of rows) {
      if (!current.items.has(row)) continue;
      touched = true;
      if (op === 'undo') current.answered.delete(row);
      else current.answered.add(row);
    }
    const open = [...current.items.keys()].filter((row) => this.isOpen(row)).length;
    return touched ? { offer: current.offer.offer, total: current.items.size, open } : undefined;
  }

  /** Numbers of items mean something else in another table. */
  private get current(): Opened | undefined {
    return this.opened?.of === this.project.dataset ? this.opened : undefined;
  }
}
