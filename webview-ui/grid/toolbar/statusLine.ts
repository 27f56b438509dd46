/** The line at the foot: what an answer will hit or did, what is not trained on yet, and how the tiles behave. */
import { createCheckbox, createSlider } from '../../controls';
import { element, setText } from '../../dom';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { HeatmapCache } from '../heatmaps/heatmapCache';
import { noHeatmaps } from '../heatmaps/outputs';
import { tileSizes, type GridState } from '../state/model';
import { multiLabelOf } from '../state/queries';
import { createAnswerLine, type AnswerLineActions, type InView } from './answerLine';

export interface StatusActions extends AnswerLineActions {
  setAdvance(advance: boolean): void;
  setBlind(blind: boolean): void;
  toggleTileHeatmaps(): void;
  setTileSize(size: number): void;
}

export function createStatusLine(
  formatter: Formatter,
  heatmaps: Pick<HeatmapCache, 'tilesBusy' | 'tilesFault'>,
  actions: StatusActions,
) {
  const { strings } = formatter;
  const answers = createAnswerLine(formatter, actions);
  const edits = element('span', { class: 'muted' });
  const advance = createCheckbox({
    label: strings.advance,
    title: strings.advanceHelp,
    onChange: (value) => actions.setAdvance(value),
  });
  const blind = createCheckbox({
    label: strings.blind,
    title: strings.blindHelp,
    onChange: (value) => actions.setBlind(value),
  });
  const heat = createCheckbox({
    label: strings.heat.tiles,
    title: strings.heat.tilesHelp,
    onChange: () => actions.toggleTileHeatmaps(),
  });
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
    element(
      'span',
      { class: 'spring' },
      edits,
      element('span', { class: 'muted hints', text: strings.hints, title: strings.hints }),
    ),
    heatLine,
    heat.root,
    blind.root,
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
    advance.set(state.advance);
    blind.set(state.project?.blind === true);
    size.set(state.settings.tileSize);
    const reason = noHeatmaps(state);
    heat.setEnabled(reason === null);
    heat.set(state.heatmaps.onTiles && reason === null);
    heat.root.title = reason === null ? strings.heat.tilesHelp : strings.heat[reason];
    setText(heatLine, heatText(state));
    heatLine.title = heatLine.textContent;
  };
  const heatText = (state: GridState): string => {
    if (!state.heatmaps.onTiles || noHeatmaps(state) !== null) return '';
    const { tilesBusy, tilesFault } = heatmaps;
    if (tilesBusy) return strings.heat.tilesBusy;
    return tilesFault ? fill(strings.heat.failed, { message: tilesFault.message }) : '';
  };
  return { root, update, updateAnswers: answers.update };
}
