/** Runs in a page of its own: opens and closes the review grid again and again, and counts what stays. */
import { registerControls } from '../../../webview-ui/controls';
import { GridPage } from '../../../webview-ui/grid/page';

/** Listeners on the window and the document that were added and not removed. */
const held = new Map<string, number>();
for (const target of [window, document] as const) {
  const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)];
  const listeners = new Map<string, Set<unknown>>();
  const count = (type: string): void => {
    held.set(`${target === window ? 'window' : 'document'} ${type}`, listeners.get(type)?.size ?? 0);
  };
  target.addEventListener = (type: string, ...rest: [never, never]) => {
    listeners.set(type, (listeners.get(type) ?? new Set()).add(rest[0]));
    count(type);
    add(type, ...rest);
  };
  target.removeEventListener = (type: string, ...rest: [never, never]) => {
    listeners.get(type)?.delete(rest[0]);
    count(type);
    remove(type, ...rest);
  };
}
let observers = 0;
const Observer = window.ResizeObserver;
window.ResizeObserver = class extends Observer {
  override observe(...params: Parameters<ResizeObserver['observe']>): void {
    observers += 1;
    super.observe(...params);
  }
  override disconnect(): void {
    observers -= 1;
    super.disconnect();
  }
};

registerControls();
const root = document.getElementById('root') ?? document.body;
const api = acquireVsCodeApi();

Object.assign(globalThis, {
  /** What is held after so many opens and closes, each with its tiles shown and its details opened. */
  openAndClose: async (times: number) => {
    for (let i = 0; i < times; i++) {
      const page = new GridPage(api, root);
      await page.start();
      await new Promise((resolve) => setTimeout(resolve, 30));
      root
        .querySelector('.tile')
        ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 10));
      page.dispose();
    }
    return { listeners: Object.fromEntries(held), observers, children: root.childElementCount };
  },
});
