/** Runs in the page before it: VS Code, and the host of the review, one for each page that is opened in this document. */
import type { GridEvents, GridMethods } from '../../../src/protocol/gridApi';
import { PlayedHost } from './playedHost';

const stateKey = 'vscode-state';

/** Plays the host that the document's address asks for. */
function play(): void {
  const host = new PlayedHost(new URL(location.href).searchParams);
  const ended = new AbortController();
  let acquired = false;
  Object.assign(globalThis, {
    acquireVsCodeApi: () => {
      if (acquired) throw new Error('An instance of the VS Code API has already been acquired');
      acquired = true;
      return {
        postMessage: (message: unknown) => host.receive(message),
        getState: () => JSON.parse(sessionStorage.getItem(stateKey) ?? 'null') as unknown,
        setState: (state: unknown) => {
          if (!ended.signal.aborted) sessionStorage.setItem(stateKey, JSON.stringify(state));
        },
      };
    },
    harness: {
      calls: host.calls,
      emit: (event: keyof GridEvents, payload: GridEvents[keyof GridEvents]) => host.emit(event, payload),
      hold: (method: keyof GridMethods) => host.hold(method),
      release: (method: keyof GridMethods) => host.release(method),
      failHeatmaps: (message: string | null) => {
        host.heatFailure = message ?? undefined;
      },
      failNext: (message: string) => {
        host.failure = message;
      },
      ended: ended.signal,
      end: () => {
        host.end();
        ended.abort();
      },
    },
  });
}

play();
Object.assign(globalThis, { playHostAgain: play });
