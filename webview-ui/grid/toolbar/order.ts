/** The score that the list is sorted by, and which end comes first. */
import { createButton, createDropdown } from '../../controls';
import { element } from '../../dom';
import type { ItemQuery, ProjectSummary } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import { neutralOrder } from '../state/queries';
import type { FilterBarActions } from './filterBar';

export function createOrder(formatter: Formatter, actions: FilterBarActions) {
  const { strings } = formatter;
  const sort = createDropdown({
    label: strings.sort,
    onChange: (value) => {
      const order = actions.state().project?.sortInfos.find(({ id }) => id === value);
      void actions.change({ sort: value, descending: order?.descending ?? false });
    },
  });
  const direction = createButton({
    label: '↓',
    title: strings.descending,
    onClick: () => void actions.change({ descending: !actions.state().query.descending }),
  });
  direction.root.classList.add('direction');

  const update = (project: ProjectSummary, query: ItemQuery): void => {
    const { blind } = project;
    sort.set(
      blind
        ? [{ value: neutralOrder(project).sort, label: strings.sortBlind }]
        : project.sortInfos.map(({ id, title }) => ({ value: id, label: title })),
      query.sort,
    );
    sort.setEnabled(!blind);
    direction.setEnabled(!blind);
    direction.setLabel(query.descending ? '↓' : '↑');
    const order = query.descending ? strings.descending : strings.ascending;
    direction.root.title = order;
    direction.root.setAttribute('aria-label', order);
  };
  return { root: element('div', { class: 'field-group' }, sort.root, direction.root), update };
}
