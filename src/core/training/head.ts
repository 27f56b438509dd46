/** A head as a safetensors file: `weight`, `bias` as torch.nn.Linear has them, the rest as metadata. */
import { OverreadError } from '../base/errors';
import { present } from '../base/present';
import { readSafetensors, writeSafetensors } from '../weights/stateDict/safetensors';
import type { Calibration, Head } from './model';

const format = 'overread-head-1';

/** What its file is called in a run. */
export const headFile = 'head.safetensors';

/** The bytes of `head.safetensors`. */
export function serialiseHead(head: Head): Uint8Array {
  const outputs = head.outputs.length;
  return writeSafetensors(
    new Map([
      ['weight', { shape: [outputs, head.dim], data: head.weights }],
      ['bias', { shape: [outputs], data: head.bias }],
    ]),
    {
      format,
      task: head.task,
      outputs: JSON.stringify(head.outputs),
      calibration: JSON.stringify(head.calibration),
      thresholds: JSON.stringify(head.thresholds),
    },
  );
}

/**
 * Reads what `serialiseHead` wrote.
 * @throws OVR801 tensors or metadata are missing or do not fit together; OVR502 the bytes are no safetensors
 */
export function parseHead(bytes: Uint8Array): Head {
  const { tensors, metadata } = readSafetensors(bytes, 'head.safetensors');
  const json = (key: string) => parseJson(metadata.get(key), key);
  if (metadata.get('format') !== format)
    throw broken(`its format is ${metadata.get('format') ?? 'not named'}`);
  const task = metadata.get('task');
  const outputs = json('outputs');
  const weight = tensors.get('weight');
  const bias = tensors.get('bias');
  if (task !== 'multi-class' && task !== 'multi-label') throw broken('its task is unknown');
  if (!Array.isArray(outputs) || !outputs.every((name) => typeof name === 'string')) {
    throw broken('its outputs are no list of names');
  }
  if (weight?.shape.length !== 2 || weight.shape[0] !== outputs.length)
    throw broken('its weights do not fit');
  if (bias?.shape.length !== 1 || bias.shape[0] !== outputs.length) throw broken('its bias does not fit');
  const calibration = json('calibration');
  if (!isCalibration(calibration, outputs.length)) throw broken('its calibration cannot be read');
  const thresholds = json('thresholds');
  const expected = task === 'multi-label' ? outputs.length : 0;
  if (!isNumbers(thresholds) || thresholds.length !== expected) throw broken('its thresholds do not fit');
  return {
    task,
    outputs,
    dim: present(weight.shape[1], 'the length of a feature vector'),
    weights: weight.data,
    bias: bias.data,
    calibration,
    thresholds,
  };
}

function parseJson(text: string | undefined, key: string): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw broken(`its metadata "${key}" is missing or no JSON`);
  }
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isFinite(item));
}

function isCalibration(value: unknown, outputs: number): value is Calibration {
  if (value === null || typeof value !== 'object' || !('kind' in value)) return false;
  if (value.kind === 'temperature') {
    return 'temperature' in value && typeof value.temperature === 'number' && value.temperature > 0;
  }
  if (value.kind !== 'platt' || !('slope' in value) || !('intercept' in value)) return false;
  const lines = [value.slope, value.intercept];
  return lines.every((line) => isNumbers(line) && line.length === outputs);
}

function broken(what: string): OverreadError {
  return new OverreadError({
    code: 'OVR801',
    message: `head.safetensors cannot be used: ${what}`,
    fix: 'Run `overread finetune` again; the labels and features that it needs are still there',
  });
}
