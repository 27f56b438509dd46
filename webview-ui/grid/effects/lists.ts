/** Queries: asks for lists, and finds focus and selection again by key when a list is replaced. */
import type { ItemKey, ItemList, ItemQuery, ReviewItem } from '../../../src/protocol/engineApi';
import { findingOfKey, imageOfKey } from '../../../src/protocol/itemKeys';
import { fill } from '../../texts';
import { faultOf } from '../host';
import type { GridState, ShownFrom } from '../state/model';
import { listedInWords } from '../findings/words';
import type { Sitting } from '../state/sitting';
import { changeQuery, isByImage, listsFindings, shownQuery, type QueryChange } from '../state/queries';
import { ItemBlocks } from '../tiles/itemBlocks';
import type { Move } from '../tiles/moves';
import { measurePainted } from '../timing';
import type { EffectContext } from './context';

/** `keys` gives no more than this. */
const mostKeys = 200_000;

/** What the reviewer was at, to be found again in another list. */
export interface Place {
  readonly key: ItemKey | null;
  readonly selected: ReadonlySet<ItemKey>;
}

/** How a list is asked for, where it is not simply the query's. */
interface Asking {
  /** A list without the place is not taken up. */
  readonly onlyWithPlace?: boolean;
  readonly ask?: () => Promise<ItemList>;
  /** The sitting that goes on with it. */
  readonly sitting?: () => Sitting | null;
}

const start: Place = { key: null, selected: new Set() };

/** Focus and selection in a list. */
type Found = Pick<GridState, 'focus' | 'selected'>;

export class Lists {
  private latest = 0;
  /** The moves since the list that is on its way was asked for. */
  private ahead: Move[] = [];
  private seen = { list: '', end: 0 };
  private keysOfList: { readonly list: string; readonly keys: Promise<readonly ItemKey[]> } | undefined;

  constructor(private readonly context: EffectContext) {}

  /** Changes the query; `undefined` removes a field. The new list starts at its top. */
  async change(change: QueryChange): Promise<void> {
    const { store } = this.context;
    store.dispatch({ type: 'queryChanged', query: changeQuery(store.state.query, change) });
    await this.run(start, 'query');
  }

  /** Replaces the query as a whole: a view opened from outside. */
  async show(query: ItemQuery): Promise<void> {
    this.context.store.dispatch({ type: 'queryChanged', query });
    await this.run(start, 'query');
  }

  /** Replaces the query, to be left again by `back`. */
  async showFrom(query: ItemQuery, from: ShownFrom): Promise<void> {
    this.context.store.dispatch({ type: 'queryChanged', query, from });
    await this.run(start, 'query');
  }

  /** Lists the items of the last change, to be left again by `back`. */
  async showChanged(): Promise<void> {
    const { store } = this.context;
    const { lastChange, query, focus, sitting } = store.state;
    if (lastChange === null) return;
    const from = { query, focus: focus.key, sitting };
    store.dispatch({ type: 'queryChanged', query: lastChange.query, from });
    await this.run(start, 'query');
  }

  /** Back to where the items of a change were shown from. */
  async back(): Promise<void> {
    const { store } = this.context;
    const { shownFrom } = store.state;
    if (shownFrom === null) return;
    store.dispatch({ type: 'queryChanged', query: shownFrom.query });
    await this.run({ key: shownFrom.focus, selected: start.selected }, 'query', {
      sitting: () => shownFrom.sitting,
    });
  }

  /**
   * Goes to an item: in the list on show, else in the same query asked again. False when it is in neither: then
   * the list stays as it is.
   */
  async goTo(item: ItemKey): Promise<boolean> {
    const { store, items } = this.context;
    const { list, querying } = store.state;
    if (list === null || querying) return false;
    const key = isByImage(store.state) ? imageOfKey(item) : item;
    const here = items.positionOf(key);
    const index = here ?? (list.total > mostKeys ? -1 : (await this.keys()).indexOf(key));
    if (store.state.list !== list) return false;
    if (index !== -1) store.dispatch({ type: 'focused', index, key });
    else await this.run({ key, selected: start.selected }, 'rerank', { onlyWithPlace: true });
    if (store.state.focus.key !== key) return false;
    if (key !== item) store.dispatch({ type: 'findingSet', finding: findingOfKey(item) });
    return true;
  }

  /**
   * A key moved the focus. While another list is on its way the move is made in that one as well: the same keys lead
   * to the same image, however long a list takes.
   */
  moved(move: Move): void {
    if (this.context.store.state.querying) this.ahead.push(move);
  }

  /** Moves the focus, as a key of Read mode does. @param keep the selection stays as it is */
  move(move: Move, keep: boolean): void {
    const { store, items } = this.context;
    const total = store.state.list?.total ?? 0;
    const within: Move = (index, count) => Math.min(Math.max(move(index, count), 0), Math.max(0, count - 1));
    this.moved(within);
    const index = within(store.state.focus.index, total);
    store.dispatch({ type: 'focused', index, key: items.at(index)?.key ?? null, keep });
  }

  /**
   * Asks the same query again and stays with the items that are focused and selected when the list arrives.
   * @param isNewRun it is said that another run is what the list goes by
   */
  async rerank(isNewRun = false): Promise<void> {
    const { list } = this.context.store.state;
    await this.run('here', 'rerank');
    const { state } = this.context.store;
    if (isNewRun && list !== null && state.list !== null && state.list !== list) {
      const { formatter, say } = this.context;
      say(
        fill(formatter.strings.said.reranked, {
          count: formatter.units(state.list.total, listsFindings(state)),
        }),
      );
    }
  }

  /** How far down a list was in view: up to there it is seen, and stays. */
  saw(end: number): void {
    const list = this.context.store.state.list?.list;
    if (list === undefined) return;
    this.seen = { list, end: this.seen.list === list ? Math.max(this.seen.end, end) : end };
  }

  /** How much of the list on show was seen: up to the last tile that was in view, and the one with the focus. */
  get seenOfList(): number {
    const { list, focus } = this.context.store.state;
    return Math.max(this.seen.list === list?.list ? this.seen.end : 0, focus.index + 1);
  }

  /** The list of a page that was hidden: what was seen of it stays where it is, the rest is ordered as it would be now. */
  async resume(
    { list, seen }: { readonly list: string; readonly seen: number },
    place: Place,
  ): Promise<void> {
    const { store, rpc } = this.context;
    await this.run(place, 'query', {
      sitting: () => store.state.sitting,
      ask: () =>
        rpc.call('relist', shownQuery(store.state), list, seen).catch((error: unknown) => {
          if (faultOf(error).code === 'OVR803') return rpc.call('query', shownQuery(store.state));
          throw error;
        }),
    });
    const now = store.state.list;
    if (now) this.seen = { list: now.list, end: seen };
  }

  /** After a live refit: what was not seen yet of the list on show is ordered anew. Nothing that was seen moves. */
  async relist(): Promise<void> {
    const { store, rpc, items } = this.context;
    const { list, querying } = store.state;
    if (list === null || querying) return;
    const turn = this.latest;
    const isCurrent = (): boolean => turn === this.latest && store.state.list === list;
    try {
      const keep = this.seenOfList;
      const next = await rpc.call('relist', shownQuery(store.state), list.list, keep);
      const block = ItemBlocks.blockOf(store.state.focus.index);
      const first = next.total > 0 ? await this.firstItems(next, block) : [];
      // Who went on meanwhile has seen more: the next answer tries again.
      if (!isCurrent() || this.seenOfList > keep) return;
      items.reset(next.list, next.total);
      if (first.length > 0) items.seed(block.start, first);
      this.seen = { list: next.list, end: keep };
      store.dispatch({
        type: 'listed',
        list: next,
        focus: store.state.focus,
        selected: store.state.selected,
        sitting: store.state.sitting,
      });
    } catch (error) {
      // A list that is gone is asked for by whoever looks at it.
      if (faultOf(error).code !== 'OVR803') store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }

  /** Turns blind reading on or off and asks again: items are called otherwise then, and lie in another order. */
  async setBlind(blind: boolean): Promise<void> {
    const { store, rpc, formatter, say } = this.context;
    const { key } = store.state.focus;
    try {
      const { project, items } = await rpc.call('setBlind', blind, key === null ? [] : [key]);
      store.dispatch({ type: 'projectChanged', project });
      say(blind ? formatter.strings.said.blindOn : formatter.strings.said.blindOff);
      await this.run({ key: items[0] ?? null, selected: start.selected }, 'query');
    } catch (error) {
      store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }

  /** Keeps an expression as a queue of the project; the host asks for its name. */
  async save(where: string): Promise<void> {
    const { store, rpc, formatter, say } = this.context;
    try {
      if (await rpc.call('saveQueue', where)) say(formatter.strings.said.queueSaved);
    } catch (error) {
      store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }

  /** Has the host write the list on show to a file that the person chooses. */
  async export(): Promise<void> {
    const { store, rpc, formatter, say } = this.context;
    const { list } = store.state;
    if (list === null) return;
    try {
      if (await rpc.call('exportList', list.list)) say(formatter.strings.said.listExported);
    } catch (error) {
      store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }

  /** All keys of the list on show, fetched once. */
  async keys(): Promise<readonly ItemKey[]> {
    const { list } = this.context.store.state;
    return list === null ? [] : this.keysOf(list);
  }

  /**
   * @param place what to find again; what is gone leads to the top, where the worst is. `here`: what the reviewer is at
   *   when the list arrives, who may have gone on since it was asked for
   * @param timed `rerank`: the same list again, with which its sitting goes on
   */
  async run(place: Place | 'here', timed: 'query' | 'rerank', how: Asking = {}): Promise<void> {
    const { store, items, rpc } = this.context;
    const {
      onlyWithPlace = false,
      ask = () => rpc.call('query', shownQuery(store.state)),
      sitting = () => (timed === 'rerank' ? store.state.sitting : null),
    } = how;
    const turn = ++this.latest;
    this.ahead = [];
    const began = performance.now();
    store.dispatch({ type: 'querying' });
    try {
      const list = await ask();
      if (turn !== this.latest) return;
      const keys = await this.keysToFind(list, place);
      if (turn !== this.latest) return;
      if (onlyWithPlace && place !== 'here' && (place.key === null || !keys.includes(place.key))) {
        store.dispatch({ type: 'queryDropped' });
        return;
      }
      let found = this.find(list, keys, place);
      let block = { start: 0, count: 0 };
      let first: readonly ReviewItem[] = [];
      // The reviewer may go on while the items are fetched.
      while (list.total > 0 && !isWithin(block, found.focus.index)) {
        block = ItemBlocks.blockOf(found.focus.index);
        first = await this.firstItems(list, block);
        if (turn !== this.latest) return;
        found = this.find(list, keys, place);
      }
      items.reset(list.list, list.total);
      if (first.length > 0) items.seed(block.start, first);
      const key = items.at(found.focus.index)?.key ?? null;
      const { focus, selected } = found;
      store.dispatch({
        type: 'listed',
        list,
        focus: { ...focus, key },
        selected,
        sitting: sitting(),
      });
      measurePainted(timed, began);
      if (timed === 'query') this.announce(list);
    } catch (error) {
      if (turn !== this.latest) return;
      const fault = faultOf(error);
      store.dispatch({ type: 'queryFailed', fault });
      this.context.say(fault.message);
    }
  }

  private firstItems(
    list: ItemList,
    block: { readonly start: number; readonly count: number },
  ): Promise<readonly ReviewItem[]> {
    return this.context.rpc.call(
      'items',
      list.list,
      block.start,
      Math.min(block.count, list.total - block.start),
    );
  }

  private announce(list: ItemList): void {
    const { store, formatter, say } = this.context;
    say(listedInWords(formatter, store.state, list));
  }

  /** The keys of the new list, where there is something to find by them. */
  private async keysToFind(list: ItemList, place: Place | 'here'): Promise<readonly ItemKey[]> {
    const nothing = place !== 'here' && place.key === null && place.selected.size === 0;
    return nothing || list.total === 0 || list.total > mostKeys ? [] : this.keysOf(list);
  }

  /** Focus and selection of the new list, as of now. */
  private find(list: ItemList, keys: readonly ItemKey[], place: Place | 'here'): Found {
    const { focus, selected } = this.context.store.state;
    const sought = place === 'here' ? { key: focus.key, selected } : place;
    const index = sought.key === null ? 0 : Math.max(0, keys.indexOf(sought.key));
    const moves = place === 'here' ? [] : this.ahead;
    return {
      focus: { index: moves.reduce((at, move) => move(at, list.total), index), key: null },
      selected: new Set(keys.filter((key) => sought.selected.has(key))),
    };
  }

  private keysOf(list: ItemList): Promise<readonly ItemKey[]> {
    if (this.keysOfList?.list !== list.list) {
      this.keysOfList = { list: list.list, keys: this.context.rpc.call('keys', list.list) };
    }
    return this.keysOfList.keys;
  }
}

function isWithin(block: { readonly start: number; readonly count: number }, index: number): boolean {
  return index >= block.start && index < block.start + block.count;
}
