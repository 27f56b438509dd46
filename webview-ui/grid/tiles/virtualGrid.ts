/**
 * The grid of tiles: only what is in view and a little around it exists in the DOM, whatever the length of
 * the list. Tiles are recycled; the one with the keyboard focus stays, also when it is scrolled out of view.
 */
import { DisposableStore } from '../../disposables';
import { element, setAttribute } from '../../dom';
import type { GridLayout } from './layout';
import { computeLayout, isInView, tilePlace, tilesBetween, topToShow } from './layout';
import { ScrollMap } from './scrollMap';
import type { Tile, TileView } from './tile';

export interface GridSource {
  createTile(): Tile;
  /** What the tile at a position shows now. */
  view(index: number): TileView;
  /** [first, last) is in the DOM, of which [visibleFirst, visibleLast) is in view. */
  ranged(range: GridRange): void;
  /** Where the focused tile lies now; undefined: it is not in view. */
  placed(place: TilePlace | undefined): void;
}

/** In CSS px from the top left corner of what is in view. */
export interface TilePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GridRange {
  readonly first: number;
  readonly last: number;
  readonly visibleFirst: number;
  readonly visibleLast: number;
}

/** Rows kept above and below the view, as a share of the viewport's height. */
const overscan = 0.6;
/** ms without a scroll event after which the scrollbar is put right. */
const settleAfter = 140;

export class VirtualGrid {
  readonly root: HTMLDivElement;
  private readonly spacer = element('div', { class: 'spacer', attributes: { role: 'presentation' } });
  private readonly store = new DisposableStore();
  private readonly tiles = new Map<number, Tile>();
  private readonly spare: Tile[] = [];
  private layout: GridLayout = computeLayout(0, 0, 160, 2);
  private map = new ScrollMap(0, 0);
  private total = 0;
  private tileSize = 160;
  private lines = 2;
  private width = 0;
  private focusIndex = 0;
  /** The focused tile was in view when the reviewer scrolled last: whatever changes the layout, it stays there. */
  private followsFocus = true;
  private frame = 0;
  private settleTimer = 0;

  constructor(
    label: string,
    private readonly source: GridSource,
  ) {
    this.root = element(
      'div',
      {
        class: 'tiles',
        attributes: { role: 'listbox', 'aria-multiselectable': 'true', 'aria-label': label },
      },
      this.spacer,
    );
    this.store.listen(this.root, 'scroll', () => this.onScroll(), { passive: true });
    this.store.listen(this.root, 'focusout', () => this.schedule());
    const observer = new ResizeObserver(() => this.resized());
    observer.observe(this.root);
    this.store.onDispose(() => {
      observer.disconnect();
      cancelAnimationFrame(this.frame);
      clearTimeout(this.settleTimer);
    });
  }

  get columns(): number {
    return this.layout.columns;
  }

  get rowsPerPage(): number {
    return Math.max(1, Math.floor(this.map.viewport / this.layout.rowHeight));
  }

  get hasFocus(): boolean {
    return this.root.contains(document.activeElement);
  }

  /** The list changed: its length, the size of its tiles, the lines of text on them. */
  setLayout(total: number, tileSize: number, lines: number): void {
    if (total === this.total && tileSize === this.tileSize && lines === this.lines) return;
    this.relayout(() => Object.assign(this, { total, tileSize, lines }));
  }

  /** The focused position; its tile carries tabindex 0. */
  setFocus(index: number): void {
    this.focusIndex = index;
  }

  /** Whether the tile at a position is in view, most of it at least. */
  isInView(index: number): boolean {
    return isInView(this.layout, index, this.map.top, this.map.viewport);
  }

  /** Scrolls as little as possible until the tile is in view. */
  reveal(index: number): void {
    if (index === this.focusIndex) this.followsFocus = true;
    const top = topToShow(this.layout, index, this.map.top, this.map.viewport);
    if (top !== this.map.top) this.scrollTo(top);
  }

  scrollToTop(): void {
    this.followsFocus = this.focusIndex === 0;
    this.scrollTo(0);
  }

  /**
   * Gives the DOM focus to the focused tile, also where it is scrolled out of view. False when there is none. While
   * the keys are elsewhere in the window (a search, an editor) they stay there: a frame that calls `focus` takes them.
   * @param force the reviewer has just clicked here
   */
  focusTile(force = false): boolean {
    if (this.root.hidden || this.total === 0) return false;
    if (!force && !document.hasFocus()) {
      const active = document.activeElement;
      if (active instanceof HTMLElement && this.root.contains(active)) active.blur();
      return true;
    }
    this.render(true);
    const tile = this.tiles.get(this.focusIndex);
    tile?.root.focus({ preventScroll: true });
    return tile !== undefined;
  }

  /** The position of the tile that a DOM event happened in. */
  indexOf(target: EventTarget | null): number | undefined {
    const root = target instanceof Element ? target.closest('.tile') : null;
    if (root === null) return undefined;
    for (const tile of this.tiles.values()) if (tile.root === root) return tile.index;
    return undefined;
  }

  /** Renders in the next frame, however often it is asked. */
  schedule(): void {
    this.frame ||= requestAnimationFrame(() => this.render());
  }

  /**
   * Renders now: after a key or an edit, where a frame of delay would be felt.
   * @param pin keeps the focused tile in the DOM though it has not the focus yet
   */
  render(pin = false): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { layout, map } = this;
    const extra = map.viewport * overscan;
    const visible = tilesBetween(layout, map.top, map.top + map.viewport);
    const held = tilesBetween(layout, map.top - extra, map.top + map.viewport + extra);
    const pinned = (pin || this.hasFocus) && this.focusIndex < this.total ? this.focusIndex : undefined;
    for (const [index, tile] of this.tiles) {
      if ((index < held.first || index >= held.last) && index !== pinned) this.recycle(index, tile);
    }
    // The tab stop is the focused tile; when that is out of view, the first one in view.
    const tabStop =
      pinned ??
      (this.focusIndex >= visible.first && this.focusIndex < visible.last ? this.focusIndex : visible.first);
    for (let index = held.first; index < held.last; index++) this.renderTile(index, tabStop);
    if (pinned !== undefined && (pinned < held.first || pinned >= held.last))
      this.renderTile(pinned, tabStop);
    this.source.placed(this.placeOfFocus());
    this.source.ranged({ ...held, visibleFirst: visible.first, visibleLast: visible.last });
  }

  dispose(): void {
    this.store.dispose();
  }

  private renderTile(index: number, tabStop: number): void {
    let tile = this.tiles.get(index);
    if (!tile) {
      tile = this.spare.pop() ?? this.source.createTile();
      this.tiles.set(index, tile);
      if (!tile.root.isConnected) this.spacer.append(tile.root);
      tile.root.hidden = false;
    }
    const { x, y } = tilePlace(this.layout, index);
    const physical = y + this.map.offset;
    // The pinned tile may lie further away than the spacer is tall; it must not stretch the scrollbar.
    const inside =
      physical >= -this.layout.rowHeight && physical + this.layout.tileHeight <= this.map.spacerHeight;
    tile.place(x, inside ? physical : -this.layout.rowHeight * 2);
    tile.bind(this.source.view(index));
    setAttribute(tile.root, 'tabindex', index === tabStop ? '0' : '-1');
  }

  private placeOfFocus(): TilePlace | undefined {
    const { layout, map, focusIndex } = this;
    if (focusIndex >= this.total || !this.isInView(focusIndex)) return undefined;
    const { x, y } = tilePlace(layout, focusIndex);
    return { x, y: y - map.top, width: layout.tileWidth, height: layout.tileHeight };
  }

  private recycle(index: number, tile: Tile): void {
    this.tiles.delete(index);
    tile.release();
    tile.root.hidden = true;
    this.spare.push(tile);
  }

  private onScroll(): void {
    this.map.scrolled(this.root.scrollTop);
    // While the layout is about to change, it is the browser that scrolls and not the reviewer.
    if (!this.isResized()) this.followsFocus = this.isInView(this.focusIndex);
    clearTimeout(this.settleTimer);
    if (this.map.cornered) this.settle();
    else this.settleTimer = window.setTimeout(() => this.settle(), settleAfter);
    this.schedule();
  }

  private settle(): void {
    const top = this.map.settle();
    if (Math.abs(top - this.root.scrollTop) < 1) return;
    this.root.scrollTop = top;
    this.render();
  }

  private scrollTo(top: number): void {
    this.root.scrollTop = this.map.goTo(top);
    this.schedule();
  }

  private isResized(): boolean {
    return this.root.clientWidth !== this.width || this.root.clientHeight !== this.map.viewport;
  }

  private resized(): void {
    if (this.isResized()) this.relayout();
  }

  /** What is in view stays where it is: the focused tile if it is, else the first. */
  private relayout(change: () => void = () => undefined): void {
    const { layout: before, map } = this;
    const anchor = this.followsFocus ? this.focusIndex : tilesBetween(before, map.top, map.top + 1).first;
    const offset = this.followsFocus ? tilePlace(before, anchor).y - map.top : before.padding;
    change();
    this.width = this.root.clientWidth;
    this.layout = computeLayout(this.total, this.width, this.tileSize, this.lines);
    this.map = new ScrollMap(this.layout.contentHeight, this.root.clientHeight);
    this.spacer.style.height = `${this.map.spacerHeight}px`;
    this.root.style.setProperty('--tile-width', `${this.layout.tileWidth}px`);
    this.root.style.setProperty('--tile-height', `${this.layout.tileHeight}px`);
    this.root.style.setProperty('--picture-height', `${this.tileSize}px`);
    // Below this there is no room for the words "Label" and "Model" beside the names.
    this.root.classList.toggle('compact', this.layout.tileWidth < 136);
    this.root.scrollTop = this.map.goTo(map.top === 0 ? 0 : this.topFor(anchor, offset));
    if (this.followsFocus && anchor < this.total) {
      this.root.scrollTop = this.map.goTo(topToShow(this.layout, anchor, this.map.top, this.map.viewport));
    }
    this.render();
  }

  private topFor(index: number, offset: number): number {
    return index >= this.total ? 0 : tilePlace(this.layout, index).y - offset;
  }
}
