/** Runs in the page before it: VS Code and an extension host that answers from made-up data and keeps what was asked. */
import { Rpc } from '../../../src/protocol/rpc';

export interface HostCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Notes a call of the page; for methods that answer nothing this is all that they do. */
export type NoteCall = (method: string, ...params: readonly unknown[]) => Promise<void>;

/**
 * Serves a page.
 * @param harness the name on `globalThis` under which tests find `calls`, `saved()` and `emit()`, which sends the page an event
 * @param methods checked, as the extension host serves them
 */
export function playHost(harness: string, methods: (note: NoteCall) => object): void {
  const calls: HostCall[] = [];
  const note: NoteCall = (method, ...params) => {
    calls.push({ method, params });
    return Promise.resolve();
  };
  const rpc = new Rpc<object, object, Record<string, unknown>, object>(
    {
      post: (message) => window.postMessage(message, '*'),
      schedule: () => ({ cancel: () => undefined }),
    },
    {
      methods: methods(note),
      describeError: (error) => ({
        code: (error as { code?: string }).code ?? 'OVR004',
        message: error instanceof Error ? error.message : String(error),
      }),
    },
  );
  // Kept over a reload, as the editor keeps it of a tab that is hidden.
  const saved = (): unknown => JSON.parse(sessionStorage.getItem(harness) ?? 'null');
  Object.assign(globalThis, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => rpc.receive(structuredClone(message)),
      getState: saved,
      setState: (state: unknown) => sessionStorage.setItem(harness, JSON.stringify(state)),
    }),
    [harness]: {
      calls,
      saved,
      emit: (event: string, payload: unknown) => rpc.emit(event, payload),
    },
  });
}
