/** Moves among the findings of the focused image: its chips on the tile, all of them in Read mode. */
import type { EffectContext } from '../effects/context';
import { keyOfFinding } from '../../../src/protocol/itemKeys';
import { actingFinding, readOrder } from './acting';
import { shownFinding } from './words';

export class FindingFocus {
  constructor(private readonly context: EffectContext) {}

  /** The findings that may be gone to, in their order. */
  names(): readonly string[] {
    const { store, items } = this.context;
    const { state } = store;
    const image = items.at(state.focus.index);
    if (image?.findings === undefined) return [];
    return state.reading ? readOrder(state.project, image) : image.findings.map(({ finding }) => finding);
  }

  /** To the next or the previous one; at either end it stays. */
  move(by: 1 | -1): void {
    const { store, items } = this.context;
    const names = this.names();
    const acting = actingFinding(store.state, items.at(store.state.focus.index));
    const next = names[names.findIndex((name) => name === acting) + by];
    if (next !== undefined) this.go(next);
  }

  /** To one of them, which is said aloud. What is not on the tile is read: an answer hits nothing that is not seen. */
  go(finding: string): void {
    const { store, items, formatter, say } = this.context;
    const image = items.at(store.state.focus.index);
    store.dispatch({ type: 'findingSet', finding });
    const isSeen = store.state.reading || image?.findings?.some((chip) => chip.finding === finding);
    if (isSeen !== true) store.dispatch({ type: 'readingSet', reading: true });
    const item = image && items.byKey(keyOfFinding(image.key, finding));
    say(item ? shownFinding(item, store.state, formatter).sentence : finding);
  }
}
