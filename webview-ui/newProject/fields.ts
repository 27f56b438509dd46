/** The controls of one choice: a list of what it may be, or a field for what has no list. */
import type { NewProjectChoice, NewProjectChoices } from '../../src/protocol/newProjectApi';
import { mayBeNone } from '../../src/protocol/newProjectApi';
import { createDropdown, createTextField } from '../controls';
import type { NewProjectTexts } from './strings';

export interface SettingsActions {
  choose(choice: NewProjectChoice, value: string | null): void;
  guess(choice: NewProjectChoice): void;
}

/** What every control of a choice needs. */
export interface ChoiceContext {
  readonly chosen: NewProjectChoices;
  readonly texts: NewProjectTexts;
  readonly actions: SettingsActions;
}

/** The values of a list: what is chosen as JSON, so that no name of a column means something else. */
const asGuessed = '';
const valueOf = (value: unknown): string => JSON.stringify(value);

/**
 * A list of the values of a choice, with "None" where it may be none, and the guess where it was overruled.
 * @param now what stands: of the values, null, or something else that is shown as it is
 * @param labelOf how a value is called; by default as it is
 */
export function createChoice(
  option: NewProjectChoice,
  label: string,
  now: unknown,
  values: readonly string[],
  { chosen, texts, actions }: ChoiceContext,
  labelOf: (value: string) => string = (value) => value,
): HTMLElement {
  // What was chosen last, also where it led nowhere.
  const standing = option in chosen ? (chosen[option] ?? null) : now;
  const isListed = typeof standing === 'string' && values.includes(standing);
  const names = [
    // What is no single column: a pattern in one, a column for each part, a template.
    ...(standing === null || isListed ? [] : [{ value: valueOf(standing), label: textOf(standing) }]),
    ...values.map((name) => ({ value: valueOf(name), label: labelOf(name) })),
    ...(mayBeNone.includes(option) || standing === null ? [{ value: valueOf(null), label: texts.none }] : []),
    ...(option in chosen ? [{ value: asGuessed, label: texts.guessed }] : []),
  ];
  const dropdown = createDropdown({
    label,
    onChange: (to) => {
      if (to === asGuessed) actions.guess(option);
      else if (to !== valueOf(standing)) actions.choose(option, JSON.parse(to) as string | null);
    },
  });
  dropdown.set(names, valueOf(standing));
  return dropdown.root;
}

/** A field for a choice. Enter commits, and so does leaving it after it; an empty one gives the guess back. */
export function createChoiceField(
  option: NewProjectChoice,
  label: string,
  placeholder: string,
  guessed: string,
  { chosen, actions }: ChoiceContext,
): HTMLElement {
  let said = chosen[option] ?? guessed;
  const field = createTextField({
    label,
    placeholder,
    onCommit: (text) => {
      const value = text.trim();
      if (value === said) return;
      said = value;
      if (value === '') actions.guess(option);
      else actions.choose(option, value);
    },
  });
  field.value = said;
  return field.root;
}

/** A value of a setting as text. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
