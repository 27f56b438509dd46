/** What stands in the middle of a page that has nothing to show yet, or cannot. */
import { faultOf } from './connection';
import { element } from './dom';

/** That something is under way. */
export function startingMessage(text: string): HTMLElement {
  return element('p', { class: 'message', text, attributes: { role: 'status' } });
}

/** Why there is nothing. @param title that it could not be shown @param heading its level */
export function faultMessage(title: string, error: unknown, heading: 'h1' | 'h2' = 'h1'): HTMLElement {
  const { code, message } = faultOf(error);
  return element(
    'div',
    { class: 'message', attributes: { role: 'alert' } },
    element(heading, { text: title }),
    element('p', { text: `${message} (${code})` }),
  );
}
