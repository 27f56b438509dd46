/** A section whose content takes long: it is asked for by a button, and says what is under way and what failed. */
import { faultOf } from '../connection';
import { createButton } from '../controls';
import { element, setText } from '../dom';

export interface OnRequestInit {
  readonly title: string;
  readonly help: string;
  readonly button: string;
  readonly working: string;
  readonly work: () => Promise<readonly HTMLElement[]>;
}

export function createOnRequest({ title, help, button, working, work }: OnRequestInit): HTMLElement {
  const said = element('p', { class: 'said', attributes: { role: 'status' } });
  const content = element('div', {});
  const start = createButton({
    label: button,
    onClick: () => {
      start.setEnabled(false);
      setText(said, working);
      work().then(
        (nodes) => {
          content.replaceChildren(...nodes);
          setText(said, '');
          start.setEnabled(true);
        },
        (error: unknown) => {
          setText(said, faultOf(error).message);
          start.setEnabled(true);
        },
      );
    },
  });
  return element(
    'section',
    {},
    element('h2', { text: title }),
    element('p', { class: 'muted', text: help }),
    start.root,
    said,
    content,
  );
}
