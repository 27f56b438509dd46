/** Selection over lists of which only a part is here: ranges and "all" need the keys of the whole list. */
import type { ItemKey } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import { faultOf } from '../host';
import { listsFindings } from '../state/queries';
import type { EffectContext } from './context';
import type { Lists } from './lists';

export class Selection {
  private latest = 0;
  private finding: Promise<void> | undefined;

  constructor(
    private readonly context: EffectContext,
    private readonly lists: Lists,
  ) {}

  /** Resolves when what is being selected is known; undefined when nothing is waited for. */
  get pending(): Promise<void> | undefined {
    return this.finding;
  }

  async all(): Promise<void> {
    await this.select(() => this.lists.keys(), false);
  }

  /** From the anchor to a position, both included. The focus goes to the position, the anchor stays. */
  async range(to: number, add: boolean): Promise<void> {
    const { store, items } = this.context;
    const { anchor } = store.state;
    const [first, last] = anchor < to ? [anchor, to] : [to, anchor];
    store.dispatch({ type: 'focused', index: to, key: items.at(to)?.key ?? null, keep: true });
    await this.select(async () => {
      const here = Array.from({ length: last - first + 1 }, (_, i) => items.at(first + i)?.key);
      return here.every((key): key is ItemKey => key !== undefined)
        ? here
        : (await this.lists.keys()).slice(first, last + 1);
    }, add);
  }

  toggle(index: number): void {
    const key = this.context.items.at(index)?.key;
    if (key !== undefined) this.context.store.dispatch({ type: 'toggled', index, key });
    this.announce();
  }

  clear(): void {
    this.latest += 1;
    if (this.context.store.state.selected.size === 0) return;
    this.context.store.dispatch({ type: 'selectionCleared' });
    this.announce();
  }

  private async select(find: () => Promise<readonly ItemKey[]>, add: boolean): Promise<void> {
    const turn = ++this.latest;
    const { store } = this.context;
    const { index } = store.state.focus;
    const work = (async (): Promise<void> => {
      try {
        const keys = await find();
        // A move since then has left this selection behind.
        if (turn !== this.latest || store.state.focus.index !== index) return;
        store.dispatch({ type: 'selected', keys, add });
        this.announce();
      } catch (error) {
        store.dispatch({ type: 'faulted', fault: faultOf(error) });
      }
    })();
    this.finding = work;
    await work;
    if (this.finding === work) this.finding = undefined;
  }

  private announce(): void {
    const { formatter, store, say } = this.context;
    const { state } = store;
    const count = formatter.units(state.selected.size, listsFindings(state));
    say(fill(formatter.strings.selected, { count }));
  }
}
