/** A section whose content takes long: it is asked for by a button, and says what is under way and what failed. */
import { faultOf } from '../connection';
import { createButton } from '../controls';
import { element, setText } from '../dom';
import type { KeptPlace } from '../keptPlace';

export interface OnRequestInit {
  readonly title: string;
  readonly help: string;
  readonly button: string;
  readonly working: string;
  readonly work: () => Promise<readonly HTMLElement[]>;
  /** Where it is kept, under `title`, that it was asked for: it is asked for again then. */
  readonly kept: Pick<KeptPlace, 'choice' | 'choose'>;
}

export function createOnRequest({ title, help, button, working, work, kept }: OnRequestInit): HTMLElement {
  const said = element('p', { class: 'said', attributes: { role: 'status' } });
  const content = element('div', {});
  const ask = (): void => {
    start.setEnabled(false);
    setText(said, working);
    work().then(
      (nodes) => {
        content.replaceChildren(...nodes);
        setText(said, '');
        start.setEnabled(true);
        kept.choose(title, 'asked');
      },
      (error: unknown) => {
        setText(said, faultOf(error).message);
        start.setEnabled(true);
        kept.choose(title, undefined);
      },
    );
  };
  const start = createButton({ label: button, keepsFocus: true, onClick: ask });
  if (kept.choice(title) === 'asked') ask();
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
