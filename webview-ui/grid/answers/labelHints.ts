/**
 * Letters on all labels: for more of them than there are number keys. While it is open the next keys spell a letter, or
 * two, and answer with its label; whatever they are called otherwise, none of them is an answer of its own.
 */
import type { DisposableStore } from '../../disposables';
import { element } from '../../dom';
import { valuesByKey, type Formatter } from '../format';
import { multiLabelOf } from '../state/queries';
import type { GridState } from '../state/model';
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
  const { strings } = formatter;
  const choices = element('div', { class: 'hint-choices' });
  const root = element(
    'dialog',
    { class: 'label-hints', attributes: { 'aria-label': strings.hintsTitle } },
    element('p', { class: 'muted', text: strings.hintsHelp }),
    choices,
  );
  let hints: readonly string[] = [];
  let typed = '';
  disposables.listen(root, 'close' as 'blur', () => actions.closed());
  disposables.listen(root, 'keydown', (event) => {
    // Nothing of what is spelt reaches the editor; Escape closes a dialog by itself.
    event.stopPropagation();
    if (event.key === 'Escape' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.repeat) return;
    spell(event.key.toLowerCase());
  });
  disposables.listen(root, 'mousedown', (event) => {
    if (event.target === root) root.close();
  });

  const spell = (key: string): void => {
    if (key === 'backspace') typed = '';
    else if (hints.some((hint) => hint.startsWith(typed + key))) typed += key;
    else return;
    const chosen = hints.indexOf(typed);
    if (chosen >= 0) {
      root.close();
      actions.answer(chosen);
      return;
    }
    for (const choice of choices.children)
      choice.classList.toggle('out', !(choice.getAttribute('data-hint') ?? '').startsWith(typed));
  };

  const open = (state: GridState): void => {
    if (root.open || state.settings.readOnly) return;
    const multiLabel = multiLabelOf(state);
    const values = valuesByKey(state.project, actions.finding() ?? state.query.finding);
    hints = hintsFor(values.length);
    typed = '';
    choices.replaceChildren(
      ...values.map((value, index) => {
        const hint = hints[index] ?? '';
        const text = formatter.value(value, multiLabel);
        const choice = element(
          'button',
          {
            class: 'label-button',
            title: text,
            attributes: { type: 'button', 'data-hint': hint, 'aria-label': `${hint.toUpperCase()} ${text}` },
          },
          element('kbd', { text: hint.toUpperCase() }),
          element('span', { class: 'word', text }),
        );
        choice.addEventListener('click', () => {
          root.close();
          actions.answer(index);
        });
        return choice;
      }),
    );
    root.showModal();
  };
  return { root, open };
}
