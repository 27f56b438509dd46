/**
 * Lists images beside the ones at hand: those that look like them, or all of their patients. The same again goes back, or stops
 * waiting. The page waits for nothing meanwhile: whoever has gone on to another list stays there.
 */
import type { GatherBy, ItemKey } from '../../../src/protocol/engineApi';
import { faultOf } from '../host';
import { wholeQueue } from '../state/queries';
import type { EffectContext } from './context';
import type { Lists } from './lists';

/** The order of a query that lists its samples as it names them (`core/review/scores.ts`). */
const gatheredOrder = 'gathered';

/** ms after which it is told that images are still looked for. */
const toldAfter = 300;

/** The question whose answer is waited for is the last one. */
let asked = 0;

export async function gather(
  { store, rpc, formatter, say }: EffectContext,
  lists: Lists,
  by: GatherBy,
  keys: readonly ItemKey[],
): Promise<void> {
  const { project, query, focus, shownFrom, sitting, gathering } = store.state;
  if (project === null) return;
  if (query.sort === gatheredOrder && shownFrom !== null) return lists.back();
  const own = ++asked;
  if (gathering) {
    store.dispatch({ type: 'gatheringSet', running: false });
    return;
  }
  if (keys.length === 0) return;
  const timer = setTimeout(() => {
    if (own !== asked || by === 'patient') return;
    store.dispatch({ type: 'gatheringSet', running: true });
    say(formatter.strings.gathering);
  }, toldAfter);
  try {
    const samples = await rpc.call('gather', keys, by);
    if (own !== asked || store.state.query !== query) return;
    const { finding } = query;
    await lists.showFrom(
      {
        queue: wholeQueue(project)?.id ?? query.queue,
        // Those of a part that is not reviewed stay out: a look at the test part is counted.
        splits: project.reviewedSplits,
        ...(finding === undefined ? {} : { finding }),
        samples,
        sort: gatheredOrder,
        descending: false,
      },
      { query, focus: focus.key, sitting },
    );
  } catch (error) {
    store.dispatch({ type: 'faulted', fault: faultOf(error) });
  } finally {
    clearTimeout(timer);
    if (own === asked && store.state.gathering) store.dispatch({ type: 'gatheringSet', running: false });
  }
}
