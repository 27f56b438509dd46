/** What is shown in place of tiles when there are none: why, and where to go on. */
import { createButton } from '../controls';
import { element, setText } from '../dom';
import type { Formatter } from './format';
import type { GridState } from './state/model';
import { checkOrder, isFiltered, queueOf, shownQuery } from './state/queries';

export interface EmptyStateActions {
  finetune(): void;
  checkData(): void;
  clearFilters(): void;
  browseAll(): void;
}

export function createEmptyState(formatter: Formatter, actions: EmptyStateActions) {
  const { strings } = formatter;
  const title = element('h2', {});
  const help = element('p', {});
  const finetune = createButton({
    label: strings.finetune,
    primary: true,
    onClick: () => actions.finetune(),
  });
  const check = createButton({
    label: strings.checkData,
    primary: true,
    onClick: () => actions.checkData(),
  });
  const clear = createButton({ label: strings.clearFilters, onClick: () => actions.clearFilters() });
  const browse = createButton({ label: strings.browseAll, onClick: () => actions.browseAll() });
  const root = element(
    'div',
    { class: 'empty', hidden: true },
    title,
    help,
    element('div', { class: 'group' }, finetune.root, check.root, clear.root, browse.root),
  );

  const update = (state: GridState): void => {
    const { list, project } = state;
    const query = shownQuery(state);
    root.hidden = list === null || list.total > 0 || project === null;
    if (root.hidden || project === null) return;
    const queue = queueOf(project, query);
    const checks = queue?.sort === checkOrder;
    const errors = queue?.contradicts === true && !checks;
    const noRun = project.latestRun === null && queue?.needsRun === true;
    const filtered = isFiltered(query, project.reviewedSplits);
    const [heading, text] = noRun
      ? [strings.emptyNoRun, strings.emptyNoRunHelp]
      : checks
        ? (project.checks?.made ?? null) === null
          ? [strings.emptyUnchecked, strings.emptyUncheckedHelp]
          : [strings.emptyChecked, strings.emptyCheckedHelp]
        : errors
          ? [strings.emptyNoErrors, strings.emptyNoErrorsHelp]
          : filtered
            ? [strings.emptyOther, strings.emptyOtherHelp]
            : [strings.emptyQueue, strings.emptyQueueHelp];
    setText(title, heading);
    setText(help, text);
    finetune.root.hidden = !(errors || noRun) || state.settings.readOnly;
    finetune.setEnabled(!state.finetuning);
    check.root.hidden = !checks || state.settings.readOnly;
    clear.root.hidden = !filtered || noRun;
    browse.root.hidden = queue?.isAll === true;
  };
  return { root, update };
}
