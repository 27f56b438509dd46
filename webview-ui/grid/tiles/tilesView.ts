/** The grid as the reviewer uses it: pointer, navigation keys, focus that follows the state. */
import type { ReviewItem } from '../../../src/protocol/engineApi';
import type { DisposableStore } from '../../disposables';
import type { Formatter } from '../format';
import { noHeatmaps, outputOf } from '../heatmaps/outputs';
import type { HeatmapCache, Wish } from '../heatmaps/heatmapCache';
import { actingFinding, actingOnSelection } from '../findings/acting';
import { hasFailed, shownImage } from '../findings/shownImage';
import { chipAt } from '../findings/tileChips';
import { shownFinding } from '../findings/words';
import { isByImage, multiLabelOf } from '../state/queries';
import { shownItem } from '../state/shown';
import type { GridState } from '../state/model';
import type { Store } from '../state/store';
import type { InView } from '../toolbar/answerLine';
import type { ItemBlocks } from './itemBlocks';
import { moveByKey, type Move } from './moves';
import type { Pictures } from './pictures';
import { Tile, type TileView } from './tile';
import { markedFindings } from './tileFound';
import { scoreOf } from './tileScore';
import { VirtualGrid, type GridRange, type TilePlace } from './virtualGrid';

export interface TilesActions {
  toggle(index: number): void;
  range(to: number, add: boolean): void;
  clearSelection(): void;
  /** A key moved the focus. */
  moved(move: Move): void;
  /** Says something aloud. */
  tell(text: string): void;
  /** Reads the focused image. */
  read(): void;
  closeDetail(): void;
  /** Heat map of the focused image. */
  heat(): void;
  /** The focused tile lies here, in CSS px of the list; undefined: it is not in view. */
  placed(place: TilePlace | undefined): void;
  /** Other tiles are in view. */
  viewChanged(): void;
  /** A picture was painted. */
  pictureShown(): void;
}

/** ms a range must stay before its pictures are asked for: what flies by is never fetched. */
const restFor = 40;

export class TilesView {
  readonly grid: VirtualGrid;
  private range: GridRange = { first: 0, last: 0, visibleFirst: 0, visibleLast: 0 };
  private pictureTimer = 0;
  /** The tile that was clicked last, while nothing else happened: a click with Ctrl then selects both. */
  private clicked: number | undefined;

  constructor(
    private readonly store: Store,
    private readonly items: ItemBlocks,
    private readonly pictures: Pictures,
    private readonly heatmaps: HeatmapCache,
    private readonly formatter: Formatter,
    private readonly actions: TilesActions,
    disposables: DisposableStore,
  ) {
    this.grid = disposables.add(
      new VirtualGrid(formatter.strings.tiles, {
        createTile: () => new Tile(formatter, () => actions.pictureShown()),
        view: (index) => this.view(index),
        ranged: (range) => this.ranged(range),
        placed: (place) => this.actions.placed(place),
      }),
    );
    const { root } = this.grid;
    disposables.listen(root, 'keydown', (event) => this.onKey(event));
    disposables.listen(root, 'mousedown', (event) => this.onMouseDown(event));
    disposables.listen(root, 'dblclick', (event) => {
      if (this.grid.indexOf(event.target) !== undefined) actions.read();
    });
    disposables.listen(root, 'focusin', (event) => this.onFocusIn(event));
    disposables.onDispose(() => clearTimeout(this.pictureTimer));
  }

  update(state: GridState, previous: GridState): void {
    const { list, focus, settings } = state;
    const { grid } = this;
    // Nothing of it is seen: it is brought in step when the reader comes back.
    if (state.reading && previous.reading && list === previous.list) {
      grid.setFocus(focus.index);
      return;
    }
    const lines = multiLabelOf(state) && state.query.finding === undefined ? 3 : 2;
    const moved = focus.index !== previous.focus.index || (previous.reading && !state.reading);
    const relisted = list?.list !== previous.list?.list;
    const hadFocus = grid.hasFocus;
    grid.root.hidden = list === null || list.total === 0;
    grid.root.style.setProperty('--heatmap-opacity', String(state.heatmaps.opacity / 100));
    grid.setFocus(focus.index);
    grid.setLayout(list?.total ?? 0, settings.tileSize, lines);
    if (relisted && focus.index === 0) grid.scrollToTop();
    else if (moved || relisted) grid.reveal(focus.index);
    if ((moved || relisted) && hadFocus) grid.focusTile();
    if (moved) grid.render();
    else grid.schedule();
  }

  /** Items or pictures arrived. */
  refresh(): void {
    this.grid.schedule();
  }

  /** The index behind the last tile in view. */
  get visibleEnd(): number {
    return this.range.visibleLast;
  }

  /** What of the targets of an answer is in view. */
  get inView(): InView {
    const { state } = this.store;
    const { visibleFirst, visibleLast } = this.range;
    let selected = 0;
    if (state.selected.size > 0) {
      for (let index = visibleFirst; index < visibleLast; index++) {
        const key = this.items.at(index)?.key;
        if (key !== undefined && state.selected.has(key) && this.grid.isInView(index)) selected += 1;
      }
    }
    return {
      selected,
      focus: this.grid.isInView(state.focus.index),
      finding: actingOnSelection(state, this.items),
    };
  }

  private view(index: number): TileView {
    const { state } = this.store;
    const item = this.items.at(index);
    const multiLabel = multiLabelOf(state);
    const focused = index === state.focus.index;
    const wish = item && this.heatmapWish(state, item, focused);
    return {
      index,
      total: state.list?.total ?? 0,
      shown: item && (item.findings ? shownImage(item, state) : shownItem(item, state)),
      picture: item && this.pictures.of(item.sample),
      score: item && !item.hidden ? scoreOf(item, state, this.formatter) : '',
      found: item ? markedFindings(item, state) : [],
      failed: item !== undefined && hasFailed(item, state),
      heatmap: wish && (this.heatmaps.of(wish) ?? undefined),
      selected: item !== undefined && state.selected.has(item.key),
      focused,
      multiLabel,
      chips: item && this.chips(state, item, focused),
      showFinding: multiLabel && !isByImage(state) && state.query.finding === undefined,
    };
  }

  private chips(state: GridState, item: ReviewItem, focused: boolean): TileView['chips'] {
    if (!item.findings) return undefined;
    return {
      chips: item.findings.map((finding) => shownFinding(finding, state, this.formatter)),
      // Read mode may be at a finding that the tile has no chip of.
      acting: focused ? actingFinding({ ...state, reading: false }, item) : undefined,
      hidden: item.hidden,
    };
  }

  private ranged(range: GridRange): void {
    const { first, last } = this.range;
    this.range = range;
    this.items.want(range.first, range.last);
    this.actions.viewChanged();
    if (first === range.first && last === range.last && this.pictureTimer !== 0) return;
    clearTimeout(this.pictureTimer);
    this.pictureTimer = window.setTimeout(() => {
      this.pictureTimer = 0;
      this.wantPictures();
      this.wantHeatmaps();
    }, restFor);
  }

  private wantPictures(): void {
    const { first, last, visibleFirst, visibleLast } = this.range;
    const samples: string[] = [];
    const add = (from: number, to: number): void => {
      for (let index = from; index < to; index++) {
        const item = this.items.at(index);
        if (item) samples.push(item.sample);
      }
    };
    add(visibleFirst, visibleLast);
    add(visibleLast, last);
    add(first, visibleFirst);
    this.pictures.want(samples);
  }

  /** Maps cost a pass through the network: only those in view. */
  private wantHeatmaps(): void {
    const { state } = this.store;
    const wishes: Wish[] = [];
    for (let index = this.range.visibleFirst; index < this.range.visibleLast; index++) {
      const item = this.items.at(index);
      const wish = item && this.heatmapWish(state, item, index === state.focus.index);
      if (wish) wishes.push(wish);
    }
    this.heatmaps.wantOnTiles(wishes);
  }

  private heatmapWish(state: GridState, item: ReviewItem, focused: boolean): Wish | undefined {
    if (!state.heatmaps.onTiles || noHeatmaps(state) !== null) return undefined;
    const finding = item.findings && actingFinding(focused ? state : { ...state, finding: null }, item);
    if (item.findings && finding === undefined) return undefined;
    const output = outputOf(state, finding === undefined ? item : { ...item, finding });
    return output === null ? undefined : { sample: item.sample, output };
  }

  private onKey(event: KeyboardEvent): void {
    const { state } = this.store;
    if (event.altKey || event.metaKey) return;
    if (event.key === 'h' && !event.ctrlKey) {
      if (!event.repeat) this.actions.heat();
      keep(event);
      return;
    }
    if (event.key !== 'Control' && event.key !== 'Shift') this.clicked = undefined;
    // A key that is held says nothing new: what follows in Read mode is looked at before it is answered.
    if (event.key === 'Enter') {
      // With Shift it keeps the rest of an image, where all of it is seen.
      if (!event.repeat && !(event.shiftKey && isByImage(state))) this.actions.read();
    } else if (event.key === ' ') this.actions.toggle(state.focus.index);
    else if (event.key === 'Escape') {
      if (state.selected.size > 0) this.actions.clearSelection();
      else this.actions.closeDetail();
    } else {
      // Ctrl with Page Up and Page Down changes the editor's tab.
      if (event.ctrlKey && event.key.startsWith('Page')) return;
      const { columns, rowsPerPage } = this.grid;
      const { key } = event;
      if (this.moveInTile(event)) {
        event.preventDefault();
        return;
      }
      const to = moveByKey(key, state.focus.index, state.list?.total ?? 0, columns, rowsPerPage);
      if (to === undefined) return;
      this.actions.moved((index, total) => moveByKey(key, index, total, columns, rowsPerPage) ?? index);
      if (event.shiftKey) this.actions.range(to, event.ctrlKey);
      else this.focusAt(to, event.ctrlKey);
      // Also when the focus was there already, but scrolled out of view.
      this.grid.reveal(to);
    }
    event.preventDefault();
  }

  /** Left and right lead through the findings of an image first. */
  private moveInTile({ key, ctrlKey, shiftKey }: KeyboardEvent): boolean {
    const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || ctrlKey || shiftKey) return false;
    const { state } = this.store;
    const image = this.items.at(state.focus.index);
    const chips = image?.findings ?? [];
    const acting = actingFinding(state, image);
    const next = chips[chips.findIndex(({ finding }) => finding === acting) + by];
    if (chips.length === 0 || next === undefined) return false;
    this.store.dispatch({ type: 'findingSet', finding: next.finding });
    this.grid.reveal(state.focus.index);
    this.actions.tell(shownFinding(next, state, this.formatter).sentence);
    return true;
  }

  private onMouseDown(event: MouseEvent): void {
    const index = this.grid.indexOf(event.target);
    if (index === undefined) return;
    // The browser would focus the tile after this and scroll to it; the state does it without scrolling.
    event.preventDefault();
    const onCheck = event.target instanceof Element && event.target.closest('.check') !== null;
    const menu = event.button !== 0;
    if (menu) this.focusAt(index, this.isSelected(index));
    else if (event.shiftKey) this.actions.range(index, event.ctrlKey || event.metaKey);
    else if (event.ctrlKey || event.metaKey || onCheck) {
      const { clicked } = this;
      const none = this.store.state.selected.size === 0;
      if (!onCheck && none && clicked !== undefined && clicked !== index) this.actions.toggle(clicked);
      this.actions.toggle(index);
    } else this.focusAt(index);
    const finding = chipAt(event.target);
    if (finding !== undefined) this.store.dispatch({ type: 'findingSet', finding });
    this.clicked = menu || onCheck || event.ctrlKey || event.metaKey ? undefined : index;
    this.grid.focusTile(true);
  }

  /** Tab reached a tile that is not the focused one: the first in view. */
  private onFocusIn(event: FocusEvent): void {
    const index = this.grid.indexOf(event.target);
    if (index !== undefined && index !== this.store.state.focus.index) this.focusAt(index, true);
  }

  private isSelected(index: number): boolean {
    const key = this.items.at(index)?.key;
    return key !== undefined && this.store.state.selected.has(key);
  }

  /** @param keep the selection stays as it is, else this tile is all that an answer hits */
  private focusAt(index: number, keep = false): void {
    this.store.dispatch({ type: 'focused', index, key: this.items.at(index)?.key ?? null, keep });
  }
}

/** Taken in the page: the editor hears nothing of it. */
function keep(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
