/** The bar between tiles and details: dragged, or moved by arrow keys. */
import type { DisposableStore } from '../../disposables';
import { element, setAttribute } from '../../dom';
import { followPointer } from '../../drag';
import { detailWidths } from '../state/model';

const keyStep = 32;

/** @param onWidth px of the pane on the right */
export function createSplitter(
  label: string,
  onWidth: (width: number) => void,
  disposables: DisposableStore,
) {
  let width: number = detailWidths.usual;
  const root = element('div', {
    class: 'splitter',
    attributes: {
      role: 'separator',
      tabindex: '0',
      'aria-orientation': 'vertical',
      'aria-label': label,
      'aria-valuemin': String(detailWidths.least),
      'aria-valuemax': String(detailWidths.most),
    },
  });
  disposables.listen(root, 'pointerdown', (event) => {
    const from = event.clientX + width;
    followPointer(root, event, (next) => onWidth(from - next.clientX));
  });
  disposables.listen(root, 'keydown', (event) => {
    const step = event.key === 'ArrowLeft' ? keyStep : event.key === 'ArrowRight' ? -keyStep : 0;
    if (step === 0) return;
    event.preventDefault();
    onWidth(width + step);
  });
  return {
    root,
    update: (next: number, shown: boolean): void => {
      width = next;
      root.hidden = !shown;
      setAttribute(root, 'aria-valuenow', String(next));
    },
  };
}
