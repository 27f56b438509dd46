/** The SQL expression that a list is filtered by: completed while it is typed, and what is wrong with it in words. */
import type { DisposableStore } from '../../disposables';
import { element, setAttribute, setText } from '../../dom';
import { fill } from '../../texts';
import type { ItemQuery, ProjectSummary } from '../../../src/protocol/engineApi';
import { completionsAt, type Completion } from '../filter/completions';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import type { FilterBarActions } from './filterBar';
import { createSuggestions } from './suggestions';

const faultId = 'filter-fault';

export function createExpressionField(
  formatter: Formatter,
  actions: FilterBarActions,
  disposables: DisposableStore,
) {
  const { strings } = formatter;
  const input = element('input', {
    class: 'where-input',
    attributes: {
      type: 'text',
      'aria-label': strings.where,
      placeholder: strings.wherePlaceholder,
      autocomplete: 'off',
      spellcheck: 'false',
    },
  });
  const fault = element('div', { class: 'filter-fault', attributes: { id: faultId, role: 'alert' } });
  const take = ({ from, to, text }: Completion): void => {
    input.setRangeText(text, from, to, 'end');
    suggest();
  };
  const suggestions = createSuggestions(input, strings.suggestions, strings.suggestionKinds, take);
  const suggest = (): void => {
    const { project, filterHistory } = actions.state();
    if (project === null) return;
    const at = input.selectionStart ?? input.value.length;
    suggestions.show(completionsAt(input.value, at, project, filterHistory));
  };
  const commit = (byEnter: boolean): void => {
    suggestions.close();
    const text = input.value.trim();
    const state = actions.state();
    // Enter is told twice, by the key and as the end of a change.
    const isFaulty = state.filterFault !== null && !state.querying;
    const isNew = text !== (state.query.where ?? '') || isFaulty;
    const applied = isNew ? actions.change({ where: text === '' ? undefined : text }) : Promise.resolve();
    // Where it failed there is something to mend.
    void applied.then(() => {
      if (actions.state().filterFault !== null) return;
      if (isNew && text !== '') actions.remember(text);
      if (byEnter) actions.leave();
    });
  };
  disposables.listen(input, 'input', suggest);
  disposables.listen(input, 'focus', suggest);
  disposables.listen(input, 'change' as 'input', () => commit(false));
  disposables.listen(input, 'blur', () => suggestions.close());
  disposables.listen(input, 'keydown', (event) => {
    if (event.key === 'Escape') {
      suggestions.close();
      input.value = actions.state().query.where ?? '';
    } else if (suggestions.onKey(event)) event.preventDefault();
    else if (event.key === 'Enter') commit(true);
  });

  const update = (project: ProjectSummary, query: ItemQuery, { filterFault }: GridState): void => {
    const { blind } = project;
    input.disabled = blind;
    // What somebody is mending or typing stays as it is.
    const isTyping = document.activeElement === input;
    const where = query.where ?? '';
    if (!isTyping && filterFault === null && input.value !== where) input.value = where;
    input.title = blind
      ? strings.blindHelp
      : fill(strings.whereHelp, {
          columns: 'sample, path, split, "group", finding, given, value, predicted, confidence, p, loss',
          metadata: project.metadataColumns.join(', '),
        });
    setAttribute(input, 'aria-invalid', filterFault === null ? null : 'true');
    setAttribute(input, 'aria-errormessage', filterFault === null ? null : faultId);
    fault.hidden = filterFault === null;
    setText(fault, filterFault === null ? '' : fill(strings.whereFailed, { message: filterFault.message }));
  };
  const root = element('div', { class: 'where' }, input, suggestions.root);
  return { root, fault, update, focus: () => input.focus() };
}
