/**
 * Edits: shown on their tiles at once as "saving", acknowledged when the host says that they are on disk,
 * rolled back when it says that they are not. Sent one after the other, in the order they were made.
 */
import type { EditOutcome, ItemKey, LabelValue, ReviewItem } from '../../../src/protocol/engineApi';
import type { GridEdit } from '../../../src/protocol/gridApi';
import { faultOf } from '../host';
import type { GridState } from '../state/model';
import { multiLabelOf } from '../state/queries';
import { measurePainted } from '../timing';
import { fill } from '../../texts';
import { valuesByKey } from '../format';
import { describeChange } from '../describeChange';
import type { EffectContext } from './context';
import type { Lists } from './lists';

/** So many items are named one by one, which holds whatever becomes of the list. */
const mostByKey = 1_000;

export class Edits {
  private nextId = 1;
  private line: Promise<unknown> = Promise.resolve();
  /** What `.` gives again. */
  private lastAnswer: { readonly op: GridEdit['op']; readonly value?: LabelValue } | undefined;
  private focusedSince = { index: -1, time: 0 };

  constructor(
    private readonly context: EffectContext,
    private readonly lists: Pick<Lists, 'goTo'>,
  ) {
    context.store.subscribe((state) => {
      if (state.focus.index !== this.focusedSince.index) {
        this.focusedSince = { index: state.focus.index, time: performance.now() };
      }
    });
  }

  /** What commands act on: the selection, else the focused item. */
  targets(): readonly ItemKey[] {
    const { selected, focus, list } = this.context.store.state;
    if (selected.size > 0) return [...selected];
    const key = focus.key ?? this.context.items.at(focus.index)?.key;
    return key === undefined || list === null || list.total === 0 ? [] : [key];
  }

  /** Labels with the value of a number key, from 0. */
  async labelByIndex(index: number, items = this.targets()): Promise<void> {
    const { store, formatter, say } = this.context;
    const { project, query } = store.state;
    const value = valuesByKey(project, query.finding)[index];
    if (value === undefined) say(formatter.plural({ other: formatter.strings.said.noSuchLabel }, index + 1));
    else await this.edit('set', { value, items });
  }

  async edit(
    op: GridEdit['op'],
    what: { readonly value?: LabelValue; readonly items?: readonly ItemKey[] } = {},
  ): Promise<void> {
    const { store, rpc } = this.context;
    const { state } = store;
    const items = what.items ?? this.targets();
    const refusal = this.refusal(op, items);
    if (refusal !== undefined) {
      this.context.say(refusal);
      store.dispatch({ type: 'faulted', fault: { code: '', message: refusal } });
      return;
    }
    const began = performance.now();
    const id = this.nextId++;
    const value = what.value === undefined ? {} : { value: what.value };
    this.lastAnswer = { op, ...value };
    const single = isSingle(state, items);
    // A selection is part of the list on show: as many items as it has are all of it.
    const isAll = items.length > mostByKey && items.length === state.list?.total;
    const request: GridEdit = {
      op,
      ...value,
      ...this.circumstances(),
      items: isAll ? 'all' : items,
      ...(single ? { ms: Math.round(began - this.focusedSince.time) } : {}),
    };
    const reason = request.reason === undefined ? {} : { reason: request.reason };
    store.dispatch({ type: 'editStarted', keys: items, edit: { id, op, ...value, ...reason } });
    if (single && state.advance && op !== 'include') this.step(1);
    await this.inLine(async () => {
      try {
        // Taken before the host can tell of the change: the matrix moves from what was to what is.
        const before = this.here(items);
        this.done(await rpc.call('edit', request), id, before);
        measurePainted('edit', began);
      } catch (error) {
        this.failed(error, id);
        this.selectAgain(state);
      }
    });
  }

  /** Gives the last answer of this page again, to what an answer would hit now. */
  async repeat(items = this.targets()): Promise<void> {
    const { lastAnswer } = this;
    if (lastAnswer === undefined) this.context.say(this.context.formatter.strings.said.nothingToRepeat);
    else await this.edit(lastAnswer.op, { ...lastAnswer, items });
  }

  async undo(): Promise<void> {
    await this.takeBack('undo');
  }

  async redo(): Promise<void> {
    await this.takeBack('redo');
  }

  /** The host shows a picker and edits; null: the reviewer thought better of it. */
  async pickLabel(items = this.targets()): Promise<void> {
    const refusal = this.refusal('set', items);
    if (refusal !== undefined) {
      this.context.say(refusal);
      return;
    }
    const { store, rpc } = this.context;
    const { state } = store;
    const single = isSingle(state, items);
    try {
      const outcome = await rpc.call('pickLabel', { ...this.circumstances(), items });
      if (outcome === null) return;
      if (state.reason !== '') store.dispatch({ type: 'reasonSet', reason: '' });
      this.done(outcome, null);
      if (items.some((key) => store.state.selected.has(key))) store.dispatch({ type: 'selectionCleared' });
      if (single && state.advance) this.step(1);
    } catch (error) {
      this.failed(error, null);
    }
  }

  /** An edit that was made outside the page. */
  takeOutcome(outcome: EditOutcome): void {
    this.done(outcome, null);
    if (outcome.op !== 'edit') void this.showFirst(outcome);
  }

  /** Moves the focus by some places, as an arrow does. */
  step(by: number): void {
    const { store, items } = this.context;
    const total = store.state.list?.total ?? 0;
    const index = Math.min(Math.max(store.state.focus.index + by, 0), Math.max(0, total - 1));
    store.dispatch({ type: 'focused', index, key: items.at(index)?.key ?? null });
  }

  private async takeBack(op: 'undo' | 'redo'): Promise<void> {
    const { store, rpc, formatter, say } = this.context;
    if (store.state.settings.readOnly) {
      say(formatter.strings.readOnly);
      return;
    }
    const began = performance.now();
    await this.inLine(async () => {
      try {
        const outcome = await rpc.call(op);
        this.done(outcome, null);
        void this.showFirst(outcome);
        measurePainted('undo', began);
      } catch (error) {
        this.failed(error, null);
      }
    });
  }

  /** After an undo the reviewer looks at what came back, the first of it in the order of the list. */
  private async showFirst({ items: changed }: EditOutcome): Promise<void> {
    const { items } = this.context;
    let first: { readonly key: ItemKey; readonly index: number } | undefined;
    for (const { key } of changed) {
      const index = items.positionOf(key);
      if (index !== undefined && (!first || index < first.index)) first = { key, index };
    }
    const key = first?.key ?? changed[0]?.key;
    if (key === undefined) return;
    try {
      await this.lists.goTo(key);
    } catch (error) {
      this.context.store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }

  /** An answer that was not saved has its images again, unless the reviewer has gone on. */
  private selectAgain({ selected, focus }: GridState): void {
    const { store } = this.context;
    const isStill = store.state.focus.index === focus.index && store.state.selected.size === 0;
    if (isStill && selected.size > 0) store.dispatch({ type: 'selected', keys: [...selected], add: false });
  }

  /** Where and how an answer is given. */
  private circumstances(): Pick<GridEdit, 'list' | 'reason'> {
    const { state } = this.context.store;
    const reason = state.reason.trim();
    return {
      list: state.list?.list ?? '',
      ...(reason === '' ? {} : { reason }),
    };
  }

  private refusal(op: GridEdit['op'], items: readonly ItemKey[]): string | undefined {
    const { store, formatter } = this.context;
    const { strings } = formatter;
    if (store.state.settings.readOnly) return strings.readOnly;
    if (items.length === 0) return strings.said.nothingSelected;
    const isHidden = (key: ItemKey): boolean => this.context.items.byKey(key)?.hidden === true;
    if (['accept', 'keep', 'include'].includes(op) && items.some(isHidden)) return strings.blindRefusal;
    return undefined;
  }

  /** Those of the items that are here, as they are now. */
  private here(keys: readonly ItemKey[]): ReadonlyMap<ItemKey, ReviewItem> {
    const found = new Map<ItemKey, ReviewItem>();
    for (const key of keys) {
      const item = this.context.items.byKey(key);
      if (item) found.set(key, item);
    }
    return found;
  }

  private done(
    outcome: EditOutcome,
    id: number | null,
    known = this.here(outcome.items.map(({ key }) => key)),
  ): void {
    const { store, items, formatter, say } = this.context;
    const changes = outcome.items.flatMap((after) => {
      const before = known.get(after.key);
      return before ? [{ before, after }] : [];
    });
    store.dispatch({ type: 'recounted', changes, complete: changes.length === (outcome.change?.count ?? 0) });
    items.apply(outcome.items);
    store.dispatch({ type: 'editDone', id, outcome });
    const { lastChange } = store.state;
    if (lastChange === null) return;
    const told = describeChange(formatter, lastChange, multiLabelOf(store.state));
    say(outcome.op === 'edit' ? fill(formatter.strings.said.saved, { changes: told }) : told);
  }

  private failed(error: unknown, id: number | null): void {
    const { store, formatter, say } = this.context;
    const fault = faultOf(error);
    const message = formatter.failed(fault.message);
    store.dispatch(
      id === null
        ? { type: 'faulted', fault: { ...fault, message } }
        : { type: 'editFailed', id, fault: { ...fault, message } },
    );
    say(message);
  }

  private inLine(work: () => Promise<void>): Promise<void> {
    const turn = this.line.then(work);
    this.line = turn;
    return turn;
  }
}

/** One image alone: how long it was looked at is known, and the focus can go on. */
function isSingle({ focus }: GridState, items: readonly ItemKey[]): boolean {
  return items.length === 1 && items[0] === focus.key;
}
