/** The settings that were understood, each with its reason; what is a guess can be chosen anew. */
import type { NewProjectChoice, NewProjectView } from '../../src/protocol/newProjectApi';
import { element } from '../dom';
import { createChoice, createChoiceField, textOf, type ChoiceContext } from './fields';

type Understood = NonNullable<NewProjectView['understood']>;

/** Which option overrules a setting that names one column. */
const columnOf: Readonly<Record<string, NewProjectChoice>> = {
  'dataset.path': 'path',
  'dataset.group': 'group',
  'dataset.study': 'study',
  'split.column': 'split',
  'labels.column': 'label',
  'labels.reader': 'reader',
};

export function createSettings(understood: Understood, context: ChoiceContext): HTMLElement {
  const { choices, alternatives } = understood;
  const { texts } = context;
  // What could be and is not: a table that is not joined, the other sheets.
  const further = alternatives
    .filter(({ setting }) => choices.every((one) => one.setting !== setting))
    .map(({ option, setting, values }) =>
      option === 'sheet'
        ? { setting, value: values[0] ?? null, because: '' }
        : { setting, value: null, because: texts.notJoined },
    );
  // What the texts of a split stand for is a field of its column.
  const isOwn = ({ setting }: { readonly setting: string }): boolean => setting !== 'split.values';
  const [first, ...others] = choices.filter(isOwn);
  const rows = [...(first ? [first] : []), ...further, ...others].map(({ setting, value, because }) =>
    element(
      'tr',
      {},
      element('th', { text: setting, attributes: { scope: 'row' } }),
      element('td', {}, ...controlsOf(setting, value, understood, context)),
      element('td', { class: 'muted', text: because }),
    ),
  );
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

/** What a setting is, as a list where it can be another, with fields for what belongs to it. */
function controlsOf(
  setting: string,
  value: unknown,
  { columns, alternatives, choices }: Understood,
  context: ChoiceContext,
): HTMLElement[] {
  const { texts, chosen } = context;
  const alternative = alternatives.find((one) => one.setting === setting);
  if (alternative) {
    const { option, values } = alternative;
    const now = option === 'join' ? joinedTables(value) : option === 'image-root' ? values[0] : value;
    const list = createChoice(option, setting, now, values, context);
    const isJoined = option === 'join' && typeof chosen.join === 'string';
    return isJoined ? [list, createChoiceField('on', texts.key, texts.keyHint, '', context)] : [list];
  }
  const column = columns.length > 0 ? columnOf[setting] : undefined;
  if (!column) return [element('code', { text: textOf(value) })];
  if (column === 'group') {
    const { name, pattern } = referenceOf(value);
    return [
      createChoice(column, setting, name, columns, context),
      createChoiceField('group-pattern', texts.pattern, texts.patternHint, pattern, context),
    ];
  }
  const list = createChoice(column, setting, value, columns, context);
  if (column !== 'split' || typeof value !== 'string') return [list];
  const given = choices.find((one) => one.setting === 'split.values')?.value;
  return [
    list,
    createChoiceField('split-values', texts.splitValues, texts.splitValuesHint, pairsOf(given), context),
  ];
}

/** The names of the tables that are joined; null where none is. */
function joinedTables(value: unknown): string | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const names = (value as readonly { readonly table: string }[]).map(({ table }) => table.split('/').at(-1));
  return names.join(', ');
}

/** A column, or `{column, pattern}`. */
function referenceOf(value: unknown): { readonly name: string | null; readonly pattern: string } {
  if (typeof value !== 'object' || value === null)
    return { name: typeof value === 'string' ? value : null, pattern: '' };
  const { column, pattern } = value as { readonly column: string; readonly pattern: string };
  return { name: column, pattern };
}

/** `{1: train, 2: test}` as the option takes it. */
function pairsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([text, part]) => `${text}=${String(part)}`)
    .join(',');
}
