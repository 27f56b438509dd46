/** The line at the foot: what an answer will hit or did, what is not trained on yet, the keys, and how the tiles behave. */
import { createCheckbox, createSlider } from '../../controls';
import { element, setText } from '../../dom';
import { fill } from '../../texts';
import { valuesByKey, type Formatter } from '../format';
import type { HeatmapCache } from '../heatmaps/heatmapCache';
import { noHeatmaps } from '../heatmaps/outputs';
import { tileSizes, type GridState } from '../state/model';
import { multiLabelOf } from '../state/queries';
import { createAnswerLine, type AnswerLineActions, type InView } from './answerLine';

export interface StatusActions extends AnswerLineActions {
  setAdvance(advance: boolean): void;
  setTileSize(size: number): void;
}

/** So many labels stand at the foot with their keys; of more, the cheat sheet tells. */
const mostHints = 4;

export function createStatusLine(
  formatter: Formatter,
  heatmaps: Pick<HeatmapCache, 'tilesBusy' | 'tilesFault'>,
  actions: StatusActions,
) {
  const { strings } = formatter;
  const answers = createAnswerLine(formatter, actions);
  const edits = element('span', { class: 'muted' });
  const hints = element('span', { class: 'muted hints' });
  const advance = createCheckbox({
    label: strings.advance,
    title: strings.advanceHelp,
    onChange: (value) => actions.setAdvance(value),
  });
  const who = element('span', { class: 'muted who', title: strings.whoHelp });
  const reason = element('span', { class: 'pending-reason', title: strings.pendingReasonHelp });
  const heatLine = element('span', { class: 'muted' });
  const size = createSlider({
    label: strings.tileSize,
    class: 'tile-size',
    least: tileSizes.least,
    most: tileSizes.most,
    step: 16,
    onInput: (value) => actions.setTileSize(value),
  });
  const root = element(
    'footer',
    { class: 'status', attributes: { 'aria-label': strings.status } },
    answers.root,
    element('span', { class: 'spring' }, edits, hints),
    heatLine,
    reason,
    who,
    advance.root,
    size.root,
  );
  const update = (state: GridState, inView: InView): void => {
    answers.update(state, inView);
    const made = state.project?.editsSinceRun ?? 0;
    setText(
      edits,
      made === 0 ? '' : fill(strings.editsSinceRun, { count: formatter.units(made, multiLabelOf(state)) }),
    );
    setText(hints, hintText(state));
    hints.title = hints.textContent;
    const { annotator } = state.project ?? { annotator: '' };
    const isNamed = annotator !== '' && !state.settings.readOnly;
    setText(
      who,
      isNamed ? fill(strings.who, { name: annotator, role: strings.roles[state.settings.role] }) : '',
    );
    const pending = state.reason.trim();
    setText(reason, pending === '' ? '' : fill(strings.pendingReason, { reason: pending }));
    advance.set(state.advance);
    size.set(state.settings.tileSize);
    setText(heatLine, heatText(state));
    heatLine.title = heatLine.textContent;
  };
  /** The keys that answer, with the labels that they give. */
  const hintText = ({ project, query, settings }: GridState): string => {
    if (settings.readOnly) return strings.hints;
    const values = valuesByKey(project, query.finding).slice(0, mostHints);
    const multiLabel = project?.task === 'multi-label';
    const labels = values.map((value, i) => `${i + 1} ${formatter.value(value, multiLabel)}`);
    return [...labels, strings.answerHints].join('  ');
  };
  const heatText = (state: GridState): string => {
    if (!state.heatmaps.onTiles || noHeatmaps(state) !== null) return '';
    const { tilesBusy, tilesFault } = heatmaps;
    if (tilesBusy) return strings.heat.tilesBusy;
    return tilesFault ? fill(strings.heat.failed, { message: tilesFault.message }) : '';
  };
  return { root, update, updateAnswers: answers.update };
}
