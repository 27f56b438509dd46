/** A last layer in the order of another project's classes or findings. */
import { OverreadError } from '../base/errors';
import { didYouMean } from '../base/suggest';
import type { Head } from '../training/model';

export interface MappedHead {
  readonly head: Head;
  /** Findings that the model knows and the project has no labels for. */
  readonly leftOut: readonly string[];
}

/**
 * The head for the outputs of a project. Of findings, those that the project lacks are left out; classes are all needed,
 * because their probabilities add up to one.
 * @param task of the project
 * @param file its configuration, as a message names it
 * @throws OVR805 the project asks for what the model does not know, or lacks a class of it
 */
export function mapHead(
  head: Head,
  task: Head['task'],
  outputs: readonly string[],
  file: string,
): MappedHead {
  if (head.task !== task) {
    throw refusal(
      `The model is ${head.task}, and the project is ${task}`,
      file,
      `labels of a ${head.task} project`,
      'Take a project whose labels mean the same',
    );
  }
  const unknown = outputs.filter((name) => !head.outputs.includes(name));
  const [first] = unknown;
  if (first !== undefined) {
    throw refusal(
      `The model does not know ${unknown.map((name) => `"${name}"`).join(', ')}`,
      file,
      `only ${head.outputs.map((name) => `"${name}"`).join(', ')}`,
      didYouMean(first, head.outputs) || 'Name them alike with labels.values, or leave them out',
    );
  }
  const leftOut = head.outputs.filter((name) => !outputs.includes(name));
  if (task === 'multi-class' && leftOut.length > 0) {
    throw refusal(
      `The project has no class ${leftOut.map((name) => `"${name}"`).join(', ')}, which the model may answer`,
      file,
      'all classes of the model, also those that no image has',
      'Add them to labels.classes; a class may have no image',
    );
  }
  return { head: reordered(head, outputs), leftOut };
}

function reordered(head: Head, outputs: readonly string[]): Head {
  const from = outputs.map((name) => head.outputs.indexOf(name));
  const pick = (values: readonly number[]): number[] => from.map((k) => values[k] ?? NaN);
  const { dim, weights, bias, calibration, thresholds } = head;
  const rows = new Float32Array(outputs.length * dim);
  for (const [to, k] of from.entries()) rows.set(weights.subarray(k * dim, (k + 1) * dim), to * dim);
  return {
    task: head.task,
    outputs,
    dim,
    weights: rows,
    bias: Float32Array.from(from, (k) => bias[k] ?? NaN),
    calibration:
      calibration.kind === 'temperature'
        ? calibration
        : { kind: 'platt', slope: pick(calibration.slope), intercept: pick(calibration.intercept) },
    thresholds: head.task === 'multi-label' ? pick(thresholds) : [],
  };
}

function refusal(message: string, file: string, expected: string, fix: string): OverreadError {
  return new OverreadError({ code: 'OVR805', message, place: { file, field: 'labels' }, expected, fix });
}
