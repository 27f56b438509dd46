/** Fine-tune the last layer: a run of the first trainer. */
import { lastLayer, type LastLayerRequest } from '../trainers/lastLayer';
import { makeRun, type MakeRunOptions } from './makeRun';
import type { RunResult } from './model';

export interface FinetuneOptions extends MakeRunOptions, LastLayerRequest {}

/**
 * Runs the whole loop once. Deterministic for the project's files, the weights and the seed.
 * @throws OverreadError of any area; problems that did not stop it are in the result
 */
export async function finetune(root: string, options: FinetuneOptions): Promise<RunResult> {
  const { architecture, weights, truncate, precision, mostMissing, C } = options;
  const request = { architecture, weights, truncate, precision, mostMissing, C };
  return makeRun(root, lastLayer, request, options);
}
