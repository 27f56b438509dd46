/**
 * Letters on choices: while it is open the next keys spell a letter, or two, and take its choice; whatever they are called
 * otherwise, none of them does anything else.
 */
import type { DisposableStore } from '../../disposables';
import { element } from '../../dom';
import { middleText } from '../tiles/middleText';
import { hintsFor } from './hintLetters';

export interface HintsOptions {
  readonly title: string;
  readonly help: string;
  /** The choice at this place was taken. */
  choose(index: number): void;
  closed(): void;
}

export function createHints(options: HintsOptions, disposables: DisposableStore) {
  const choices = element('div', { class: 'hint-choices' });
  const root = element(
    'dialog',
    { class: 'label-hints', attributes: { 'aria-label': options.title } },
    element('p', { class: 'muted', text: options.help }),
    choices,
  );
  let hints: readonly string[] = [];
  let typed = '';
  disposables.listen(root, 'close' as 'blur', () => options.closed());
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
      options.choose(chosen);
      return;
    }
    for (const choice of choices.children)
      choice.classList.toggle('out', !(choice.getAttribute('data-hint') ?? '').startsWith(typed));
  };

  /** @param texts of the choices, in their order */
  const open = (texts: readonly string[]): void => {
    if (root.open) return;
    hints = hintsFor(texts.length);
    typed = '';
    choices.replaceChildren(
      ...texts.map((text, index) => {
        const hint = hints[index] ?? '';
        const choice = element(
          'button',
          {
            class: 'label-button',
            title: text,
            attributes: { type: 'button', 'data-hint': hint, 'aria-label': `${hint.toUpperCase()} ${text}` },
          },
          element('kbd', { text: hint.toUpperCase() }),
          middleText('word', text),
        );
        choice.addEventListener('click', () => {
          root.close();
          options.choose(index);
        });
        return choice;
      }),
    );
    root.showModal();
  };
  return { root, open };
}
