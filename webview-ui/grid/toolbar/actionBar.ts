/** Labels by button with their keys beside them, undo, fine-tune, and the counts. */
import { createButton, type ButtonControl } from '../../controls';
import { element, setText } from '../../dom';
import type { ProjectSummary, QueueInfo } from '../../../src/protocol/engineApi';
import type { GridCommand } from '../../../src/protocol/gridApi';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { isFiltered, queueOf, shownQuery, wholeQueue } from '../state/queries';
import { fill } from '../../texts';
import { createLabelButtons } from './labelButtons';

export interface ActionBarActions {
  run(command: GridCommand): void;
  finetune(): void;
  setMatrix(open: boolean): void;
  state(): GridState;
}

export function createActionBar(formatter: Formatter, actions: ActionBarActions) {
  const { strings } = formatter;
  const command = (label: string, title: string, what: GridCommand): ButtonControl =>
    createButton({ label, title, onClick: () => actions.run(what) });

  const counts = element('span', { class: 'counts', attributes: { 'data-test': 'counts' } });
  const random = element('span', {
    class: 'random-weights',
    text: strings.randomWeights,
    title: strings.randomWeightsHelp,
  });
  const labels = createLabelButtons(formatter, command);
  const answers: readonly ButtonControl[] = [
    command(`A ${strings.accept}`, strings.help.accept, { name: 'accept' }),
    command(`K ${strings.keep}`, strings.help.keep, { name: 'keep' }),
    command(`U ${strings.uncertain}`, strings.help.uncertain, { name: 'uncertain' }),
    command(`X ${strings.exclude}`, strings.help.exclude, { name: 'exclude' }),
  ];
  const undo = command(strings.undo, strings.undo, { name: 'undo' });
  const redo = command(strings.redo, strings.redo, { name: 'redo' });
  const all = command(strings.selectAll, strings.selectAll, { name: 'selectAll' });
  const matrix = createButton({
    label: strings.matrixButton,
    title: strings.matrix,
    onClick: () => actions.setMatrix(!actions.state().matrixOpen),
  });
  const details = createButton({
    label: strings.details,
    onClick: () => actions.run({ name: 'toggleDetail' }),
  });
  const finetune = createButton({
    label: strings.finetune,
    title: strings.finetuneHelp,
    primary: true,
    onClick: () => actions.finetune(),
  });
  const root = element(
    'div',
    { class: 'actions', attributes: { role: 'toolbar', 'aria-label': strings.actions } },
    element('div', { class: 'group' }, counts, random),
    labels.root,
    element('div', { class: 'group' }, ...answers.map(({ root }) => root)),
    element('div', { class: 'group' }, undo.root, redo.root, all.root),
    element('div', { class: 'group end' }, matrix.root, details.root, finetune.root),
  );

  let listed: GridState['list'] = null;
  /** What the queue counted when the list was made. */
  let countedThen: number | null | undefined;
  /** A list keeps what was answered since; then it is no longer what the queue counts, and is not called so. */
  const countsText = (state: GridState, project: ProjectSummary, queue: QueueInfo, total: number): string => {
    const counted = project.queues[queue.id];
    const isFull = isFiltered(shownQuery(state), project.reviewedSplits)
      ? counted === countedThen
      : counted === total;
    const whole = wholeQueue(project);
    // A blind reading is told of the whole alone.
    if (isFull || !whole || typeof counted !== 'number') return formatter.plural(queue.counted, total);
    return fill(strings.listed, { items: formatter.plural(whole.counted, total) });
  };

  const update = (state: GridState): void => {
    const { project, list } = state;
    if (project === null) return;
    const query = shownQuery(state);
    labels.update(state);
    const queue = queueOf(project, query);
    if (list !== listed) {
      listed = list;
      countedThen = queue && project.queues[queue.id];
    }
    setText(counts, list === null || !queue ? '' : countsText(state, project, queue, list.total));
    random.hidden = project.weights?.random !== true;
    const editable = !state.settings.readOnly;
    labels.setEnabled(editable);
    for (const button of answers) button.setEnabled(editable);
    undo.setEnabled(editable && state.canUndo);
    redo.setEnabled(editable && state.canRedo);
    all.setEnabled((list?.total ?? 0) > 0);
    finetune.setEnabled(editable && !state.finetuning);
    matrix.setPressed(state.matrixOpen);
    details.setPressed(state.detailOpen);
  };
  return { root, update };
}
