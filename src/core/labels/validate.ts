/** Checks edits against the dataset before anything is written. */
import { distance } from 'fastest-levenshtein';
import { OverreadError } from '../base/errors';
import { classFinding, type Dataset, type Finding } from '../dataset/model';
import { uncertainValue } from '../config/model';
import type { LabelEdit } from './model';

/**
 * Checks one edit.
 * @param isSample whether a sample id exists; pass a lookup where many edits are checked, the default looks
 *   through the table
 * @throws OVR400 unknown sample, OVR401 unknown or missing finding, OVR402 value not allowed
 */
export function checkEdit(
  dataset: Dataset,
  edit: LabelEdit,
  isSample: (id: string) => boolean = (id) => dataset.samples.some((sample) => sample.id === id),
): void {
  if (!isSample(edit.sample)) throw unknownSample(dataset, edit.sample);
  const name = findingOf(dataset, edit);
  if (name === undefined) {
    if (needsFinding(edit)) throw unknownFinding(dataset, undefined);
    return;
  }
  const finding = dataset.findings.find((one) => one.name === name);
  if (!finding) throw unknownFinding(dataset, name);
  if (edit.op === 'set' || edit.value !== undefined) checkValue(dataset, finding, edit);
}

/**
 * Checks edits and gives them as they are to be written: with the finding `class` filled in for multi-class
 * labels. Throws like `checkEdit`, for the first fault; then none of them may be written.
 */
export function validateEdits(
  dataset: Dataset,
  isSample: (id: string) => boolean,
  edits: readonly LabelEdit[],
): LabelEdit[] {
  return edits.map((edit) => {
    checkEdit(dataset, edit, isSample);
    const finding = findingOf(dataset, edit);
    return finding === edit.finding || finding === undefined ? edit : { ...edit, finding };
  });
}

function needsFinding(edit: LabelEdit): boolean {
  return edit.op === 'set' || edit.op === 'keep';
}

/** The finding that an edit is about; undefined for the whole sample, or for none named. */
function findingOf(dataset: Dataset, edit: LabelEdit): string | undefined {
  return edit.finding ?? (needsFinding(edit) && dataset.task === 'multi-class' ? classFinding : undefined);
}

/** The values that an answer may give to a finding, beside none. */
export function answerValues(dataset: Dataset, finding: Finding): readonly string[] {
  return dataset.task === 'multi-class' ? [...finding.values, uncertainValue] : finding.values;
}

function checkValue(dataset: Dataset, finding: Finding, edit: LabelEdit): void {
  const values = answerValues(dataset, finding);
  if (edit.value === null || (edit.value !== undefined && values.includes(edit.value))) return;
  const none = dataset.task === 'multi-label' ? 'none (unmentioned)' : 'none (unlabelled)';
  throw new OverreadError({
    code: 'OVR402',
    message:
      edit.value === undefined
        ? `No value given for finding "${finding.name}"`
        : `"${edit.value}" is not a value of finding "${finding.name}"`,
    place: { field: finding.name },
    expected: `one of ${values.join(', ')}, or ${none}`,
    ...suggestion(edit.value ?? '', values),
  });
}

/** The error for an id that the table does not have, with the nearest ids. */
export function unknownSample(dataset: Dataset, id: string): OverreadError {
  return new OverreadError({
    code: 'OVR400',
    message: `There is no sample "${id}"`,
    expected: 'the id of a sample as the table has it',
    ...suggestion(
      id,
      dataset.samples.map((sample) => sample.id),
    ),
  });
}

function unknownFinding(dataset: Dataset, name: string | undefined): OverreadError {
  const names = dataset.findings.map((finding) => finding.name);
  return new OverreadError({
    code: 'OVR401',
    message: name === undefined ? 'The edit names no finding' : `There is no finding "${name}"`,
    expected: `one of ${names.join(', ')}`,
    ...(name === undefined ? {} : suggestion(name, names)),
  });
}

function suggestion(text: string, known: readonly string[]): { fix?: string } {
  const near = nearest(text, known, 3);
  return near.length === 0 ? {} : { fix: `Did you mean ${near.map((one) => `"${one}"`).join(' or ')}?` };
}

/**
 * The known texts nearest to a text, best first: those that end with it (a file name without its folder),
 * then those within a third of its length in edits. Cost: linear in `known`.
 */
export function nearest(text: string, known: readonly string[], count: number): string[] {
  const limit = Math.max(1, Math.floor(text.length / 3));
  const wanted = text.toLowerCase();
  const scored: { one: string; score: number }[] = [];
  for (const one of known) {
    const lower = one.toLowerCase();
    if (wanted !== '' && (lower.endsWith(`/${wanted}`) || lower === wanted)) scored.push({ one, score: 0 });
    else if (Math.abs(one.length - text.length) <= limit) {
      const score = distance(lower, wanted);
      if (score <= limit) scored.push({ one, score });
    }
  }
  scored.sort((a, b) => a.score - b.score || (a.one < b.one ? -1 : 1));
  return scored.slice(0, count).map(({ one }) => one);
}
