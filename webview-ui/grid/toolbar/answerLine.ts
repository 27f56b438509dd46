/**
 * The first words of the line at the foot. While an answer would hit something that is not simply the tile with the
 * focus: what it would hit. Else: what the last one did, with a way back and a way to see it.
 */
import { createButton } from '../../controls';
import { describeChange } from '../describeChange';
import { element, setText } from '../../dom';
import { fill } from '../../texts';
import { valuesByKey, type Formatter } from '../format';
import type { GridState } from '../state/model';
import { listsFindings, multiLabelOf } from '../state/queries';

export interface AnswerLineActions {
  clearSelection(): void;
  undo(): void;
  redo(): void;
  /** Lists the items of the last change. */
  show(): void;
  /** Goes back to where they were shown from. */
  back(): void;
}

/** The finding that is answered on all images that are selected. */
export interface ActingFinding {
  readonly name: string;
  /** On how many of them it is in doubt; null where that is not known of all of them. */
  readonly inDoubt: number | null;
}

/** What of the targets is in view. */
export interface InView {
  readonly selected: number;
  readonly focus: boolean;
  /** undefined in a list of items, which are a finding each. */
  readonly finding?: ActingFinding | undefined;
}

const mostKeys = 9;

export function createAnswerLine(formatter: Formatter, actions: AnswerLineActions) {
  const { strings } = formatter;
  const { targets, change } = strings;
  const count = element('span', { class: 'selected-count' });
  const hidden = element('span', { class: 'hidden-count' });
  const finding = element('span', { class: 'answered-finding' });
  const keys = element('span', { class: 'label-keys' });
  const none = createButton({ label: strings.clearSelection, onClick: () => actions.clearSelection() });
  const selection = element(
    'div',
    { class: 'answer-line selection', attributes: { role: 'group', 'aria-label': targets.title } },
    count,
    finding,
    hidden,
    keys,
    none.root,
  );
  const text = element('span', { class: 'change-text' });
  const undo = createButton({ label: strings.undo, onClick: () => actions.undo() });
  const redo = createButton({ label: strings.redo, onClick: () => actions.redo() });
  const show = createButton({ label: change.show, title: change.showHelp, onClick: () => actions.show() });
  const back = createButton({ label: change.back, title: change.backHelp, onClick: () => actions.back() });
  const last = element(
    'div',
    { class: 'answer-line change', attributes: { role: 'group', 'aria-label': change.title } },
    text,
    undo.root,
    redo.root,
    show.root,
    back.root,
  );
  const root = element('div', { class: 'answer-lines' }, selection, last);

  const update = (state: GridState, inView: InView): void => {
    const selected = state.selected.size;
    const total = state.list?.total ?? 0;
    const away = total > 0 && selected === 0 && !inView.focus;
    selection.hidden = selected === 0 && !away;
    last.hidden = !selection.hidden || state.lastChange === null;
    if (!selection.hidden) {
      setText(count, away ? awayText(state) : fill(strings.selected, { count: counted(state, selected) }));
      const outOfView = away ? 0 : selected - inView.selected;
      setText(hidden, outOfView === 0 ? '' : fill(targets.notInView, { count: counted(state, outOfView) }));
      setText(finding, away || inView.finding === undefined ? '' : findingText(inView.finding));
      setText(keys, away ? '' : keysText(state));
      none.root.hidden = away;
    }
    if (!last.hidden && state.lastChange) {
      setText(text, describeChange(formatter, state.lastChange, multiLabelOf(state)));
      text.title = text.textContent;
      const wasUndone = state.lastChange.op === 'undo';
      undo.root.hidden = wasUndone || !state.canUndo || state.settings.readOnly;
      redo.root.hidden = !wasUndone || !state.canRedo || state.settings.readOnly;
      show.root.hidden = state.shownFrom !== null;
      back.root.hidden = state.shownFrom === null;
    }
  };

  const counted = (state: GridState, n: number): string => formatter.units(n, listsFindings(state));

  const awayText = ({ focus }: GridState): string =>
    fill(targets.away, { n: formatter.count(focus.index + 1) });

  const findingText = ({ name, inDoubt }: ActingFinding): string =>
    inDoubt === null
      ? fill(strings.findings.answersGoTo, { finding: name })
      : fill(strings.findings.answersGoToSome, { finding: name, n: formatter.count(inDoubt) });

  const keysText = (state: GridState): string => {
    const { project, query } = state;
    const values = Math.min(mostKeys, valuesByKey(project, query.finding).length);
    if (values === 0 || state.settings.readOnly) return '';
    return fill(targets.keys, { n: values });
  };
  return { root, update };
}
