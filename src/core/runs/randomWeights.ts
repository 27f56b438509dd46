/** Random weights are said wherever a figure is shown: such a run is there to be compared with, not to be used. */
import type { RunRecord } from './model';

/** Whether the network of a run was trained on nothing. */
export function hasRandomWeights(record: Pick<RunRecord, 'weights'>): boolean {
  return record.weights.source === 'random';
}
