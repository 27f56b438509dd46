/** What can be said where nothing was understood: columns by their names, what rows are, or the level of folders. */
import type { NewProjectView } from '../../src/protocol/newProjectApi';
import { createDropdown } from '../controls';
import { element } from '../dom';
import { createChoiceField, type ChoiceContext } from './fields';

/** Deeper levels are named by number on the command line. */
const levels = ['1', '2', '3', '4', '5'];

export function createOverrule(
  { source }: Pick<NewProjectView, 'source'>,
  context: ChoiceContext,
): HTMLElement {
  const { chosen, texts, actions } = context;
  const list = (
    choice: 'class-level' | 'rows',
    label: string,
    values: readonly { readonly value: string; readonly label: string }[],
  ): HTMLElement => {
    const dropdown = createDropdown({
      label,
      onChange: (to) => (to === '' ? actions.guess(choice) : actions.choose(choice, to)),
    });
    dropdown.set([{ value: '', label: texts.guessed }, ...values], chosen[choice] ?? '');
    return dropdown.root;
  };
  if (source.kind === 'images') {
    const names = levels.map((name) => ({ value: name, label: name }));
    return element('div', { class: 'overrule' }, list('class-level', texts.level, names));
  }
  const fields = (
    [
      ['path', texts.pathColumn],
      ['label', texts.labelColumn],
      ['reader', texts.readerColumn],
    ] as const
  ).map(([choice, label]) => createChoiceField(choice, label, texts.columnHint, '', context));
  const rows = [
    { value: 'one', label: texts.rowsOne },
    { value: 'findings', label: texts.rowsFindings },
    { value: 'readings', label: texts.rowsReadings },
  ];
  return element('div', { class: 'overrule' }, ...fields, list('rows', texts.rows, rows));
}
