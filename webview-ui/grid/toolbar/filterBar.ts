/** What is listed and in which order: queue, split, finding, label, model, other limits, expression, order. */
import { createButton } from '../../controls';
import type { DisposableStore } from '../../disposables';
import { element } from '../../dom';
import type { ItemQuery } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { isFiltered, shownQuery, withoutFilters, type QueryChange } from '../state/queries';
import { createExpressionField } from './expressionField';
import { createFilterChips } from './filterChips';
import { createLabelFilters } from './labelFilters';
import { createListChoice } from './listChoice';
import { createOrder } from './order';

export interface FilterBarActions {
  readonly change: (change: QueryChange) => Promise<void>;
  readonly show: (query: ItemQuery) => void;
  /** The expression is done with: the keys go back to the tiles. */
  readonly leave: () => void;
  /** Remembers an expression that was applied. */
  readonly remember: (where: string) => void;
  /** Keeps an expression as a queue of the project. */
  readonly save: (where: string) => void;
  readonly state: () => GridState;
}

export function createFilterBar(
  formatter: Formatter,
  actions: FilterBarActions,
  disposables: DisposableStore,
) {
  const { strings } = formatter;
  const list = createListChoice(formatter, actions);
  const labels = createLabelFilters(formatter, actions);
  const order = createOrder(formatter, actions);
  const chips = createFilterChips(formatter, actions);
  const expression = createExpressionField(formatter, actions, disposables);
  const clear = createButton({
    label: strings.clear,
    title: strings.clearFilters,
    onClick: () => {
      const { query, project } = actions.state();
      actions.show(withoutFilters(query, project?.reviewedSplits ?? []));
    },
  });
  const save = createButton({
    label: strings.saveFilter,
    title: strings.saveFilterHelp,
    onClick: () => actions.save(actions.state().query.where ?? ''),
  });
  const facets = element('div', { class: 'facets' }, list.split, ...labels.roots);
  const find = element(
    'div',
    { class: 'find', attributes: { role: 'search', 'aria-label': strings.filters } },
    chips.root,
    expression.root,
    save.root,
    clear.root,
  );

  const update = (state: GridState): void => {
    const { project } = state;
    if (project === null) return;
    const query = shownQuery(state);
    list.update(state, query);
    labels.update(project, query);
    chips.update(state, query);
    order.update(project, query);
    expression.update(project, query, state);
    const where = query.where ?? '';
    const isKept = project.savedQueues.some((saved) => saved.where === where);
    save.root.hidden = where === '' || isKept || state.filterFault !== null || state.settings.readOnly;
    clear.root.hidden = !isFiltered(query, project.reviewedSplits) && state.filterFault === null;
  };
  return {
    queue: list.queue,
    facets,
    find,
    /** What stands beside the field while the list is filtered. */
    passing: [chips.root, save.root, clear.root],
    order: order.root,
    fault: expression.fault,
    update,
    focus: () => expression.focus(),
  };
}
