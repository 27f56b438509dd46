/** The queue that is listed, and the parts of the split. */
import { createDropdown } from '../../controls';
import type { ItemQuery, ProjectSummary, SavedQueue } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import { savedOn, splitChoice, splitChoices, splitsOf, wholeQueue } from '../state/queries';
import type { GridState } from '../state/model';
import type { FilterBarActions } from './filterBar';
import { createProgress } from './progress';

/** Before the name of a queue of the project's own: no queue of the table has such an id. */
const savedPrefix = 'saved: ';

function savedOf(project: ProjectSummary | null, value: string): SavedQueue | undefined {
  return project?.savedQueues.find(({ name }) => savedPrefix + name === value);
}

/** The choice of parts that is none of those offered: what a saved query may ask for. */
const other = 'other';

export function createListChoice(formatter: Formatter, actions: FilterBarActions) {
  const { strings } = formatter;
  const progress = createProgress(formatter);
  const queue = createDropdown({
    label: strings.queue,
    class: 'queue-filter',
    face: progress.root,
    onChange: (value) => {
      const { project, query } = actions.state();
      const saved = savedOf(project, value);
      const whole = project && wholeQueue(project)?.id;
      if (saved) void actions.change({ queue: whole ?? query.queue, where: saved.where });
      // Who goes on from a queue that is a filter leaves that filter behind.
      else void actions.change({ queue: value, ...(savedOn(project, query) ? { where: undefined } : {}) });
    },
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

  const updateQueue = (project: ProjectSummary, readOnly: boolean, query: ItemQuery): void => {
    const { task, blind, queueInfos, queues, savedQueues } = project;
    const multiLabel = task === 'multi-label';
    // A queue is a hint: so is how many are in it.
    const listed = queueInfos
      .filter(({ isAll }) => isAll || !blind)
      .map(({ id, title }) => {
        const count = queues[id] ?? null;
        return {
          value: id,
          label: count === null ? title : `${title} (${formatter.units(count, multiLabel)})`,
        };
      });
    // The filter of a project that nobody trusts is not run.
    const own = readOnly ? [] : savedQueues.map(({ name }) => ({ value: savedPrefix + name, label: name }));
    const on = savedOn(project, query);
    queue.set([...listed, ...own], on && !readOnly ? savedPrefix + on.name : query.queue);
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
    updateQueue(project, state.settings.readOnly, query);
    updateSplit(project, query);
    progress.update(state);
  };
  return { queue: queue.root, split: split.root, update };
}
