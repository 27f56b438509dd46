/** The engine and the processes beside it (pictures, live refits): the RPC over their channel, for both ends. */
import type { ChildProcess } from '../core/base/childProgram';
import { errorOfReport, OverreadError } from '../core/base/errors';
import { tellParent } from '../core/base/lifeline';
import { RemoteError, Rpc, type Channel } from '../protocol/rpc';

const schedule: Channel['schedule'] = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return { cancel: () => clearTimeout(timer) };
};

/**
 * What the engine calls in a process that it has forked.
 * @param ended is called when it has ended by itself
 * @param onEvent takes what it tells
 */
export function callHelper<M extends object, E extends object = object>(
  child: ChildProcess,
  ended: () => void,
  onEvent?: <K extends keyof E>(event: K, payload: E[K]) => void,
): Rpc<object, M, object, E> {
  const rpc: Rpc<object, M, object, E> = new Rpc(
    { post: (message) => void child.send(message, () => undefined), schedule },
    {
      methods: {},
      describeError: () => ({ code: 'OVR004', message: 'not served' }),
      ...(onEvent ? { onEvent } : {}),
    },
  );
  child.on('message', (message) => rpc.receive(message));
  child.on('error', ended);
  child.on('exit', ended);
  return rpc;
}

/** Asks a helper; what it says is wrong has its code and its way out. */
export async function withItsCode<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw (error instanceof RemoteError && errorOfReport(error.report)) || error;
  }
}

/**
 * Serves the engine from the process that it has forked.
 * @param unexpected what is said of a failure that is a defect; the error itself goes to the engine's log
 * @returns tells the engine of an event
 */
export function serveEngine<E extends object = object>(
  methods: object,
  unexpected: string,
): <K extends keyof E & string>(event: K, payload: E[K]) => void {
  const rpc = new Rpc<object, object, E, object>(
    { post: tellParent, schedule },
    {
      methods,
      describeError: (error) => {
        if (error instanceof OverreadError) return error.toJSON();
        // Printed errors are in the engine's log.
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        return { code: 'OVR004', message: unexpected };
      },
    },
  );
  process.on('message', (message) => rpc.receive(message));
  return (event, payload) => rpc.emit(event, payload);
}
