/**
 * The review's page as the extension loads it, and then another in the same document as often as it is asked for: one
 * that is opened in place takes half of what one takes that is loaded, and what a page leaves behind shows in the next.
 */
import { page as loaded } from '../../../webview-ui/grid/main';
import { GridPage } from '../../../webview-ui/grid/page';

let page = loaded;
/** What the document has of itself; the rest is a test's. */
const own = new Set<Element>(document.body.children);

async function close(): Promise<void> {
  page.dispose();
  window.harness.end();
  for (const part of [...document.body.children]) if (!own.has(part)) part.remove();
  // What was posted before is heard before, by nobody.
  await new Promise<void>((resolve) => {
    const hear = ({ data }: MessageEvent<unknown>): void => {
      if (data !== 'closed') return;
      window.removeEventListener('message', hear);
      resolve();
    };
    window.addEventListener('message', hear);
    window.postMessage('closed', '*');
  });
}

function open(address: string): void {
  history.replaceState(null, '', address);
  sessionStorage.clear();
  sessionStorage.setItem('address', location.href);
  window.playHostAgain();
  page = new GridPage(acquireVsCodeApi(), document.getElementById('root') ?? document.body);
  void page.start();
}

Object.assign(globalThis, { review: { close, open } });
