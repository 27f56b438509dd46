/**
 * The process that holds the cached features of a project, for whatever is fitted on them: one for live refits and for
 * fine-tuning.
 */
import * as path from 'node:path';
import type { Rpc } from '../../protocol/rpc';
import { IdleProcess } from '../idleProcess';
import type { LiveEvents, LiveMethods } from './liveApi';

export type FitRpc = Rpc<object, LiveMethods, object, LiveEvents>;

export class FitProcess extends IdleProcess<LiveMethods, LiveEvents> {
  /** @param onFinetuning takes what a fine-tuning tells */
  constructor(onFinetuning: (news: LiveEvents['finetuning']) => void) {
    // The build lays it beside the engine's own.
    super(path.join(__dirname, 'live.js'), (_event, news) => onFinetuning(news));
  }
}
