/** Starts the process that holds the features of a run. */
import * as path from 'node:path';
import { type ChildProcess, forkProgram } from '../../core/base/childProgram';
import type { Rpc } from '../../protocol/rpc';
import { callHelper } from '../helperProcess';
import type { LiveMethods } from './liveApi';

export type LiveRpc = Rpc<object, LiveMethods, object, object>;

/** Its program, which the build lays beside the engine's own. */
const program = path.join(__dirname, 'live.js');

/** @param ended is called when it has ended by itself */
export function forkLive(ended: () => void): { readonly child: ChildProcess; readonly rpc: LiveRpc } {
  const child = forkProgram(program);
  return { child, rpc: callHelper<LiveMethods>(child, ended) };
}
