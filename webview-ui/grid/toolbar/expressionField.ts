/** The SQL expression that a list is filtered by, and what is wrong with it. */
import { createTextField } from '../../controls';
import { element, setText } from '../../dom';
import { fill } from '../../texts';
import type { ItemQuery, ProjectSummary } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import type { Fault } from '../state/model';
import type { FilterBarActions } from './filterBar';

const faultId = 'filter-fault';

export function createExpressionField(formatter: Formatter, actions: FilterBarActions) {
  const { strings } = formatter;
  const commit = (value: string, byEnter: boolean): void => {
    const text = value.trim();
    const state = actions.state();
    // Enter is told twice, by the key and as the end of a change.
    const isFaulty = state.filterFault !== null && !state.querying;
    const isNew = text !== (state.query.where ?? '') || isFaulty;
    const applied = isNew ? actions.change({ where: text === '' ? undefined : text }) : Promise.resolve();
    // Where it failed there is something to mend.
    if (byEnter)
      void applied.then(() => {
        if (actions.state().filterFault === null) actions.leave();
      });
  };
  const where = createTextField({
    label: strings.where,
    class: 'where',
    placeholder: strings.wherePlaceholder,
    onCommit: commit,
  });
  where.input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') where.value = actions.state().query.where ?? '';
  });
  const fault = element('div', { class: 'filter-fault', attributes: { id: faultId, role: 'alert' } });

  const update = (project: ProjectSummary, query: ItemQuery, filterFault: Fault | null): void => {
    const { blind } = project;
    where.setEnabled(!blind);
    // What somebody is mending stays as it was typed.
    if (!where.root.contains(document.activeElement) || filterFault === null) where.value = query.where ?? '';
    where.input.title = blind
      ? strings.blindHelp
      : fill(strings.whereHelp, {
          columns: 'sample, path, split, "group", finding, given, value, predicted, confidence, p, loss',
          metadata: project.metadataColumns.join(', '),
        });
    where.setInvalid(filterFault === null ? null : faultId);
    fault.hidden = filterFault === null;
    setText(fault, filterFault === null ? '' : fill(strings.whereFailed, { message: filterFault.message }));
  };
  return { root: where.root, fault, update, focus: () => where.input.focus() };
}
