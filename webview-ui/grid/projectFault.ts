/** A project that cannot be read: a bar over its last good state, or what is shown in place of a page that cannot start. */
import type { ProjectFault } from '../../src/protocol/gridApi';
import { createButton } from '../controls';
import { element, setText } from '../dom';
import { fill } from '../texts';
import type { GridRpc } from './host';
import type { GridStrings } from './strings';

/** The bar: where the fault is, what it is, and the way there. It stays as long as the fault. */
export function createFaultBar(texts: GridStrings, rpc: GridRpc) {
  const text = element('span', { class: 'text' });
  const root = element(
    'div',
    { class: 'notice fault', hidden: true, attributes: { role: 'alert' } },
    text,
    createButton({ label: texts.openFault, onClick: () => void rpc.call('openFault') }).root,
  );
  const show = (fault: ProjectFault | null): void => {
    root.hidden = fault === null;
    setText(text, fault === null ? '' : fill(texts.lastGoodState, { ...fault }));
  };
  return { root, show };
}

/** Why the page did not start, and the three ways on. @param again starts it once more */
export function createStartFailure(texts: GridStrings, rpc: GridRpc, message: string, again: () => void) {
  const button = (label: string, onClick: () => void, primary = false): HTMLElement =>
    createButton({ label, onClick, primary }).root;
  const alert = element(
    'div',
    { class: 'empty', attributes: { role: 'alert' } },
    element('h1', {}, texts.startFailed),
    element('p', {}, message),
    element(
      'div',
      { class: 'group' },
      button(texts.retry, again, true),
      button(texts.openFault, () => void rpc.call('openFault')),
      button(texts.showLog, () => void rpc.call('showLog')),
    ),
  );
  return element('main', {}, alert);
}
