/** A fit of the last layer that is made while a person still reads: whoever then asks for the same has waited already. */
import { isDeepStrictEqual } from 'node:util';
import { throwIfCancelled } from '../base/errors';
import { fitHead, type FitProblem } from './fitHead';
import type { HeadFit } from './model';

/**
 * Features × outputs × strengths of the penalty that take a second or two of one core. What takes longer is left until
 * somebody asks for it: every answer that is followed by a pause would cost as much.
 */
const mostWork = 3e7;

interface Ahead {
  readonly problem: FitProblem;
  /** null where it failed or was given up. */
  readonly fit: Promise<HeadFit | null>;
  readonly stop: AbortController;
}

/** Whether a fit is not made ahead. */
export function takesLong({ features, targets, settings }: FitProblem): boolean {
  const strengths = settings.C === 'auto' ? 3 : settings.C.length;
  return features.length * targets.outputs.length * strengths > mostWork;
}

export class FitAhead {
  private ahead: Ahead | undefined;

  /**
   * Begins the fit of `problem`, unless it takes long. One of another problem that still goes on is given up.
   * @returns whether it was made; never rejects
   */
  async begin(problem: FitProblem): Promise<boolean> {
    if (this.ahead && isSame(this.ahead.problem, problem)) return (await this.ahead.fit) !== null;
    this.giveUp();
    if (takesLong(problem)) return false;
    const stop = new AbortController();
    const fit = fitHead({ ...problem, signal: stop.signal }).catch(() => null);
    this.ahead = { problem, fit, stop };
    return (await fit) !== null;
  }

  /**
   * As `fitHead`, to the bit: where this very problem was begun, what came of it. That is told to the log.
   * @throws as `fitHead`
   */
  async fit(problem: FitProblem): Promise<HeadFit> {
    const { ahead } = this;
    if (ahead && isSame(ahead.problem, problem)) {
      const stop = (): void => ahead.stop.abort();
      problem.signal?.addEventListener('abort', stop);
      const made = await ahead.fit.finally(() => problem.signal?.removeEventListener('abort', stop));
      throwIfCancelled(problem.signal);
      if (made) {
        problem.log?.info('last layer: fitted since the last edit');
        return made;
      }
    }
    this.giveUp();
    return fitHead(problem);
  }

  giveUp(): void {
    this.ahead?.stop.abort();
    this.ahead = undefined;
  }
}

/** Whether a fit of the one is a fit of the other: all that a fit depends on, compared as it is. */
function isSame(a: FitProblem, b: FitProblem): boolean {
  return (
    a.dim === b.dim &&
    a.folds === b.folds &&
    isDeepStrictEqual(a.settings, b.settings) &&
    a.targets.task === b.targets.task &&
    isDeepStrictEqual(a.targets.outputs, b.targets.outputs) &&
    isDeepStrictEqual(a.groups, b.groups) &&
    sameBytes(a.targets.y, b.targets.y) &&
    sameBytes(a.fold, b.fold) &&
    sameBytes(a.present, b.present) &&
    sameBytes(a.features, b.features)
  );
}

/** By bytes: NaN is then what it is. */
function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return bytesOf(a).equals(bytesOf(b));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
