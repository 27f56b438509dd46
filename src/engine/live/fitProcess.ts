/**
 * The process that holds the cached features of a project, for whatever is fitted on them or compares them: one for live
 * refits and for images that look alike.
 */
import * as path from 'node:path';
import type { Rpc } from '../../protocol/rpc';
import { IdleProcess } from '../idleProcess';
import type { LiveMethods } from './liveApi';

export type FitRpc = Rpc<object, LiveMethods, object, object>;

export class FitProcess extends IdleProcess<LiveMethods> {
  constructor() {
    // The build lays it beside the engine's own.
    super(path.join(__dirname, 'live.js'));
  }
}
