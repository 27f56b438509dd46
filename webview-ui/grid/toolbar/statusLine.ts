/** The line at the foot: what is selected, what is not trained on yet, and how the tiles behave. */
import { createButton, createCheckbox, createSlider } from '../../controls';
import { element, setText } from '../../dom';
import type { Formatter } from '../format';
import { tileSizes, type GridState } from '../state/model';

export interface StatusActions {
  clearSelection(): void;
  setAdvance(advance: boolean): void;
  setBlind(blind: boolean): void;
  setTileSize(size: number): void;
}

export function createStatusLine(formatter: Formatter, actions: StatusActions) {
  const { strings } = formatter;
  const selected = element('span', { class: 'selected-count' });
  const none = createButton({ label: strings.clearSelection, onClick: () => actions.clearSelection() });
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
    selected,
    none.root,
    edits,
    element('span', { class: 'spring' }),
    element('span', { class: 'muted hints', text: strings.hints, title: strings.hints }),
    blind.root,
    advance.root,
    size.root,
  );
  const update = (state: GridState): void => {
    const count = state.selected.size;
    setText(selected, count === 0 ? '' : formatter.plural(strings.selected, count));
    selected.hidden = count === 0;
    none.root.hidden = count === 0;
    const made = state.project?.editsSinceRun ?? 0;
    setText(edits, made === 0 ? '' : formatter.plural(strings.editsSinceRun, made));
    advance.set(state.advance);
    blind.set(state.settings.blind);
    size.set(state.settings.tileSize);
  };
  return { root, update };
}
