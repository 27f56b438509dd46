/** The label log of a project: read it, add edits, take one's own back. */
import { normaliseAnnotator } from './annotator';
import { ofRanges, type Pieces } from '../base/pieces';
import { none } from './batches';
import { nothingTo } from './events';
import type { EventTable } from './eventTable';
import type { LabelLogReader } from './logReader';
import { type AppendOptions, appendBatch } from './logWriter';
import type { LabelValue } from '../dataset/model';
import type { Annotator, LabelEdit, LabelEvent, Written } from './model';
import type { Draft } from './stamp';

export { LabelLogReader } from './logReader';
export type { AppendOptions } from './logWriter';

/** Made in one piece. */
const draftsAtOnce = 1024;

/**
 * Writes edits as one batch and resolves when they are on disk. The edits were checked before
 * (`prepareEdits`).
 * @param previous the effective value of the item before the edit, as the log records it; a `keep` without a
 *   value keeps this one
 * @throws OVR405 when the file cannot be locked, OVR003 when it cannot be written, OVR406 without a name; then nothing was saved
 */
export function appendEdits(
  root: string,
  annotator: Annotator,
  edits: readonly LabelEdit[],
  previous: (edit: LabelEdit) => LabelValue | undefined,
  options: AppendOptions = {},
): Promise<LabelEvent[]> {
  function* drafts(): Pieces<Draft[]> {
    const made: Draft[] = [];
    const make = (from: number, to: number): void => {
      for (const edit of edits.slice(from, to)) made.push(draftOf(edit, previous(edit)));
    };
    yield* ofRanges(edits.length, make, draftsAtOnce);
    return made;
  }
  return appendBatch(root, annotator, drafts, options);
}

/**
 * Takes back the annotator's latest batch that stands. One undo event per item of the batch, so that each
 * item's history tells it.
 * @throws OVR403 when there is nothing to undo
 */
export function appendUndo(
  root: string,
  annotator: Annotator,
  options: AppendOptions = {},
): Promise<LabelEvent[]> {
  return appendReversal(root, annotator, 'undo', options);
}

/** Brings back what the annotator undid last. @throws OVR403 when nothing was undone since the last edit */
export function appendRedo(
  root: string,
  annotator: Annotator,
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
  function* drafts(reader: LabelLogReader): Pieces<Draft[]> {
    // What the disk holds when the lock is taken decides.
    const target = reader.undoHistory(name).next(op);
    if (target === none) throw nothingTo(op, name);
    return yield* reversalOf(op, target, reader.table);
  }
  return appendBatch(root, annotator, drafts, options);
}

/** One event for each item of the batch, in pieces: what the table gets between them is of other batches. */
function* reversalOf(op: 'undo' | 'redo', batch: number, table: EventTable): Pieces<Draft[]> {
  const target = table.batches.id(batch);
  // Per sample, since a number for each pair would outgrow what is exact.
  const findingsOf = new Map<number, number[]>();
  const drafts: Draft[] = [];
  const rows = table.batches.edits(batch);
  const make = (from: number, to: number): void => {
    for (const row of rows.slice(from, to)) {
      const sample = table.sample(row);
      const finding = table.finding(row);
      const known = findingsOf.get(sample);
      if (known?.includes(finding)) continue;
      if (known) known.push(finding);
      else findingsOf.set(sample, [finding]);
      drafts.push({
        op,
        sample: table.texts.text(sample),
        ...(finding === none ? {} : { finding: table.texts.text(finding) }),
        target,
      });
    }
  };
  yield* ofRanges(rows.length, make, draftsAtOnce);
  return drafts;
}

/** In the order in which a line is written: the scanner of lines knows no other. */
function draftOf(edit: LabelEdit, previous: LabelValue | undefined): Draft {
  const { op, sample, finding, value, reason, run, shown, ms } = edit;
  const kept = op === 'keep' && value === undefined ? previous : value;
  const isLabel = op === 'set' || op === 'keep';
  const draft: Written<Draft> = { op, sample };
  if (finding !== undefined) draft.finding = finding;
  if (isLabel && kept !== undefined) draft.value = kept;
  if (isLabel && previous !== undefined) draft.previous = previous;
  if (reason !== undefined && reason !== '') draft.reason = reason;
  if (run !== undefined) draft.run = run;
  if (shown !== undefined) draft.shown = shown;
  if (ms !== undefined) draft.ms = ms;
  return draft;
}
