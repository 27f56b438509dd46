/**
 * Edits: shown on their tiles at once as "saving", acknowledged when the host says that they are on disk,
 * rolled back when it says that they are not. Sent one after the other, in the order they were made.
 */
import type { EditOutcome, ItemKey, LabelValue, ReviewItem } from '../../../src/protocol/engineApi';
import type { GridEdit } from '../../../src/protocol/gridApi';
import { faultOf } from '../host';
import type { GridState } from '../state/model';
import { findingOfKey, keyOfFinding } from '../../../src/protocol/itemKeys';
import { actingKey, isOfImage, nextOpen, openFindings } from '../findings/acting';
import { isByImage, multiLabelOf } from '../state/queries';
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
  private picking: Promise<void> | undefined;
  private lastAnswer: { readonly op: GridEdit['op']; readonly value?: LabelValue } | undefined;
  private focusedSince: { readonly index: number; readonly finding: string | null; readonly time: number } = {
    index: -1,
    finding: null,
    time: 0,
  };

  constructor(
    private readonly context: EffectContext,
    private readonly lists: Pick<Lists, 'goTo'>,
  ) {
    context.store.subscribe((state) => {
      const { focus, finding } = state;
      if (focus.index !== this.focusedSince.index || finding !== this.focusedSince.finding) {
        this.focusedSince = { index: focus.index, finding, time: performance.now() };
      }
    });
  }

  /** What commands act on: the selection, else the focused item; of images the finding that the keys are for. */
  targets(): readonly ItemKey[] {
    const { state } = this.context.store;
    const { selected, focus, list } = state;
    if (isByImage(state)) return selected.size > 0 ? this.ofImages([...selected]) : this.ofFocused();
    if (selected.size > 0) return [...selected];
    const key = focus.key ?? this.context.items.at(focus.index)?.key;
    return key === undefined || list === null || list.total === 0 ? [] : [key];
  }

  /** What is selected, else the place with the focus, as the list has it: of images these. */
  shownItems(): readonly ItemKey[] {
    const { selected, focus } = this.context.store.state;
    const key = focus.key ?? this.context.items.at(focus.index)?.key;
    return selected.size > 0 ? [...selected] : key === undefined ? [] : [key];
  }

  /** The finding that the keys are for, on each of these images. */
  ofImages(images: readonly ItemKey[]): readonly ItemKey[] {
    const [acting] = this.ofFocused();
    return acting === undefined ? [] : images.map((key) => keyOfFinding(key, findingOfKey(acting)));
  }

  /** Keeps what is in doubt of the image that is read and was not answered yet, as one change. */
  async keepRest(): Promise<void> {
    const { store, items, formatter, say } = this.context;
    const image = items.at(store.state.focus.index);
    if (image?.findings === undefined || image.hidden) return;
    const rest = openFindings(image, store.state.pending).map(({ key }) => key);
    if (rest.length === 0) say(formatter.strings.findings.noRest);
    else await this.edit('keep', { items: rest });
  }

  private ofFocused(): readonly ItemKey[] {
    const { store, items } = this.context;
    const { list, focus } = store.state;
    const image = list === null || list.total === 0 ? undefined : items.at(focus.index);
    const key = actingKey(store.state, image);
    return key === undefined ? [] : [key];
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
    const isRest = op === 'keep' && items.length > 1 && items.every((key) => isOfImage(key, state.focus.key));
    // A selection is part of the list on show: as many items as it has are all of it.
    const isAll = items.length > mostByKey && items.length === state.list?.total;
    const request: GridEdit = {
      op,
      ...value,
      ...this.circumstances(),
      items: isAll ? 'all' : items,
      ...(isAll && isByImage(state) ? { finding: findingOfKey(items[0] ?? '') } : {}),
      ...(single ? { ms: Math.round(began - this.focusedSince.time) } : {}),
    };
    const reason = request.reason === undefined ? {} : { reason: request.reason };
    store.dispatch({ type: 'editStarted', keys: items, edit: { id, op, ...value, ...reason } });
    if ((single || isRest) && state.advance && op !== 'include') this.goOn(state, items);
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

  /** Gives the last answer of this page again, to what an answer would hit now; one that is being picked is waited for. */
  async repeat(items = this.targets()): Promise<void> {
    await this.picking;
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
  pickLabel(items = this.targets()): Promise<void> {
    this.picking = this.pick(items);
    return this.picking;
  }

  private async pick(items: readonly ItemKey[]): Promise<void> {
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
      const picked = outcome.items.find(({ key }) => items.includes(key))?.value;
      if (typeof picked === 'string') this.lastAnswer = { op: 'set', value: picked };
      if (state.reason !== '') store.dispatch({ type: 'reasonSet', reason: '' });
      this.done(outcome, null);
      if (items.some((key) => store.state.selected.has(key))) store.dispatch({ type: 'selectionCleared' });
      if (single && state.advance) this.goOn(state, items);
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

  /** After an answer: to the next finding in doubt of the image, else to the next image. */
  private goOn(before: GridState, answered: readonly ItemKey[]): void {
    const { store, items } = this.context;
    const image = items.at(before.focus.index);
    const [key] = answered;
    if (image?.findings === undefined || key === undefined) {
      this.step(1);
      return;
    }
    const finding = findingOfKey(key);
    const next = nextOpen(store.state, image, finding);
    if (next !== undefined) store.dispatch({ type: 'findingSet', finding: next });
    // Whoever answers what is not in doubt is at work on this image.
    else if (image.findings.some((one) => one.finding === finding)) this.step(1);
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
    if (items.length === 0) return this.noTarget();
    const isHidden = (key: ItemKey): boolean => this.context.items.byKey(key)?.hidden === true;
    if (['accept', 'keep', 'include'].includes(op) && items.some(isHidden)) return strings.blindRefusal;
    return undefined;
  }

  private noTarget(): string {
    const { store, items, formatter } = this.context;
    const { said, findings } = formatter.strings;
    const image = items.at(store.state.focus.index);
    if (image?.findings === undefined) return said.nothingSelected;
    return image.hidden ? findings.noneBlind : findings.noneInDoubt;
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
    items.apply([...outcome.items, ...(outcome.others ?? [])]);
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
  const [key] = items;
  return items.length === 1 && key !== undefined && (key === focus.key || isOfImage(key, focus.key));
}
