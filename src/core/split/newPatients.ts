/** Rows that came after the split was frozen: known patients keep their part, new ones get one by hash. */
import { OverreadError } from '../base/errors';
import { ofRanges, type Pieces } from '../base/pieces';
import { seedFromText } from '../base/random';
import type { Sample } from '../dataset/model';

/** Looked at in one piece. */
const samplesAtOnce = 2048;

/** What is known of the parts before new rows are dealt with. */
export interface KnownParts {
  /** The part of each sample, null where nothing is known. */
  readonly parts: readonly (number | null)[];
  /** Patients known from elsewhere, whose samples may be gone. */
  readonly partOfGroup?: ReadonlyMap<string, number>;
  /** Where it stands, for messages. */
  readonly source: { readonly file: string; readonly field?: string };
}

/**
 * Completes the parts of all samples. A new patient's part follows from a hash of its name and the proportions
 * already frozen (not from today's settings, so that it does not move when these are edited). In pieces.
 * @param counts how many samples each part has
 * @param purpose keeps the hashes of split and folds apart
 * @throws OverreadError OVR206 when a patient is in two parts, naming the rows
 */
export function* completeParts(
  samples: readonly Sample[],
  known: KnownParts,
  counts: readonly number[],
  purpose: 'split' | 'fold',
): Pieces<number[]> {
  const partOfGroup = new Map<string, number>();
  const conflicts = new Map<string, number>();
  const take = (from: number, to: number): void => {
    for (const [k, sample] of samples.slice(from, to).entries()) {
      const part = known.parts[from + k] ?? null;
      if (part === null) continue;
      const before = partOfGroup.get(sample.group);
      if (before === undefined) partOfGroup.set(sample.group, part);
      else if (before !== part && !conflicts.has(sample.group)) conflicts.set(sample.group, sample.row);
    }
  };
  yield* ofRanges(samples.length, take, samplesAtOnce);
  if (conflicts.size > 0) throw describeConflicts(samples, known, conflicts, purpose);
  const parts: number[] = [];
  const complete = (from: number, to: number): void => {
    for (const [k, { group }] of samples.slice(from, to).entries()) {
      const before = known.parts[from + k] ?? partOfGroup.get(group) ?? known.partOfGroup?.get(group);
      parts.push(before ?? partByHash(group, counts, purpose));
    }
  };
  yield* ofRanges(samples.length, complete, samplesAtOnce);
  return parts;
}

function partByHash(group: string, counts: readonly number[], purpose: string): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  let rest = (seedFromText(`${purpose}\u0000${group}`) / 4294967296) * total;
  for (const [part, count] of counts.entries()) {
    if (rest < count) return part;
    rest -= count;
  }
  return counts.findLastIndex((count) => count > 0);
}

/** Names rows, never the patient. */
function describeConflicts(
  samples: readonly Sample[],
  known: KnownParts,
  conflicts: ReadonlyMap<string, number>,
  purpose: 'split' | 'fold',
): OverreadError {
  const firstPart = new Map<string, { row: number; part: number }>();
  const pairs: string[] = [];
  const name = (part: number): string =>
    purpose === 'fold' ? `fold ${part}` : (['train', 'validation', 'test'][part] ?? '');
  for (const [i, sample] of samples.entries()) {
    const part = known.parts[i] ?? null;
    if (part === null || !conflicts.has(sample.group)) continue;
    const first = firstPart.get(sample.group);
    if (!first) firstPart.set(sample.group, { row: sample.row, part });
    else if (sample.row === conflicts.get(sample.group) && pairs.length < 20) {
      pairs.push(`rows ${first.row} (${name(first.part)}) and ${sample.row} (${name(part)})`);
    }
  }
  const more = conflicts.size > pairs.length ? `, and ${conflicts.size - pairs.length} more patients` : '';
  const patients = conflicts.size === 1 ? 'One patient is' : `${conflicts.size} patients are`;
  const fromTable = known.source.field !== undefined;
  return new OverreadError({
    code: 'OVR206',
    message: `${patients} in two parts of the ${purpose === 'split' ? 'split' : 'folds'}: ${pairs.join('; ')} of the table${more}`,
    place: known.source,
    expected: 'all images of a patient in one part, else the figures are too good',
    fix: fromTable
      ? 'Correct the column, or set split.column to null so that Overread splits by patient.'
      : 'The patient column has changed since the split was frozen. Restore it, or delete the folder splits to make a new split.',
  });
}
