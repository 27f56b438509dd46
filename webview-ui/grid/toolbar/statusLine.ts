/** The line at the foot: what is selected, what is not trained on yet. */
import { createButton } from '../../controls';
import { element, setText } from '../../dom';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';

export function createStatusLine(formatter: Formatter, clearSelection: () => void) {
  const { strings } = formatter;
  const selected = element('span', { class: 'selected-count' });
  const none = createButton({ label: strings.clearSelection, onClick: clearSelection });
  const edits = element('span', { class: 'muted' });
  const root = element(
    'footer',
    { class: 'status', attributes: { 'aria-label': strings.status } },
    selected,
    none.root,
    edits,
    element('span', { class: 'muted hints', text: strings.hints }),
  );
  const update = (state: GridState): void => {
    const { size } = state.selected;
    setText(selected, size === 0 ? '' : formatter.plural(strings.selected, size));
    selected.hidden = size === 0;
    none.root.hidden = size === 0;
    const made = state.project?.editsSinceRun ?? 0;
    setText(edits, made === 0 ? '' : formatter.plural(strings.editsSinceRun, made));
  };
  return { root, update };
}
