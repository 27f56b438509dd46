/** What the program that does a command's work, and the one that started it, tell each other. */
import type { Progress } from '../core/base/report';
import type { Outcome } from './command';

/** Set where whoever started the work wants to hear of its progress and its outcome. */
export const followedVariable = 'OVERREAD_FOLLOWED';

/** Names the job that the work is of: what it leaves besides its result goes into that job's folder. */
export const jobVariable = 'OVERREAD_JOB';

/** The work is to end in order. */
export interface CancelMessage {
  readonly cancel: NodeJS.Signals;
}

/** The command is done; should a read that nobody waits for hold the work up, it may be killed. */
export interface DoneMessage {
  readonly exitCode: number;
}

/** From the work. The first two only to followers. */
export type WorkMessage = { readonly progress: Progress } | { readonly outcome: Outcome } | DoneMessage;
