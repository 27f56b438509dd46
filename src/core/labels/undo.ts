/** What one annotator can undo and redo. It follows from the log alone, so it survives a restart. */
import { compareEvents } from './events';
import type { LabelEvent } from './model';

/** Batches, the next one to act on last. */
export interface UndoStacks {
  readonly undo: readonly string[];
  readonly redo: readonly string[];
}

/**
 * Replays one annotator's batches in order: an edit can be undone and ends what could be redone; an undo
 * moves its batch over, a redo moves it back.
 * @param events of everybody, in any order
 */
export function undoStacks(events: Iterable<LabelEvent>, annotator: string): UndoStacks {
  const own = inOrder(events, annotator);
  const undo = new Set<string>();
  const redo = new Set<string>();
  let last: string | undefined;
  for (const event of own) {
    // The events of one undo name the same target; the second finds its work done.
    if (event.op === 'undo') {
      if (event.target !== undefined && undo.delete(event.target)) redo.add(event.target);
    } else if (event.op === 'redo') {
      if (event.target !== undefined && redo.delete(event.target)) undo.add(event.target);
    } else if (event.batch !== last) {
      undo.add(event.batch);
      redo.clear();
    }
    last = event.batch;
  }
  return { undo: [...undo], redo: [...redo] };
}

function inOrder(events: Iterable<LabelEvent>, annotator: string): LabelEvent[] {
  const own: LabelEvent[] = [];
  let sorted = true;
  for (const event of events) {
    if (event.annotator !== annotator) continue;
    const previous = own.at(-1);
    if (sorted && previous && compareEvents(previous, event) > 0) sorted = false;
    own.push(event);
  }
  return sorted ? own : own.sort(compareEvents);
}
