/** The label log of a project: read it, add edits, take one's own back. */
import { normaliseAnnotator } from './annotator';
import { nothingTo } from './events';
import { LabelLogReader } from './logReader';
import { type AppendOptions, appendBatch, type Draft } from './logWriter';
import type { LabelValue } from '../dataset/model';
import type { Annotator, LabelEdit, LabelEvent } from './model';
import type { Problem } from '../base/report';
import { undoStacks } from './undo';

export { LabelLogReader } from './logReader';
export type { AppendOptions } from './logWriter';

/** Everything in `labels/*.jsonl`. Lines that cannot be understood are problems OVR404, and the rest counts. */
export async function readLabelEvents(root: string): Promise<{ events: LabelEvent[]; problems: Problem[] }> {
  const reader = new LabelLogReader(root);
  await reader.refresh();
  return { events: reader.events(), problems: reader.problems() };
}

/**
 * Writes edits as one batch and resolves when they are on disk. The edits were checked before
 * (`validateEdits`).
 * @param previous the effective value of the item before the edit, as the log records it; a `keep` without a
 *   value keeps this one
 * @throws OVR405 when the file cannot be locked or written, OVR406 without a name; then nothing was saved
 */
export function appendEdits(
  root: string,
  annotator: Annotator,
  edits: readonly LabelEdit[],
  previous: (edit: LabelEdit) => LabelValue | undefined,
  options: AppendOptions = {},
): Promise<LabelEvent[]> {
  return appendBatch(root, annotator, () => edits.map((edit) => draftOf(edit, previous(edit))), options);
}

/**
 * Takes back the annotator's latest batch that stands. One undo event per item of the batch, so that each
 * item's history tells it.
 * @param _events not needed: what the disk holds when the lock is taken decides
 * @throws OVR403 when there is nothing to undo
 */
export function appendUndo(
  root: string,
  annotator: Annotator,
  _events: readonly LabelEvent[] = [],
  options: AppendOptions = {},
): Promise<LabelEvent[]> {
  return appendReversal(root, annotator, 'undo', options);
}

/** Brings back what the annotator undid last. @throws OVR403 when nothing was undone since the last edit */
export function appendRedo(
  root: string,
  annotator: Annotator,
  _events: readonly LabelEvent[] = [],
  options: AppendOptions = {},
): Promise<LabelEvent[]> {
  return appendReversal(root, annotator, 'redo', options);
}

function appendReversal(
  root: string,
  annotator: Annotator,
  op: 'undo' | 'redo',
  options: AppendOptions,
): Promise<LabelEvent[]> {
  const name = normaliseAnnotator(annotator.name);
  const drafts = (reader: LabelLogReader): Draft[] => {
    const events = reader.events();
    const target = undoStacks(events, name)[op].at(-1);
    if (target === undefined) throw nothingTo(op, name);
    return reversalOf(op, target, events, name);
  };
  return appendBatch(root, annotator, drafts, options);
}

function reversalOf(
  op: 'undo' | 'redo',
  target: string,
  events: readonly LabelEvent[],
  annotator: string,
): Draft[] {
  const items = new Map<string, Draft>();
  for (const event of events) {
    if (event.batch !== target || event.annotator !== annotator) continue;
    const finding = event.finding === undefined ? {} : { finding: event.finding };
    items.set(JSON.stringify([event.sample, event.finding]), {
      op,
      sample: event.sample,
      ...finding,
      target,
    });
  }
  return [...items.values()];
}

function draftOf(edit: LabelEdit, previous: LabelValue | undefined): Draft {
  const { op, sample, finding, value, reason, run, shown, ms } = edit;
  const kept = op === 'keep' && value === undefined ? previous : value;
  const isLabel = op === 'set' || op === 'keep';
  return {
    op,
    sample,
    ...(finding === undefined ? {} : { finding }),
    ...(isLabel && kept !== undefined ? { value: kept } : {}),
    ...(isLabel && previous !== undefined ? { previous } : {}),
    ...(reason === undefined || reason === '' ? {} : { reason }),
    ...(run === undefined ? {} : { run }),
    ...(shown === undefined ? {} : { shown }),
    ...(ms === undefined ? {} : { ms }),
  };
}
