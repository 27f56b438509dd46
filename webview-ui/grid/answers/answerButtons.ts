/** The answers as buttons with their keys: the labels, and accept, keep, uncertain, exclude. */
import { element, setAttribute } from '../../dom';
import type { GridCommand } from '../../../src/protocol/gridApi';
import { valuesByKey, type Formatter } from '../format';
import type { GridState } from '../state/model';
import { multiLabelOf } from '../state/queries';
import { middleText } from '../tiles/middleText';

/** As many as there are number keys. */
const mostKeys = 9;
/** So many labels are written out on a tile; of more only the keys. */
const mostWritten = 4;

interface Answer {
  readonly key: string;
  readonly text: string;
  readonly title: string;
  readonly command: GridCommand;
  readonly isLabel: boolean;
}

/** @param run a button was clicked */
export function createAnswerButtons(formatter: Formatter, run: (command: GridCommand) => void) {
  const { strings } = formatter;
  const root = element('div', {
    class: 'answers',
    attributes: { role: 'toolbar', 'aria-label': strings.answers },
  });
  let shown = '';

  /** @param finding of the item that is answered; absent: of the list */
  const update = (state: GridState, finding: string | undefined): void => {
    const { project, query, settings } = state;
    const values = valuesByKey(project, finding ?? query.finding);
    const multiLabel = multiLabelOf(state);
    const about = multiLabel ? finding : undefined;
    const signature = JSON.stringify([values, about, settings.readOnly]);
    if (signature === shown) return;
    shown = signature;
    const answers = [...labelAnswers(formatter, values, multiLabel), ...otherAnswers(formatter)];
    root.classList.toggle('many', values.length > mostWritten);
    // Of an image with several findings it is said which of them is answered.
    const caption =
      about === undefined ? [] : [element('span', { class: 'about', text: about, title: about })];
    root.replaceChildren(...caption, ...answers.map((answer) => buttonOf(answer, settings.readOnly, run)));
  };
  return { root, update };
}

function labelAnswers(
  formatter: Formatter,
  values: readonly string[],
  multiLabel: boolean,
): readonly Answer[] {
  const { strings } = formatter;
  // In multi-label the third value, uncertain, has a button of its own.
  const named = values.filter((value) => !multiLabel || value !== 'uncertain').slice(0, mostKeys);
  const labels = named.map((value): Answer => {
    const index = values.indexOf(value);
    const text = formatter.value(value, multiLabel);
    return {
      key: String(index + 1),
      text,
      title: text,
      command: { name: 'label', index },
      isLabel: true,
    };
  });
  if (values.length <= mostKeys) return labels;
  return [
    ...labels,
    {
      key: 'J',
      text: strings.moreLabels,
      title: strings.help.pickLabel,
      command: { name: 'hintLabels' },
      isLabel: false,
    },
  ];
}

function otherAnswers({ strings }: Formatter): readonly Answer[] {
  return (
    [
      ['A', 'accept'],
      ['K', 'keep'],
      ['U', 'uncertain'],
      ['X', 'exclude'],
    ] as const
  ).map(([key, name]) => ({
    key,
    text: strings[name],
    title: strings.help[name],
    command: { name },
    isLabel: false,
  }));
}

function buttonOf(answer: Answer, readOnly: boolean, run: (command: GridCommand) => void): HTMLElement {
  const { key, text, title, command, isLabel } = answer;
  const button = element(
    'button',
    {
      class: isLabel ? 'answer label-button' : 'answer',
      title: `${key}  ${title}`,
      attributes: { type: 'button', 'aria-label': `${key} ${text}` },
    },
    element('kbd', { text: key }),
    middleText('word', text),
  );
  setAttribute(button, 'disabled', readOnly ? '' : null);
  button.addEventListener('click', () => run(command));
  return button;
}
