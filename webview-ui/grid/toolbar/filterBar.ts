/** What is listed and in which order: queue, split, finding, label, model, sort, SQL expression. */
import { createButton } from '../../controls';
import { element } from '../../dom';
import type { ItemQuery } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { isFiltered, shownQuery, withoutFilters } from '../state/queries';
import { createExpressionField } from './expressionField';
import { createLabelFilters } from './labelFilters';
import { createListChoice } from './listChoice';
import { createOrder } from './order';

export interface FilterBarActions {
  readonly change: (change: { readonly [K in keyof ItemQuery]?: ItemQuery[K] | undefined }) => Promise<void>;
  readonly show: (query: ItemQuery) => void;
  /** The expression is done with: the keys go back to the tiles. */
  readonly leave: () => void;
  readonly state: () => GridState;
}

export function createFilterBar(formatter: Formatter, actions: FilterBarActions) {
  const { strings } = formatter;
  const list = createListChoice(formatter, actions);
  const labels = createLabelFilters(formatter, actions);
  const order = createOrder(formatter, actions);
  const expression = createExpressionField(formatter, actions);
  const clear = createButton({
    label: strings.clear,
    title: strings.clearFilters,
    onClick: () => {
      const { query, project } = actions.state();
      actions.show(withoutFilters(query, project?.reviewedSplits ?? []));
    },
  });
  const root = element(
    'div',
    { class: 'filters', attributes: { role: 'search', 'aria-label': strings.filters } },
    ...list.roots,
    ...labels.roots,
    order.root,
    expression.root,
    clear.root,
    expression.fault,
  );

  const update = (state: GridState): void => {
    const { project } = state;
    if (project === null) return;
    const query = shownQuery(state);
    list.update(project, query);
    labels.update(project, query);
    order.update(project, query);
    expression.update(project, query, state.filterFault);
    clear.root.hidden = !isFiltered(query, project.reviewedSplits) && state.filterFault === null;
  };
  return { root, update, focus: () => expression.focus() };
}
