/**
 * The answers at the focused tile: below it, so that nothing of its image is covered. They are seen while the pointer is
 * on the tile or a key has gone to them; for a screen reader they are always there.
 */
import type { DisposableStore } from '../../disposables';
import type { GridCommand } from '../../../src/protocol/gridApi';
import type { Formatter } from '../format';
import { isByImage } from '../state/queries';
import type { GridState } from '../state/model';
import type { TilePlace } from '../tiles/virtualGrid';
import { createAnswerButtons } from './answerButtons';

/** @param tiles the list that they lie over */
export function createTileAnswers(
  formatter: Formatter,
  tiles: HTMLElement,
  run: (command: GridCommand) => void,
  disposables: DisposableStore,
) {
  const { root, update } = createAnswerButtons(formatter, run);
  root.classList.add('on-tile');
  let place: TilePlace | undefined;

  const put = (): void => {
    if (!place) return;
    const below = place.y + place.height - 2;
    // At the foot of the list there is no room below: then above.
    const fits = below + root.offsetHeight <= tiles.clientHeight;
    const x = Math.max(0, Math.min(place.x, tiles.clientWidth - root.offsetWidth - 4));
    const y = fits ? below : place.y - root.offsetHeight + 2;
    root.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  };
  // The list scrolls under the pointer, wherever in it the pointer is.
  disposables.listen(root, 'wheel', (event) => {
    tiles.scrollTop += event.deltaY;
  });
  disposables.listen(tiles, 'mousemove', (event) => show(isOnFocused(event.target)));
  disposables.listen(tiles, 'mouseleave', (event) => {
    if (!(event.relatedTarget instanceof Node && root.contains(event.relatedTarget))) show(false);
  });
  disposables.listen(root, 'mouseleave', () => show(false));
  disposables.listen(root, 'focusin', () => put());

  const show = (on: boolean): void => {
    if (on === root.classList.contains('seen')) return;
    if (on) put();
    root.classList.toggle('seen', on);
  };
  return {
    root,
    update: (state: GridState, finding: string | undefined): void => {
      const isNone = (state.list?.total ?? 0) === 0 || (isByImage(state) && finding === undefined);
      root.hidden = state.reading || state.settings.readOnly || isNone;
      if (!root.hidden) update(state, finding);
    },
    placed: (next: TilePlace | undefined): void => {
      place = next;
      if (next === undefined) show(false);
      else if (root.classList.contains('seen')) put();
    },
  };
}

function isOnFocused(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.tile.focused') !== null;
}
