/** Letters on all labels, for more of them than there are number keys: typing them answers with one. */
import type { DisposableStore } from '../../disposables';
import { valuesByKey, type Formatter } from '../format';
import { multiLabelOf } from '../state/queries';
import type { GridState } from '../state/model';
import { createHints } from './hintDialog';

export interface LabelHintActions {
  /** Answers with the value at this place among those of the keys. */
  answer(index: number): void;
  closed(): void;
  /** The finding of the focused item. */
  finding(): string | undefined;
}

export function createLabelHints(
  formatter: Formatter,
  actions: LabelHintActions,
  disposables: DisposableStore,
) {
  const { hintsTitle: title, hintsHelp: help } = formatter.strings;
  const hints = createHints(
    { title, help, choose: (index) => actions.answer(index), closed: () => actions.closed() },
    disposables,
  );
  const open = (state: GridState): void => {
    if (state.settings.readOnly) return;
    const values = valuesByKey(state.project, actions.finding() ?? state.query.finding);
    hints.open(values.map((value) => formatter.value(value, multiLabelOf(state))));
  };
  return { root: hints.root, open };
}
