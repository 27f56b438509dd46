/** Numbers of somebody's model as probabilities that the review can go by. */
import { OverreadError } from '../../base/errors';
import type { Problem } from '../../base/report';
import { sigmoid, softmax } from '../../training/calibrate';
import type { ValueKind } from './request';
import type { RowFaults } from './rowFaults';
import type { SampleValues } from './readValues';

export interface ProbabilityTask {
  /** The classes exclude each other: their probabilities add up to 1. */
  readonly exclusive: boolean;
  readonly outputs: number;
  /** The file's name for messages. */
  readonly file: string;
}

/** How far beyond 0 and 1 rounding goes. */
const beyond = 1e-6;
/** Two decimals of every class. */
const roundingOfOne = 0.005;

const outOfRange = 'hold a probability outside 0 to 1';
const wrongSum = 'hold probabilities that do not add up to 1';

/**
 * Logits through softmax or sigmoid; probabilities checked, and those that rounding keeps from adding up to 1 scaled.
 * What cannot be a probability is left out, with its row among the faults.
 * @param values changed in place: NaN where the sample has no usable prediction
 */
export function toProbabilities(
  { values, lines }: SampleValues,
  kind: ValueKind,
  task: ProbabilityTask,
  faults: RowFaults,
): void {
  const { outputs, exclusive } = task;
  for (let sample = 0; sample < lines.length; sample++) {
    const row = values.subarray(sample * outputs, (sample + 1) * outputs);
    if (Number.isNaN(row[0]!)) continue;
    if (kind === 'logits') {
      row.set(exclusive ? softmax(row) : row.map(sigmoid));
      continue;
    }
    const fault = faultOf(row, exclusive);
    if (fault !== undefined) {
      row.fill(NaN);
      faults.add(lines[sample]!, 'OVR806', fault, fixOf(fault));
      continue;
    }
    scale(row, exclusive);
  }
}

function faultOf(row: Float64Array, exclusive: boolean): string | undefined {
  let sum = 0;
  for (const value of row) {
    if (value < -beyond || value > 1 + beyond) return outOfRange;
    sum += value;
  }
  return exclusive && Math.abs(sum - 1) > Math.max(0.01, roundingOfOne * row.length) ? wrongSum : undefined;
}

function scale(row: Float64Array, exclusive: boolean): void {
  let sum = 0;
  for (let k = 0; k < row.length; k++) {
    row[k] = Math.min(1, Math.max(0, row[k]!));
    sum += row[k]!;
  }
  if (exclusive) for (let k = 0; k < row.length; k++) row[k]! /= sum;
}

function fixOf(fault: string): string {
  return fault === outOfRange
    ? 'If they are logits, say so with --values logits; percentages must be divided by 100'
    : 'If they are logits, say so with --values logits; sigmoids of findings belong to a multi-label project';
}

/**
 * Ends an import of which little would be left: what is wrong with most rows is wrong with the file.
 * @param usable samples with a prediction
 * @throws OVR805 with the faults behind it
 */
export function refuseMostlyFaulty(usable: number, faults: RowFaults, file: string): void {
  if (usable > 0 && faults.count <= usable) return;
  const problems = faults.problems();
  const { fix } =
    problems.find(({ message }) => faults.worst !== undefined && message.includes(faults.worst)) ?? {};
  throw new OverreadError({
    code: 'OVR805',
    message:
      faults.worst === undefined
        ? 'No row of the file says something of a sample'
        : `Most rows of the file cannot be used: ${faults.count} of them ${faults.worst}`,
    place: { file },
    expected: 'a prediction in more rows than are at fault',
    ...(fix === undefined ? {} : { fix }),
    problems,
  });
}

/** A warning where numbers that were said to be logits look like probabilities. */
export function doubtLogits(
  { values, lines }: SampleValues,
  kind: ValueKind,
  task: ProbabilityTask,
): readonly Problem[] {
  if (kind !== 'logits') return [];
  const { outputs, exclusive } = task;
  for (let sample = 0; sample < lines.length; sample++) {
    const row = values.subarray(sample * outputs, (sample + 1) * outputs);
    if (Number.isNaN(row[0]!)) continue;
    if (faultOf(row, exclusive) !== undefined) return [];
  }
  return [
    {
      code: 'OVR806',
      severity: 'warning',
      message: 'The values are taken as logits, as was said, but every row could be of probabilities',
      place: { file: task.file },
      fix: 'If they are probabilities, import them again without --values logits',
    },
  ];
}
