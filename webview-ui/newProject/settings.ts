/** The settings that were understood, each with its reason; columns can be chosen anew. */
import type { NewProjectChoice, NewProjectChoices, NewProjectView } from '../../src/protocol/newProjectApi';
import { createDropdown } from '../controls';
import { element } from '../dom';
import type { NewProjectTexts } from './strings';

/** Which option overrules a setting; only these name one column. */
const optionOf: Readonly<Record<string, NewProjectChoice>> = {
  'dataset.path': 'path',
  'dataset.group': 'group',
  'dataset.study': 'study',
  'split.column': 'split',
  'labels.column': 'label',
};
const mayBeNone: readonly NewProjectChoice[] = ['group', 'study', 'split'];

export interface SettingsActions {
  choose(choice: NewProjectChoice, value: string | null): void;
  guess(choice: NewProjectChoice): void;
}

export function createSettings(
  { choices, columns }: NonNullable<NewProjectView['understood']>,
  chosen: NewProjectChoices,
  texts: NewProjectTexts,
  actions: SettingsActions,
): HTMLElement {
  const rows = choices.map(({ setting, value, because }) => {
    const option = columns.length > 0 ? optionOf[setting] : undefined;
    return element(
      'tr',
      {},
      element('th', { text: setting, attributes: { scope: 'row' } }),
      element(
        'td',
        {},
        option ? choiceOf(option, setting, value, columns, chosen, texts, actions) : shown(value),
      ),
      element('td', { class: 'muted', text: because }),
    );
  });
  return element(
    'table',
    {},
    element('caption', { class: 'unseen', text: texts.settings }),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...[texts.setting, texts.value, texts.because].map((text) =>
          element('th', { text, attributes: { scope: 'col' } }),
        ),
      ),
    ),
    element('tbody', {}, ...rows),
  );
}

function choiceOf(
  option: NewProjectChoice,
  setting: string,
  value: unknown,
  columns: readonly string[],
  chosen: NewProjectChoices,
  texts: NewProjectTexts,
  actions: SettingsActions,
): HTMLElement {
  // What was chosen last, also where it led nowhere.
  const now = option in chosen ? (chosen[option] ?? null) : value;
  const isColumn = typeof now === 'string' && columns.includes(now);
  const names = [
    // What is no single column: a pattern in one, a column for each part, a template.
    ...(now === null || isColumn ? [] : [{ value: valueOf(now), label: textOf(now) }]),
    ...columns.map((name) => ({ value: valueOf(name), label: name })),
    ...(mayBeNone.includes(option) || now === null ? [{ value: valueOf(null), label: texts.none }] : []),
    ...(option in chosen ? [{ value: asGuessed, label: texts.guessed }] : []),
  ];
  const dropdown = createDropdown({
    label: setting,
    onChange: (to) => {
      if (to === asGuessed) actions.guess(option);
      else if (to !== valueOf(now)) actions.choose(option, JSON.parse(to) as string | null);
    },
  });
  dropdown.set(names, valueOf(now));
  return dropdown.root;
}

/** The values of a list: what is chosen as JSON, so that no name of a column means something else. */
const asGuessed = '';
const valueOf = (value: unknown): string => JSON.stringify(value);

function shown(value: unknown): HTMLElement {
  return element('code', { text: textOf(value) });
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
