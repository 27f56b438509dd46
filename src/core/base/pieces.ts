/**
 * Long work in pieces. It is written once, as a generator that stops where it may be interrupted; the command line does it at
 * once, and a process that others wait for does it in turns between which it answers them.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that stops after each piece, and gives what came of it with the last. */
export type Pieces<T> = Generator<void, T, void>;

/** How a process divides long work. */
export interface Turns {
  /** ms that one turn may take; it ends with the first piece that goes beyond. */
  readonly ms: number;
  /** Somebody has to be done before the work begins. */
  readonly isTaken?: boolean;
  /** ms, of any origin. */
  now(): number;
  /** Resolves when whoever waited has had their turn. */
  next(): Promise<void>;
}

/** For a process that others wait for: some milliseconds, then whatever its event loop has. */
export const ownTurns: Turns = {
  ms: 4,
  now: () => performance.now(),
  next: () => nextTurn(),
};

/** Does all of it in this turn. */
export function atOnce<T>(work: Pieces<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Does it in as many turns as it takes. What it reads may be another after each: the work says whether it minds. Whoever waits
 * for it goes on in a turn that is hardly begun.
 */
export async function inTurns<T>(work: Pieces<T>, turns: Turns = ownTurns): Promise<T> {
  if (turns.isTaken === true) await turns.next();
  for (;;) {
    const started = turns.now();
    let step;
    do step = work.next();
    while (step.done !== true && turns.now() - started < turns.ms);
    if (step.done !== true) await turns.next();
    else {
      if (turns.now() - started > turns.ms / 2) await turns.next();
      return step.value;
    }
  }
}

/** Of what takes some ten nanoseconds each, a fraction of a millisecond. */
const pieceLength = 16_384;

/** Does something to the numbers from 0 to `length`, a range at a time, the end left out. */
export function* ofRanges(
  length: number,
  work: (from: number, to: number) => void,
  size = pieceLength,
): Pieces<void> {
  for (let from = 0; from < length; from += size) {
    work(from, Math.min(length, from + size));
    yield;
  }
}
