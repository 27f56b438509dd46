/** Letters on all labels, for more of them than there are number keys: typing them answers with one. */
import type { DisposableStore } from '../../disposables';
import { valuesByKey, type Formatter } from '../format';
import { multiLabelOf } from '../state/queries';
import type { GridState } from '../state/model';
import { Hints } from './hintDialog';
import { hintsFor } from './hintLetters';

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
  const hints = new Hints(
    { title, choose: (index) => actions.answer(index), closed: () => actions.closed() },
    disposables,
  );
  const open = (state: GridState, beside: DOMRect | undefined): void => {
    if (state.settings.readOnly) return;
    const values = valuesByKey(state.project, actions.finding() ?? state.query.finding);
    const letters = hintsFor(values.length);
    const choices = values.map((value, n) => ({
      text: formatter.value(value, multiLabelOf(state)),
      hint: letters[n] ?? '',
    }));
    hints.open({ help, choices }, beside);
  };
  return { root: hints.root, open };
}
