/** A page's side of the RPC, and the one thing that VS Code gives a page. */
import { RemoteError, Rpc } from '../src/protocol/rpc';
import type { Disposable } from './disposables';

/** What `acquireVsCodeApi` gives, once per page. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  function acquireVsCodeApi(): VsCodeApi;
}

/** What failed, as it is shown: a code, and a sentence with the next step. */
export interface Fault {
  readonly code: string;
  readonly message: string;
}

/** A page serves nothing: the host sends it events. */
type Nothing = Readonly<Record<string, never>>;
export type PageRpc<Methods extends object, Events> = Rpc<Nothing, Methods, Nothing, Events>;

/** A quick pick waits for a person; everything else ends much sooner, by itself or by the host. */
const timeoutMs = 15 * 60_000;

/** Connects to the host. Disposing rejects every call that waits. */
export function connect<Methods extends object, Events>(
  api: VsCodeApi,
  onEvent: <E extends keyof Events>(event: E, payload: Events[E]) => void,
): { rpc: PageRpc<Methods, Events> } & Disposable {
  const rpc: PageRpc<Methods, Events> = new Rpc<Nothing, Methods, Nothing, Events>(
    {
      post: (message) => api.postMessage(message),
      schedule: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    { methods: {}, describeError: faultOf, onEvent, timeoutMs },
  );
  const receive = (event: MessageEvent<unknown>): void => rpc.receive(event.data);
  window.addEventListener('message', receive);
  return {
    rpc,
    dispose: () => {
      window.removeEventListener('message', receive);
      rpc.close({ code: 'OVR004', message: 'The page was closed' });
    },
  };
}

/** The other side's code and sentence, with the next step where it names one. */
export function faultOf(error: unknown): Fault {
  if (error instanceof RemoteError) {
    const { message, expected, fix } = error.report;
    const parts = [
      message,
      ...(expected === undefined ? [] : [`Expected: ${expected}`]),
      ...(fix === undefined ? [] : [fix]),
    ];
    return { code: error.code, message: parts.map((part) => part.replace(/\.$/, '')).join('. ') };
  }
  return { code: 'OVR004', message: error instanceof Error ? error.message : String(error) };
}
