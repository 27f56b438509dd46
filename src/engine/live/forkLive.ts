/** Starts the process that holds the features of a run. */
import * as path from 'node:path';
import { type ChildProcess, forkProgram } from '../../core/base/childProgram';
import { Rpc } from '../../protocol/rpc';
import type { LiveMethods } from './liveApi';

export type LiveRpc = Rpc<object, LiveMethods, object, object>;

/** Its program, which the build lays beside the engine's own. */
const program = path.join(__dirname, 'live.js');

/** @param ended is called when it has ended by itself */
export function forkLive(ended: () => void): { readonly child: ChildProcess; readonly rpc: LiveRpc } {
  const child = forkProgram(program);
  const rpc: LiveRpc = new Rpc(
    {
      post: (message) => void child.send(message, () => undefined),
      schedule: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    { methods: {}, describeError: () => ({ code: 'OVR004', message: 'not served' }) },
  );
  child.on('message', (message) => rpc.receive(message));
  child.on('error', ended);
  child.on('exit', ended);
  return { child, rpc };
}
