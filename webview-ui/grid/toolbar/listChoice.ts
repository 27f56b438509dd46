/** The queue that is listed, and the parts of the split. */
import { createDropdown } from '../../controls';
import type { ItemQuery, ProjectSummary } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import { splitChoice, splitChoices, splitsOf } from '../state/queries';
import type { GridState } from '../state/model';
import type { FilterBarActions } from './filterBar';
import { createProgress } from './progress';

/** The choice of parts that is none of those offered: what a saved query may ask for. */
const other = 'other';

export function createListChoice(formatter: Formatter, actions: FilterBarActions) {
  const { strings } = formatter;
  const progress = createProgress(formatter);
  const queue = createDropdown({
    label: strings.queue,
    class: 'queue-filter',
    face: progress.root,
    onChange: (value) => void actions.change({ queue: value }),
  });
  const split = createDropdown({
    label: strings.split,
    class: 'split-filter',
    onChange: (value) => {
      const reviewed = actions.state().project?.reviewedSplits ?? [];
      if (value !== other) void actions.change({ splits: splitsOf(value, reviewed) });
    },
  });
  const partNames = (splits: ItemQuery['splits']): string =>
    splits.map((one) => strings.splits[one]).join(', ');

  const updateQueue = ({ task, blind, queueInfos, queues }: ProjectSummary, query: ItemQuery): void => {
    const multiLabel = task === 'multi-label';
    // A queue is a hint: so is how many are in it.
    queue.set(
      queueInfos
        .filter(({ isAll }) => isAll || !blind)
        .map(({ id, title }) => {
          const count = queues[id] ?? null;
          return {
            value: id,
            label: count === null ? title : `${title} (${formatter.units(count, multiLabel)})`,
          };
        }),
      query.queue,
    );
    queue.setEnabled(!blind);
  };
  const updateSplit = ({ reviewedSplits }: ProjectSummary, { splits }: ItemQuery): void => {
    const parts = splitChoice(splits, reviewedSplits);
    split.set(
      [
        ...splitChoices(reviewedSplits).map(([value, listed]) => ({
          value,
          label: value === 'all' ? strings.splitsAll : partNames(listed),
        })),
        ...(parts === other ? [{ value: other, label: partNames(splits) }] : []),
      ],
      parts,
    );
  };
  const update = (state: GridState, query: ItemQuery): void => {
    const { project } = state;
    if (project === null) return;
    updateQueue(project, query);
    updateSplit(project, query);
    progress.update(state);
  };
  return { queue: queue.root, split: split.root, update };
}
