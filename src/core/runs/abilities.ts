/** What a run can do, asked before anything is done with it. */
import { OverreadError } from '../base/errors';
import type { Abilities, ModelNetwork } from '../trainers/model';
import type { RunRecord } from './model';

const what: Readonly<Record<keyof Abilities, string>> = {
  explain: 'has no heat maps',
  export: 'cannot be exported',
  compare: 'cannot be compared',
  refit: 'cannot be made again',
};

/** Ends what the run cannot do, with the run's own reason. @throws OVR804 */
export function refuseUnable({ run, can }: Pick<RunRecord, 'run' | 'can'>, ability: keyof Abilities): void {
  const able = can[ability];
  if (able === true) return;
  throw new OverreadError({
    code: 'OVR804',
    message: `The run ${run} ${what[ability]}: ${able}`,
    fix: 'Name another run with --run, or fine-tune the last layer',
  });
}

/** Ends what compares runs where one knows other classes than the project has now. @throws OVR804 */
export function refuseOtherOutputs(
  { run, outputs }: Pick<RunRecord, 'run' | 'outputs'>,
  wanted: readonly string[],
): void {
  if (outputs.join('\n') === wanted.join('\n')) return;
  throw new OverreadError({
    code: 'OVR804',
    message: `The run ${run} cannot be compared: its classes are not those of the project now`,
    expected: wanted.join(', '),
    fix: 'Leave it out, or make it again',
  });
}

/** The network of a run that can do this. @throws OVR804 it cannot */
export function networkFor(record: RunRecord, ability: 'explain' | 'export'): ModelNetwork {
  refuseUnable(record, ability);
  // `parseRunRecord` lets no record through that can and has none.
  if (record.network === null) throw new Error(`The run ${record.run} has no network`);
  return record.network;
}

/** What the weights of a run are called where it is shown: with `fp16` where its features are of half precision. */
export function shownWeights({ weights: { name, precision } }: ModelNetwork): string {
  return precision === undefined ? name : `${name}, ${precision}`;
}

/**
 * Whether the network of a run was trained on nothing. That is said wherever a figure is shown: such a run is there to
 * be compared with, not to be used.
 */
export function hasRandomWeights({ network }: Pick<RunRecord, 'network'>): boolean {
  return network?.weights.source === 'random';
}
