/** Sentences to the reviewer: failures in a bar that stays until dismissed, the rest to screen readers. */
import { createButton } from '../controls';
import { element, setText } from '../dom';
import type { Formatter } from './format';
import type { GridState } from './state/model';
import { checkOrder } from './state/queries';

/** A live region; what is said twice in a row is said twice. */
export function createAnnouncer() {
  const root = element('div', {
    class: 'announcer unseen',
    attributes: { role: 'status', 'aria-live': 'polite' },
  });
  let flip = false;
  return {
    root,
    say: (text: string): void => {
      flip = !flip;
      // An unchanged text is not announced again: a trailing no-break space makes it another one.
      root.textContent = flip ? text : `${text}\u00a0`;
    },
  };
}

/** The bar with the last failure, and standing hints. */
export function createNotices(
  formatter: Formatter,
  { dismiss, checkData }: { readonly dismiss: () => void; readonly checkData: () => void },
) {
  const { strings } = formatter;
  const fault = element('span', { class: 'text' });
  const faultBar = element(
    'div',
    { class: 'notice fault', attributes: { role: 'alert' } },
    fault,
    createButton({ label: strings.dismiss, onClick: dismiss }).root,
  );
  const hint = element('div', { class: 'notice hint' });
  const again = createButton({ label: strings.checkData, onClick: checkData });
  const stale = element('span', { class: 'text', text: strings.staleCheck });
  const staleBar = element(
    'div',
    { class: 'notice hint stale', attributes: { role: 'status' } },
    stale,
    again.root,
  );
  const root = element('div', { class: 'notices' }, faultBar, hint, staleBar);
  const update = (state: GridState): void => {
    faultBar.hidden = state.fault === null || state.phase !== 'ready';
    setText(
      fault,
      state.fault === null ? '' : [state.fault.code, state.fault.message].filter(Boolean).join(': '),
    );
    const { project } = state;
    const isOverruled = project?.blindByProject === true && !project.blind;
    const text = state.settings.readOnly ? strings.readOnly : isOverruled ? strings.blindOverruled : '';
    hint.hidden = text === '' || state.phase !== 'ready';
    setText(hint, text);
    const isStale = state.query.sort === checkOrder && project?.checks?.isOfOtherTable === true;
    staleBar.hidden = !isStale || state.phase !== 'ready';
    again.root.hidden = state.settings.readOnly;
  };
  return { root, update };
}
