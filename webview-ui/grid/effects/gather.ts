/** Lists images beside the ones at hand: those that look like them, or all of their patients. The same again goes back. */
import type { GatherBy, ItemKey } from '../../../src/protocol/engineApi';
import { faultOf } from '../host';
import { wholeQueue } from '../state/queries';
import type { EffectContext } from './context';
import type { Lists } from './lists';

/** The order of a query that lists its samples as it names them (`core/review/scores.ts`). */
const gatheredOrder = 'gathered';

export async function gather(
  { store, rpc }: EffectContext,
  lists: Lists,
  by: GatherBy,
  keys: readonly ItemKey[],
): Promise<void> {
  const { project, query, focus, shownFrom, sitting } = store.state;
  if (project === null) return;
  if (query.sort === gatheredOrder && shownFrom !== null) return lists.back();
  if (keys.length === 0) return;
  try {
    const samples = await rpc.call('gather', keys, by);
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
  }
}
