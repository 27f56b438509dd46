/** What can be said where nothing was understood: the columns by their names, or the level of folders. */
import type { NewProjectView } from '../../src/protocol/newProjectApi';
import { createDropdown, createTextField } from '../controls';
import { element } from '../dom';
import type { SettingsActions } from './settings';
import type { NewProjectTexts } from './strings';

/** Deeper levels are named by number on the command line. */
const levels = ['1', '2', '3', '4', '5'];

export function createOverrule(
  { source, chosen }: Pick<NewProjectView, 'source' | 'chosen'>,
  texts: NewProjectTexts,
  actions: SettingsActions,
): HTMLElement {
  if (source.kind === 'images') {
    const level = createDropdown({
      label: texts.level,
      onChange: (to) => (to === '' ? actions.guess('class-level') : actions.choose('class-level', to)),
    });
    level.set(
      [{ value: '', label: texts.guessed }, ...levels.map((name) => ({ value: name, label: name }))],
      chosen['class-level'] ?? '',
    );
    return element('div', { class: 'overrule' }, level.root);
  }
  const fields = (
    [
      ['path', texts.pathColumn],
      ['label', texts.labelColumn],
    ] as const
  ).map(([choice, label]) => {
    // Enter commits, and so does leaving the field after it.
    let said = chosen[choice] ?? '';
    const field = createTextField({
      label,
      placeholder: texts.columnHint,
      onCommit: (text) => {
        const name = text.trim();
        if (name === said) return;
        said = name;
        if (name === '') actions.guess(choice);
        else actions.choose(choice, name);
      },
    });
    field.value = said;
    return field.root;
  });
  return element('div', { class: 'overrule' }, ...fields);
}
