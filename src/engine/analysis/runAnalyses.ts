/** Looking at runs, for the engine: a process for each run that is asked about, another with its test part, ended when nobody has asked for a while. */
import * as path from 'node:path';
import { type ChildProcess, forkProgram } from '../../core/base/childProgram';
import type { Rpc } from '../../protocol/rpc';
import { callHelper, withItsCode } from '../helperProcess';
import type { AnalysisMethods, AnalysisPlace } from './analysisApi';
import type { RunAnalysis } from '../../core/evaluation/runAnalysis';

type AnalysisRpc = Rpc<object, AnalysisMethods, object, object>;

/** Its program, which the build lays beside the engine's own. */
const program = path.join(__dirname, 'analysis.js');
/** Of quiet, after which the process ends; the next question starts another. */
const idleMs = 10 * 60_000;

interface Held {
  readonly child: ChildProcess;
  readonly rpc: AnalysisRpc;
  /** What it holds, as one text. */
  readonly place: string;
  readonly opened: Promise<RunAnalysis>;
  idle: NodeJS.Timeout;
  /** Another process reads the run anew. */
  isReplaced: boolean;
}

export class RunAnalyses {
  private readonly held = new Map<string, Held>();

  /** The run as it is now, read anew. @throws OVR800, OVR801, OVR804 */
  async open(place: AnalysisPlace): Promise<RunAnalysis> {
    return withItsCode(() => this.hold(place).opened);
  }

  /** Asks about a run that was opened, or opens it. */
  async ask<T>(place: AnalysisPlace, question: (rpc: AnalysisRpc) => Promise<T>): Promise<T> {
    const known = this.held.get(runOf(place));
    const held = known?.place === nameOf(place) ? known : this.hold(place);
    held.idle.refresh();
    try {
      return await withItsCode(async () => {
        await held.opened;
        return question(held.rpc);
      });
    } catch (error) {
      // It was read anew meanwhile: the question is for what is read now.
      if (held.isReplaced) return this.ask(place, question);
      throw error;
    }
  }

  /** Ends the process of a run. @param key `runOf` it */
  private end(key: string): void {
    const held = this.held.get(key);
    this.held.delete(key);
    if (!held) return;
    clearTimeout(held.idle);
    held.rpc.close({ code: 'OVR004', message: 'The run is looked at no longer' });
    held.child.kill('SIGKILL');
  }

  private hold(place: AnalysisPlace): Held {
    const key = runOf(place);
    const before = this.held.get(key);
    if (before) before.isReplaced = true;
    this.end(key);
    const child = forkProgram(program);
    const ended = (): void => {
      if (this.held.get(key)?.child === child) this.end(key);
    };
    const rpc = callHelper<AnalysisMethods>(child, ended);
    const opened = rpc.call('openRun', place);
    // Whoever asked hears of it; a second question opens it again.
    opened.catch(ended);
    const idle = setTimeout(ended, idleMs);
    idle.unref();
    const held = { child, rpc, place: nameOf(place), opened, idle, isReplaced: false };
    this.held.set(key, held);
    return held;
  }
}

/** With and without its test part a run is held twice: to look at one ends no question about the other. */
function runOf({ root, run, test }: AnalysisPlace): string {
  return JSON.stringify([root, run, test]);
}

function nameOf({ run, policy }: AnalysisPlace): string {
  return JSON.stringify([run, policy]);
}
